-- Trims the feed and the notices, and tells where something is due. KEYS[3] due, KEYS[4] notices.
-- Answers the members of due whose time has come.
--
-- Needs: bytes, context, check_layout, feed

if math.abs(now - serverClock) > nodeSkew then return { '!differ', decimal(now - serverClock) } end
call('ZREMRANGEBYSCORE', KEYS[4], '-inf', '(' .. decimal(serverClock - HOUR))
while trimFeed(999) == 999 do end
return call('ZRANGEBYSCORE', KEYS[3], '-inf', decimal(now))
