-- Writes signs of life of sessions of one bucket. KEYS[3] revocations, KEYS[4] rows, KEYS[5] ended of the bucket.
-- ARGV[7], ARGV[8], ... session key and instant in turns. Answers how many rows moved.
local moved = 0
for i = 7, #ARGV, 2 do
  local row, seen = call('HGET', KEYS[4], ARGV[i]), tonumber(ARGV[i + 1])
  if row and isReadable(row) and unpack_('>I6', row, 3) < seen and isLive(ARGV[i], row, KEYS[3]) then
    call('HSET', KEYS[4], ARGV[i], sub(row, 1, 2) .. p6(seen) .. sub(row, 9))
    call('ZREM', KEYS[5], member(ARGV[i], row))
    moved = moved + 1
  end
end
return moved
