-- The newest line of the feed, where a reader stands who has loaded everything. Answers its number and its hash.
local last = call('XREVRANGE', FEED, '+', '-', 'COUNT', 1)[1]
return { string.match(last[1], '^%d+'), sub(last[2][2], 1, 8) }
