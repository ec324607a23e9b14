-- Removes shared records of a group that were forgotten an hour ago. KEYS[3] to KEYS[6] and ARGV[7]: the group.
-- ARGV[8] the most to remove. Answers how many went.
--
-- Needs: bytes, context, birth, check_layout, group

if now - serverClock > nodeSkew then return { '!differ', decimal(now - serverClock) } end
local before, limit, removed, some = decimal(earlierClock - HOUR), tonumber(ARGV[8]), 0, {}
repairGroup()
repeat
  some = call('ZRANGEBYSCORE', group.ends, '-inf', before, 'LIMIT', 0, math.min(limit - removed, 1000))
  if #some > 0 then removeItems(some) end
  removed = removed + #some
until #some == 0 or removed == limit
if removed > 0 then raiseHorizon(now - HOUR) end
updateDue()
return { removed }
