-- The newest cut-off that a login of a subject must begin after. KEYS[3] revocations of the bucket.
-- ARGV[7] subject key, ARGV[8] realm key. Answers milliseconds.
--
-- Needs: context, partition_codec, birth, check_buckets, entries

local subject, realm = ARGV[7], ARGV[8]
local newest = math.max(birth.issuedBefore, tonumber(call('HGET', PARTITION, newestClientCutOff(realm)) or 0))
for _, entry in ipairs(entriesOf(KEYS[3], subject)) do newest = math.max(newest, entry.issuedBefore) end
for _, entry in ipairs(entriesOf(PARTITION, realm)) do newest = math.max(newest, entry.issuedBefore) end
return newest
