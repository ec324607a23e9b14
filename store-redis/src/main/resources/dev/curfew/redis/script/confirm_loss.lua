-- Confirms whether buckets are lost, because it sees both sides of all at once. If so, the birth of the partition is
-- renewed, and each lost bucket begins anew. KEYS[3..] revocations of all buckets of the partition. Answers how many
-- were lost.
--
-- Needs: context, partition_codec, check_layout, birth, integrity

local lost = {}
for i = 3, #KEYS do
  if compareBucket(bucketOfKey(KEYS[i]), KEYS[i]) == 'lost' then lost[#lost + 1] = comparedBucket(KEYS[i]) end
end
if #lost > 0 then
  renewBirth()
  for _, bucket in ipairs(lost) do
    if bucket.id then
      writeMark(bucket, bucket.id, latestForgetAfter(bucket.hash))
    else
      call('HDEL', PARTITION, markField(bucket.number))
    end
  end
end
return { #lost }
