-- Confirms whether buckets are lost, because it sees both sides of all at once. If so, the birth of the partition is
-- renewed, and each lost bucket begins anew. KEYS[3..] revocations of all buckets of the partition. Answers how many
-- were lost.
if head[3] ~= LAYOUT then return { '!layout', head[3] or '' } end
local lost = {}
for i = 3, #KEYS do
  if compare(string.match(KEYS[i], '}:r(%d+)$'), KEYS[i]) == 'lost' then lost[#lost + 1] = company[KEYS[i]] end
end
if #lost > 0 then
  renewBirth()
  for _, c in ipairs(lost) do
    if c.id then
      mark(c, c.id, latestIn(c.hash))
    else
      call('HDEL', PART, 'M' .. c.number)
    end
  end
end
return { #lost }
