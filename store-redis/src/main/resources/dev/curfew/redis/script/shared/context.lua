-- What every script of a partition is given: the partition's keys, the clocks and the settings of the store.
--
-- KEYS[1] partition: hash with the birth marker (b), the horizon (H), the layout (L), the installation (P, R), the
--         integrity mark of each bucket, the entries that are kept everywhere, and what is known of each realm. The
--         names of these fields are in partition_codec.lua. Has no time to live.
-- KEYS[2] feed: stream of lines; the newest line stays. Whoever adds to it publishes a hint.
-- ARGV[1] now, ARGV[2] birth entry, ARGV[3] birth key, ARGV[4] 8 random bytes, ARGV[5] retention, how long ended
--         sessions are kept, and how far clocks may differ; ARGV[6] the server's clock, or nothing to read it; instants
--         and durations in milliseconds. A script's own arguments start at ARGV[7].
--
-- Offers: call, PARTITION, FEED, HOUR, now, serverClock, earlierClock, laterClock, retention, endedKept, nodeSkew
-- Offers: newBirth, birthKey, randomId, keepFor
-- Needs: bytes

local call = redis.call
local PARTITION, FEED = KEYS[1], KEYS[2]
local HOUR = 3600000
local newBirth, birthKey, randomId = ARGV[2], ARGV[3], ARGV[4]

-- The clock of the server is no input: what the script writes is replicated, not the script.
if redis.replicate_commands then redis.replicate_commands() end
local now, serverClock = tonumber(ARGV[1]), tonumber(ARGV[6])
if not serverClock then
  local time = call('TIME')
  serverClock = time[1] * 1000 + math.floor(time[2] / 1000)
end
-- Of the node's clock and the server's: nothing is forgotten before both say so, and "now" is not over before both do.
local earlierClock, laterClock = math.min(now, serverClock), math.max(now, serverClock)
local retention, endedKept, nodeSkew = string.match(ARGV[5], '^(%d+) (%d+) (%d+)$')
retention, endedKept, nodeSkew = tonumber(retention), tonumber(endedKept), tonumber(nodeSkew)

-- Extends the time to live of a key.
local function keepFor(key, millis)
  if call('PTTL', key) < millis then call('PEXPIRE', key, decimal(millis)) end
end
