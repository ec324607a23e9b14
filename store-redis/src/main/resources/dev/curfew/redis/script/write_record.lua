-- Writes a shared record if its version is the expected one. KEYS[3] to KEYS[6] and ARGV[7]: the group. ARGV[8] item,
-- ARGV[9] the version that must stand there, ARGV[10] the new record. Answers 1, or 0 if another version stands there.
-- A repeat by the client, whose first answer was lost, finds its own record and answers as the first did.
--
-- Needs: bytes, context, birth, shared_record_codec, group, check_layout, check_horizon, check_group

-- Where nothing is written, the birth is: a replica, whose record may be old, refuses that; and a WAIT behind this
-- script waits for what stands.
local item, expected, next = ARGV[8], ARGV[9], ARGV[10]
local row = call('HGET', group.records, item)
if row == next then
  writeBirthAgain()
  return 1
end
if row and not isRecord(row) then return { '!record', group.key, item } end
if (standing(row) and versionOfRecord(row) or NO_VERSION) ~= expected then
  writeBirthAgain()
  return 0
end
local forgetAfter = endOfRecord(next)
call('HSET', group.records, item, next)
call('ZADD', group.items, 0, item)
call('ZADD', group.ends, decimal(forgetAfter), item)
updateDue()
local life = forgetAfter - earlierClock + 2 * HOUR
for i = 3, 6 do keepFor(KEYS[i], life) end
return 1
