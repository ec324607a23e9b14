-- A page of a subject's sessions. KEYS[3] revocations, KEYS[4] rows, KEYS[5] index of the bucket, KEYS[6] ended.
-- ARGV[7] subject key, ARGV[8] 28 bytes behind which the page starts or nothing, ARGV[9] the most rows, ARGV[10] 1 for
-- live ones only. Answers the birth, the subject's field, the 28 bytes of the last row if there are more or nothing,
-- then for each row: session key, row, and the fields of the session (of the bucket, everywhere), client and realm,
-- each field of client and realm once.
local limit, liveOnly = tonumber(ARGV[9]), ARGV[10] == '1'
local answer, seen, count = { birthBody, call('HGET', KEYS[3], ARGV[7]) or '', '' }, {}, 0
local place
local function once(key)
  if key == '' or seen[key] then return '' end
  seen[key] = true
  return call('HGET', PART, key) or ''
end
fit(KEYS[4], KEYS[5], KEYS[6])
local after = ARGV[8] ~= '' and ('(' .. ARGV[7] .. ARGV[8]) or nil
walk(KEYS[5], KEYS[4], ARGV[7], after, 128, function(key, row, _, member_)
  if isReadable(row) and liveOnly and not isLive(key, row, KEYS[3]) then return false end
  if count == limit then
    answer[3] = place
    return true
  end
  count, place = count + 1, sub(member_, 17)
  local n, known = #answer, isReadable(row)
  answer[n + 1], answer[n + 2] = key, row
  answer[n + 3] = call('HGET', KEYS[3], key) or ''
  answer[n + 4] = call('HGET', PART, key) or ''
  answer[n + 5] = known and once(client(row)) or ''
  answer[n + 6] = known and once(sub(row, 41, 56)) or ''
end)
return answer
