-- A page of a group of shared records. KEYS[3] to KEYS[6] and ARGV[7]: the group. ARGV[8] the item behind which it
-- begins, or nothing; ARGV[9] the most records. Answers 1 if there are more, else 0; the item behind which the next
-- page begins, or nothing; and behind that item and record in turns. What is forgotten is left out.
--
-- Needs: context, shared_record_codec, group, check_layout, check_horizon, check_group

local after, limit = ARGV[8], tonumber(ARGV[9])
local items = call('ZRANGEBYLEX', group.items, after == '' and '-' or '(' .. after, '+', 'LIMIT', 0, limit + 1)
local page = { 0, '' }
if #items > limit then
  items[#items] = nil
  page[1], page[2] = 1, items[#items]
end
if #items == 0 then return page end
for i, row in ipairs(call('HMGET', group.records, unpack(items))) do
  if not row or not isRecord(row) then return { '!record', group.key, items[i] } end
  if standing(row) then
    page[#page + 1] = items[i]
    page[#page + 1] = row
  end
end
return page
