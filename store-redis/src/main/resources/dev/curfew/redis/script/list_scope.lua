-- Sessions of a client or a realm among the next ones of a bucket, in the order of its index. KEYS[3] revocations,
-- KEYS[4] rows, KEYS[5] index of the bucket, KEYS[6] ended.
-- ARGV[7] 1 for a client, 0 for a realm, ARGV[8] its key, ARGV[9] the member of the index behind which to look or
-- nothing, ARGV[10] at how many rows to look, ARGV[11] the most to answer. Answers the birth, the member at which it
-- stopped or nothing if there are no more, then for each row what listed.lua appends, under the member.
--
-- Needs: session_codec, birth, index, listed, check_horizon, check_buckets

local bucket = { revocations = KEYS[3], rows = KEYS[4], index = KEYS[5], ended = KEYS[6] }
local ofClient, scope, after = ARGV[7] == '1', ARGV[8], ARGV[9]
local chunk, limit = tonumber(ARGV[10]), tonumber(ARGV[11])
local answer, count = { birthBytes, '' }, 0
repairIndex(bucket)
local keys, rows, members = readSlice(bucket, after, chunk)
if #keys == chunk then answer[2] = members[chunk] end
for i, key in ipairs(keys) do
  local row = rows[i]
  if row and isReadable(row) and (ofClient and clientOf(row) or realmOf(row)) == scope then
    appendListed(answer, members[i], key, row, bucket.revocations)
    count = count + 1
    if count == limit then
      answer[2] = members[i]
      return answer
    end
  end
end
return answer
