-- Stands in front of every script of a partition: its keys, what every script is given, numbers and times to live.
--
-- KEYS[1] partition: hash with the birth marker (b), the installation (P, R), the entries that are kept everywhere (by target
--         key), the newest cut-offs of a realm (N + realm: of any target, C + realm: of clients), and until when an entry of
--         a foreign session of that realm is kept everywhere (F + realm). Has no time to live.
-- KEYS[2] feed: stream of (chained hash, instant, type, content); the newest line stays. Whoever adds to it publishes a hint.
-- ARGV[1] now, ARGV[2] birth entry, ARGV[3] birth key, ARGV[4] 8 random bytes, ARGV[5] retention, ARGV[6] how long ended
--         sessions are kept; instants and durations in milliseconds. A script's own arguments start at ARGV[7].

local call, byte, sub, unpack_ = redis.call, string.byte, string.sub, struct.unpack
local PART, FEED = KEYS[1], KEYS[2]
local now, retention, kept = tonumber(ARGV[1]), tonumber(ARGV[5]), tonumber(ARGV[6])
local HOUR = 3600000
local INVERSE = 281474976710655

local function p6(n) return struct.pack('>I6', n) end
local function num(n) return string.format('%.0f', n) end

local function keep(key, ttl)
  if call('PTTL', key) < ttl then call('PEXPIRE', key, num(ttl)) end
end
