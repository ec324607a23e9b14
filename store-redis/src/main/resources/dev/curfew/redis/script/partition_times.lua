-- What a reader of the feed learns of a partition beside its lines; it writes nothing, and is sent as text. KEYS[1]
-- partition. Answers birth, layout, horizon, and the two parts of the server's clock.
local found, time = redis.call('HMGET', KEYS[1], 'b', 'L', 'H'), redis.call('TIME')
return { found[1] or '', found[2] or '', found[3] or '', time[1], time[2] }
