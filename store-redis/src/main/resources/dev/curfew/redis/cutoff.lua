-- The newest cut-off that a login of a subject must begin after. KEYS[3] revocations of the bucket.
-- ARGV[7] subject key, ARGV[8] realm key. Answers milliseconds.
local newest = math.max(birth.ib, tonumber(call('HGET', PART, 'C' .. ARGV[8]) or 0))
for _, e in ipairs(entries(KEYS[3], ARGV[7])) do newest = math.max(newest, e.ib) end
for _, e in ipairs(entries(PART, ARGV[8])) do newest = math.max(newest, e.ib) end
return newest
