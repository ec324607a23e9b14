-- What a check asks for, seen at once; for one whose two readings did not agree. KEYS[3] revocations of the bucket.
-- ARGV[7] how many fields of the bucket, ARGV[8], ARGV[9], ... these, then those of the partition.
-- Answers the values of all, nothing where there is none.
--
-- Needs: context, check_horizon, check_buckets

local answer, lastOfBucket = {}, 7 + tonumber(ARGV[7])
for i = 8, #ARGV do
  answer[#answer + 1] = call('HGET', i <= lastOfBucket and KEYS[3] or PARTITION, ARGV[i]) or ''
end
return answer
