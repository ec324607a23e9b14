-- Exchanges payloads and credentials of one bucket. KEYS[3] rows of the bucket. ARGV[7], ARGV[8], ... session key,
-- expected and next payload, expected and next credential in turns. Answers how many pairs were exchanged. A row that
-- went is not written again, and all else in a row stays.
--
-- Needs: context, session_codec, birth, check_layout

local rows, exchanged, isRepeated = KEYS[3], 0, false
for i = 7, #ARGV, 5 do
  local key, expected, next = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local expectedCredential, nextCredential = ARGV[i + 3], ARGV[i + 4]
  local row = call('HGET', rows, key)
  if row and isReadable(row) then
    local payload, credential = payloadOf(row), credentialOf(row)
    -- What a first try wrote, whose answer was lost, counts.
    if payload == next and credential == nextCredential then
      exchanged, isRepeated = exchanged + 1, true
    elseif payload == expected and credential == expectedCredential then
      call('HSET', rows, key, withPayload(withCredential(row, nextCredential), next))
      exchanged = exchanged + 1
    end
  end
end
if isRepeated then writeBirthAgain() end
return exchanged
