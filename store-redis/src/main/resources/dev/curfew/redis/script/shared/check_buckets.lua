-- Refuses to go on if a bucket whose revocations are among the keys is lost. Comes before anything else is done.
--
-- Needs: bytes, partition_codec, check_layout, integrity

for i = 3, #KEYS do
  local number = bucketOfKey(KEYS[i])
  if number then
    local verdict, latest = compareBucket(number, KEYS[i])
    if verdict == 'lost' then return { '!lost', number } end
    if verdict == 'unsure' then return { '!clocks', decimal(latest) } end
  end
end
adoptMarks()
