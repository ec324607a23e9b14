-- Refuses a group of which a part is lost: what is missing there is not known to be absent.
--
-- Needs: group

if not repairGroup() then return { '!records', group.key } end
