-- Removes a shared record if its version is the expected one. KEYS[3] to KEYS[6] and ARGV[7]: the group. ARGV[8] item,
-- ARGV[9] the version that must stand there. Answers 1, or 0 if another one or none stands there.
--
-- Needs: context, birth, shared_record_codec, group, check_layout, check_horizon, check_group

local item = ARGV[8]
local row = call('HGET', group.records, item)
if row and not isRecord(row) then return { '!record', group.key, item } end
if not standing(row) or versionOfRecord(row) ~= ARGV[9] then
  -- A replica, whose record may be old, refuses this; and a WAIT behind this script waits for what stands.
  writeBirthAgain()
  return 0
end
removeItems({ item })
updateDue()
return 1
