-- Stands in front of every script of a partition: its keys, what every script is given, numbers and times to live.
--
-- KEYS[1] partition: hash with the birth marker (b), the horizon (H), the layout (L), the installation (P, R), what
--         each bucket begins with (M + bucket), the entries that are kept everywhere (by target key), the newest
--         cut-offs of a realm (N + realm: of any target, C + realm: of clients), and until when an entry of a foreign
--         session of that realm is kept everywhere (F + realm). Has no time to live. Other names of fields are neither
--         16 nor 17 bytes long.
-- KEYS[2] feed: stream of (chained hash, instant, type, content); the newest line stays. Whoever adds to it publishes a
--         hint.
-- ARGV[1] now, ARGV[2] birth entry, ARGV[3] birth key, ARGV[4] 8 random bytes, ARGV[5] retention, how long ended
--         sessions are kept, and how far clocks may differ; ARGV[6] the server's clock, or nothing to read it; instants
--         and durations in milliseconds. A script's own arguments start at ARGV[7].
local call, byte, sub, unpack_ = redis.call, string.byte, string.sub, struct.unpack
local PART, FEED = KEYS[1], KEYS[2]
local HOUR = 3600000
local INVERSE = 281474976710655

-- The clock of the server is no input: what the script writes is replicated, not the script.
if redis.replicate_commands then redis.replicate_commands() end
local now, clock = tonumber(ARGV[1]), tonumber(ARGV[6])
if not clock then
  local time = call('TIME')
  clock = time[1] * 1000 + math.floor(time[2] / 1000)
end
-- Of the node's clock and the server's: nothing is forgotten before both say so, and "now" is not over before both do.
local slow, fast = math.min(now, clock), math.max(now, clock)
local retention, kept, skew = string.match(ARGV[5], '^(%d+) (%d+) (%d+)$')
retention, kept, skew = tonumber(retention), tonumber(kept), tonumber(skew)

local function p6(n) return struct.pack('>I6', n) end
local function num(n) return string.format('%.0f', n) end

local function keep(key, ttl)
  if call('PTTL', key) < ttl then call('PEXPIRE', key, num(ttl)) end
end
