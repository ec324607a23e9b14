-- Joins entries of one hash verbatim. KEYS[3] due; if that hash is not the partition's own, KEYS[4] revocations,
-- KEYS[5] rows, KEYS[6] index, KEYS[7] ended of the bucket.
-- ARGV[7] bucket, or w; ARGV[8], ARGV[9], ... target key and entry in turns. Answers how many were written.
local written = 0
local bucket = KEYS[4] and bucketOf(KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[3], ARGV[7])
for i = 8, #ARGV, 2 do
  local e = decode(ARGV[i], ARGV[i + 1])
  if e.fa > slow and record(KEYS[4] or PART, KEYS[3], ARGV[7], ARGV[i], ARGV[i + 1], bucket) then
    written = written + 1
  end
end
if written == 0 then writeAgain() end
return written
