-- A page of a subject's sessions. KEYS[3] revocations, KEYS[4] rows, KEYS[5] index of the bucket, KEYS[6] ended.
-- ARGV[7] subject key, ARGV[8] 28 bytes behind which the page starts or nothing, ARGV[9] the most rows, ARGV[10] 1 for
-- live ones only. Answers the birth, the subject's field, the 28 bytes of the last row if there are more or nothing,
-- then for each row: session key, row, and the fields of the session (of the bucket, everywhere), client and realm,
-- each field of client and realm once.
--
-- Needs: context, session_codec, index_codec, birth, live, index, check_horizon, check_buckets

local bucket = { revocations = KEYS[3], rows = KEYS[4], index = KEYS[5], ended = KEYS[6] }
local subject, limit, liveOnly = ARGV[7], tonumber(ARGV[9]), ARGV[10] == '1'
local after = ARGV[8] ~= '' and '(' .. subject .. ARGV[8] or nil
local answer, count, last = { birthBytes, call('HGET', bucket.revocations, subject) or '', '' }, 0, nil
local sent = {}
local function once(key)
  if key == '' or sent[key] then return '' end
  sent[key] = true
  return call('HGET', PARTITION, key) or ''
end
repairIndex(bucket)
eachSession(bucket, subject, after, 128, function(key, row, _, member)
  local known = isReadable(row)
  if known and liveOnly and not isLive(key, row, bucket.revocations) then return false end
  if count == limit then
    answer[3] = last
    return true
  end
  count, last = count + 1, positionOfMember(member)
  local n = #answer
  answer[n + 1], answer[n + 2] = key, row
  answer[n + 3] = call('HGET', bucket.revocations, key) or ''
  answer[n + 4] = call('HGET', PARTITION, key) or ''
  answer[n + 5] = known and once(clientOf(row)) or ''
  answer[n + 6] = known and once(realmOf(row)) or ''
end)
return answer
