-- Writes signs of life of sessions of one bucket. KEYS[3] revocations, KEYS[4] rows, KEYS[5] ended of the bucket,
-- KEYS[6] due. ARGV[7] bucket, ARGV[8], ARGV[9], ... session key and instant in turns. Answers 1 for each row that
-- moved, else 0, in their order.
--
-- Needs: context, session_codec, live, ended, check_horizon, check_buckets

local bucket = { revocations = KEYS[3], rows = KEYS[4], ended = KEYS[5], due = KEYS[6], number = ARGV[7] }
local moved = {}
for i = 8, #ARGV, 2 do
  local key, seen = ARGV[i], tonumber(ARGV[i + 1])
  local row = call('HGET', bucket.rows, key)
  local isMoved = row and isReadable(row) and lastSeenOf(row) < seen and isLive(key, row, bucket.revocations)
  if isMoved then
    row = withLastSeen(row, seen)
    call('HSET', bucket.rows, key, row)
    unmarkEnded(bucket, key, row)
  end
  moved[#moved + 1] = isMoved and 1 or 0
end
return moved
