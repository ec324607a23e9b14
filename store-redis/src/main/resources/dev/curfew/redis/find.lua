-- A row with everything that may cover it. KEYS[3] revocations, KEYS[4] rows of the bucket. ARGV[7] session key.
-- Answers nothing, or the birth, the row, and the fields of the session (of the bucket, everywhere), subject, client,
-- realm.
local row = call('HGET', KEYS[4], ARGV[7])
if not row then return {} end
if not isReadable(row) then return { birthBody, row } end
local c = client(row)
return { birthBody, row, call('HGET', KEYS[3], ARGV[7]) or '', call('HGET', PART, ARGV[7]) or '',
  call('HGET', KEYS[3], sub(row, 57, 72)) or '', c ~= '' and call('HGET', PART, c) or '',
  call('HGET', PART, sub(row, 41, 56)) or '' }
