-- What a check asks for, seen at once; for one whose two readings did not agree. KEYS[3] revocations of the bucket.
-- ARGV[7] how many fields of the bucket, ARGV[8], ARGV[9], ... these, then those of the partition.
-- Answers the values of all, nothing where there is none.
local answer, ofBucket = {}, tonumber(ARGV[7])
for i = 8, #ARGV do
  answer[#answer + 1] = call('HGET', i < 8 + ofBucket and KEYS[3] or PART, ARGV[i]) or ''
end
return answer
