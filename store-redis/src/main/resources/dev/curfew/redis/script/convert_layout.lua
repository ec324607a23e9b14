-- Brings what an older version has written to this layout: the first one had no integrity marks, and before the third
-- one the indexes of sessions knew nothing of the creation. KEYS[3..] revocations, rows, index and ended of each bucket
-- of the partition, in turns. Answers the layout.
--
-- Needs: context, partition_codec, birth, integrity, index

if not layout or layout == '2' then
  for i = 3, #KEYS, 4 do
    local revocations = KEYS[i]
    if not layout and call('EXISTS', revocations) == 1 then
      compareBucket(bucketOfKey(revocations), revocations)
      writeMark(comparedBucket(revocations), randomId, latestForgetAfter(revocations))
    end
    makeIndex({ rows = KEYS[i + 1], index = KEYS[i + 2], ended = KEYS[i + 3] })
  end
  layout = LAYOUT
  call('HSET', PARTITION, 'L', LAYOUT)
end
return { layout }
