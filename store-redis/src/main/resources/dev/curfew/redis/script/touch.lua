-- Writes signs of life of sessions of one bucket. KEYS[3] revocations, KEYS[4] rows, KEYS[5] ended of the bucket.
-- ARGV[7], ARGV[8], ... session key and instant in turns. Answers how many rows moved.
--
-- Needs: context, session_codec, index_codec, live, check_horizon, check_buckets

local revocations, rows, ended = KEYS[3], KEYS[4], KEYS[5]
local moved = 0
for i = 7, #ARGV, 2 do
  local key, seen = ARGV[i], tonumber(ARGV[i + 1])
  local row = call('HGET', rows, key)
  if row and isReadable(row) and lastSeenOf(row) < seen and isLive(key, row, revocations) then
    call('HSET', rows, key, withLastSeen(row, seen))
    call('ZREM', ended, memberOf(key, row))
    moved = moved + 1
  end
end
return moved
