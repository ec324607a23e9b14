-- Exchanges the secret of a live session. KEYS[3] revocations, KEYS[4] rows of the bucket, KEYS[5] notices.
-- ARGV[7] session key, ARGV[8] expected and ARGV[9] next hash. Answers 0 not live, 1 mismatch, 2 exchanged. A repeat of
-- the same exchange answers 2 and writes nothing, because a client may send it twice around a lost connection.
local row = call('HGET', KEYS[4], ARGV[7])
if not row or not isReadable(row) or not isLive(ARGV[7], row, KEYS[3]) then return 0 end
local flags = byte(row, 2)
if flags % 4 < 2 then return 1 end
local at = 73 + (flags >= 4 and 16 or 0) + flags % 2 * 16
local stands = sub(row, at, at + 31)
if stands == ARGV[9] then return 2 end
if stands ~= ARGV[8] then return 1 end
call('HSET', KEYS[4], ARGV[7], sub(row, 1, at - 1) .. ARGV[9] .. sub(row, at + 32))
call('ZADD', KEYS[5], num(clock), ARGV[7])
keep(KEYS[5], 2 * HOUR)
append('\2', ARGV[7])
return 2
