-- Joins entries of one hash verbatim. KEYS[3] due; if that hash is not the partition's own, KEYS[4] revocations,
-- KEYS[5] rows, KEYS[6] index, KEYS[7] ended of the bucket.
-- ARGV[7] bucket, or w; ARGV[8], ARGV[9], ... target key and entry in turns. Answers how many were written.
--
-- Needs: context, revocation_codec, birth, record, check_buckets

local bucket = { due = KEYS[3], revocations = KEYS[4] or PARTITION, rows = KEYS[5], index = KEYS[6], ended = KEYS[7],
  number = ARGV[7] }
local written = 0
for i = 8, #ARGV, 2 do
  local key, bytes = ARGV[i], ARGV[i + 1]
  if decodeEntry(key, bytes).forgetAfter > earlierClock and recordEntry(bucket, key, bytes) then
    written = written + 1
  end
end
if written == 0 then writeBirthAgain() end
return written
