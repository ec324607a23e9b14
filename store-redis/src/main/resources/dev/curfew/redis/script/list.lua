-- A page of a subject's sessions. KEYS[3] revocations, KEYS[4] rows, KEYS[5] index of the bucket, KEYS[6] ended.
-- ARGV[7] subject key, ARGV[8] 28 bytes behind which the page starts or nothing, ARGV[9] the most rows, ARGV[10] 1 for
-- live ones only. Answers the birth, the 28 bytes of the last row if there are more or nothing, then for each row what
-- listed.lua appends, under the session key.
--
-- Needs: session_codec, index_codec, birth, live, index, listed, check_horizon, check_buckets

local bucket = { revocations = KEYS[3], rows = KEYS[4], index = KEYS[5], ended = KEYS[6] }
local subject, limit, liveOnly = ARGV[7], tonumber(ARGV[9]), ARGV[10] == '1'
local after = ARGV[8] ~= '' and '(' .. subject .. ARGV[8] or nil
local answer, count, last = { birthBytes, '' }, 0, nil
repairIndex(bucket)
eachSession(bucket, subject, after, 128, function(key, row, _, member)
  if liveOnly and isReadable(row) and not isLive(key, row, bucket.revocations) then return false end
  if count == limit then
    answer[2] = last
    return true
  end
  count, last = count + 1, positionOfMember(member)
  appendListed(answer, key, key, row, bucket.revocations)
end)
return answer
