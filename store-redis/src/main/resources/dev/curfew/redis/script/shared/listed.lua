-- Rows with everything that may cover them, several in one answer.
--
-- Offers: appendListed
-- Needs: context, session_codec

local sent = {}

local function once(hash, key)
  if key == '' or sent[key] then return '' end
  sent[key] = true
  return call('HGET', hash, key) or ''
end

-- Appends a name, the row, and the fields of the session (of the bucket, everywhere), subject, client and realm; each
-- of the last three with the first row only that has it, and with none that cannot be read.
local function appendListed(answer, name, key, row, revocations)
  local n, isKnown = #answer, isReadable(row)
  answer[n + 1], answer[n + 2] = name, row
  answer[n + 3] = call('HGET', revocations, key) or ''
  answer[n + 4] = call('HGET', PARTITION, key) or ''
  answer[n + 5] = isKnown and once(revocations, subjectOf(row)) or ''
  answer[n + 6] = isKnown and once(PARTITION, clientOf(row)) or ''
  answer[n + 7] = isKnown and once(PARTITION, realmOf(row)) or ''
end
