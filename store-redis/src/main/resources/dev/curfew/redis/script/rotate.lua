-- Exchanges the secret of a live session. KEYS[3] revocations, KEYS[4] rows of the bucket, KEYS[5] notices.
-- ARGV[7] session key, ARGV[8] expected and ARGV[9] next hash. Answers 0 not live, 1 mismatch, 2 exchanged. A repeat of
-- the same exchange answers 2 and writes nothing, because a client may send it twice around a lost connection.
--
-- Needs: bytes, context, session_codec, partition_codec, feed, live, check_horizon, check_buckets

local rows, notices, key, expected, next = KEYS[4], KEYS[5], ARGV[7], ARGV[8], ARGV[9]
local row = call('HGET', rows, key)
if not row or not isReadable(row) or not isLive(key, row, KEYS[3]) then return 0 end
local secret = secretOf(row)
if secret == next then return 2 end
if secret ~= expected then return 1 end
call('HSET', rows, key, withSecret(row, next))
call('ZADD', notices, decimal(serverClock), key)
keepFor(notices, 2 * HOUR)
appendLine(ROTATED, key)
return 2
