-- What this partition knows before a revocation that is kept everywhere is fixed.
-- KEYS[3] foreign sessions, KEYS[4..6] acts of this hour, the last and the next. ARGV[7] target key, ARGV[8] realm key,
-- ARGV[9] the act. Answers the newest cut-off of the realm, the target's field, the bucket of the foreign session of
-- that key or nothing, the server's clock, and if the act was done, its target key, entry and count.
--
-- Needs: bytes, context, partition_codec, birth, check_layout, acts

local key, realm, act = ARGV[7], ARGV[8], ARGV[9]
local newest = math.max(birth.issuedBefore, tonumber(call('HGET', PARTITION, newestCutOff(realm)) or 0))
local answer = { newest, call('HGET', PARTITION, key) or '', call('HGET', KEYS[3], key) or '', decimal(serverClock) }
local earlier = findAct({ KEYS[4], KEYS[5], KEYS[6] }, act, key)
if earlier then answer[5], answer[6], answer[7] = earlier.key, earlier.bytes, earlier.count end
return answer
