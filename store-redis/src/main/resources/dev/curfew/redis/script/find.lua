-- A row with everything that may cover it. KEYS[3] revocations, KEYS[4] rows of the bucket. ARGV[7] session key.
-- Answers nothing, or the birth, the row, and the fields of the session (of the bucket, everywhere), subject, client,
-- realm.
--
-- Needs: context, session_codec, birth, check_horizon, check_buckets

local revocations, key = KEYS[3], ARGV[7]
local row = call('HGET', KEYS[4], key)
if not row then return {} end
if not isReadable(row) then return { birthBytes, row } end
local client = clientOf(row)
return { birthBytes, row, call('HGET', revocations, key) or '', call('HGET', PARTITION, key) or '',
  call('HGET', revocations, subjectOf(row)) or '', client ~= '' and call('HGET', PARTITION, client) or '',
  call('HGET', PARTITION, realmOf(row)) or '' }
