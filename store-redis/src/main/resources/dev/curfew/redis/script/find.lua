-- A row with everything that may cover it. KEYS[3] revocations, KEYS[4] rows of the bucket. ARGV[7] session key.
-- Answers nothing, or what found.lua appends.
--
-- Needs: context, found, check_horizon, check_buckets

local key = ARGV[7]
local row = call('HGET', KEYS[4], key)
return row and appendFound({}, key, row, KEYS[3]) or {}
