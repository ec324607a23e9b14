-- Every bucket whose revocations are among the keys is compared before anything else; a script that finds one lost does
-- nothing.
if head[3] ~= LAYOUT then return { '!layout', head[3] or '' } end
for i = 3, #KEYS do
  local number_ = string.match(KEYS[i], '}:r(%d+)$')
  if number_ then
    local verdict, upTo = compare(number_, KEYS[i])
    if verdict == 'lost' then return { '!lost', number_ } end
    if verdict == 'unsure' then return { '!clocks', num(upTo) } end
  end
end
adopt()
