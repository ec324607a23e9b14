-- A row with everything that may cover it.
--
-- Offers: appendFound
-- Needs: context, session_codec, birth

-- Appends the birth, the row, and the fields of the session (of the bucket, everywhere), subject, client, realm. Of a
-- row that cannot be read only the first two.
local function appendFound(answer, key, row, revocations)
  local n = #answer
  answer[n + 1], answer[n + 2] = birthBytes, row
  if not isReadable(row) then return answer end
  local client = clientOf(row)
  answer[n + 3] = call('HGET', revocations, key) or ''
  answer[n + 4] = call('HGET', PARTITION, key) or ''
  answer[n + 5] = call('HGET', revocations, subjectOf(row)) or ''
  answer[n + 6] = client ~= '' and call('HGET', PARTITION, client) or ''
  answer[n + 7] = call('HGET', PARTITION, realmOf(row)) or ''
  return answer
end
