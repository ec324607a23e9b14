-- Trims the feed and the notices, and tells where something is due. KEYS[3] due, KEYS[4] notices.
-- Answers the members of due whose time has come.
if math.abs(now - clock) > skew then return { '!differ', num(now - clock) } end
call('ZREMRANGEBYSCORE', KEYS[4], '-inf', '(' .. num(clock - HOUR))
local old = call('XRANGE', FEED, '-', '+', 'COUNT', 1000)
while #old > 1 do
  local trimmed = 0
  for i = 1, #old - 1 do
    if not isSuperseded(old[i + 1]) then break end
    call('XDEL', FEED, old[i][1])
    trimmed = trimmed + 1
  end
  if trimmed < 999 then break end
  old = call('XRANGE', FEED, '-', '+', 'COUNT', 1000)
end
return call('ZRANGEBYSCORE', KEYS[3], '-inf', num(now))
