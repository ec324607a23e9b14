-- Trims the feed and the notices, and tells where something is due. KEYS[3] due, KEYS[4] notices, KEYS[5] groups of
-- shared records by when something is due. ARGV[7] the most groups. Answers the members of due whose time has come, and
-- behind each k a group, the longest due first.
--
-- Needs: bytes, context, check_layout, feed

if math.abs(now - serverClock) > nodeSkew then return { '!differ', decimal(now - serverClock) } end
call('ZREMRANGEBYSCORE', KEYS[4], '-inf', '(' .. decimal(serverClock - HOUR))
while trimFeed(999) == 999 do end
local members = call('ZRANGEBYSCORE', KEYS[3], '-inf', decimal(now))
local limit, seen, groups, some = tonumber(ARGV[7]), 0, 0, {}
repeat
  some = call('ZRANGEBYSCORE', KEYS[5], '-inf', decimal(earlierClock), 'LIMIT', seen, limit)
  for _, group in ipairs(some) do
    members[#members + 1] = 'k' .. group
    -- What is none stays there, and must not hide the others.
    if #group == 16 then groups = groups + 1 end
  end
  seen = seen + #some
until groups >= limit or #some < limit
return members
