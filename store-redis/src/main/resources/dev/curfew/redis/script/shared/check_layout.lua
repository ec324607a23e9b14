-- Refuses a partition that another version of Curfew wrote.
--
-- Needs: birth

if layout ~= LAYOUT then return { '!layout', layout or '' } end
