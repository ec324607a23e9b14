-- What this partition knows before a revocation that is kept everywhere is fixed.
-- KEYS[3] foreign sessions, KEYS[4..6] acts of this hour, the last and the next. ARGV[7] target key, ARGV[8] realm key,
-- ARGV[9] the act. Answers the newest cut-off of the realm, the target's field, the bucket of the foreign session of
-- that key or nothing, the server's clock, and if the act was done, its target key, entry and count.
local newest = math.max(birth.ib, tonumber(call('HGET', PART, 'N' .. ARGV[8]) or 0))
local answer = { newest, call('HGET', PART, ARGV[7]) or '', call('HGET', KEYS[3], ARGV[7]) or '', num(clock) }
local earlier = actOf({ KEYS[4], KEYS[5], KEYS[6] }, ARGV[9], ARGV[7])
if earlier then answer[5], answer[6], answer[7] = earlier.key, earlier.body, earlier.count end
return answer
