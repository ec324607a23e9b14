-- Removes sessions of a subject that began in time. KEYS[3] rows, KEYS[4] index of the bucket, KEYS[5] ended,
-- KEYS[6] foreign sessions. ARGV[7] subject key, ARGV[8] bucket, ARGV[9] the last begin that goes, ARGV[10] the most to
-- remove. Answers how many rows went, and 1 if there may be more. A repeat finds less, and answers that.
--
-- Needs: context, index_codec, birth, check_layout, index

local bucket = { rows = KEYS[3], index = KEYS[4], ended = KEYS[5], foreign = KEYS[6], number = ARGV[8] }
local subject, limit = ARGV[7], tonumber(ARGV[10])
repairIndex(bucket)
local members = call('ZRANGEBYLEX', bucket.index, '[' .. memberPrefix(subject, tonumber(ARGV[9])),
  behindMembersOf(subject), 'LIMIT', 0, limit + 1)
local isMore, removed = #members > limit, 0
if isMore then members[#members] = nil end
if #members > 0 then removed = removeMembers(bucket, members) end
-- A replica, which may lack rows, refuses this; and a WAIT behind this script waits for what went before.
if removed == 0 then writeBirthAgain() end
-- A member without a row hid a row without a member, if the next call makes the index anew.
isMore = isMore or call('HLEN', bucket.rows) ~= call('ZCARD', bucket.index)
return { removed, isMore and 1 or 0 }
