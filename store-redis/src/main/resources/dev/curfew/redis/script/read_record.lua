-- A shared record. KEYS[3] to KEYS[6] and ARGV[7]: the group. ARGV[8] item. Answers nothing, or 1 and
-- the record.
--
-- Needs: context, shared_record_codec, group, check_layout, check_horizon, check_group

local row = call('HGET', group.records, ARGV[8])
if row and not isRecord(row) then return { '!record', group.key, ARGV[8] } end
return standing(row) and { 1, row } or {}
