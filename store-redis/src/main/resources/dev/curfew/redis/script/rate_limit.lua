-- Takes one permit, by the generic cell rate algorithm. KEYS[1] the instant at which the next call is due, in
-- microseconds. ARGV[1] now, ARGV[2] period, ARGV[3] interval, ARGV[4] burst; microseconds. Answers how long to wait, 0
-- if permitted, and then how far ahead of now the next call is due.
local now, period, interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local due = tonumber(redis.call('GET', KEYS[1]) or '')
if not due or due < now then due = now end
local wait = due - burst - now
-- A node whose clock is ahead leaves an instant that lies further off than a period. It is not reset, or two nodes in
-- turns would have no limit; the key itself ends a second after a period at most, because a call that is refused does
-- not write.
if wait > 0 then return {math.min(wait, period), 0} end
local ahead = due + interval - now
redis.call('SET', KEYS[1], string.format('%.0f', due + interval), 'PX', math.ceil(ahead / 1000) + 1000)
return {0, ahead}
