-- Exchanges payloads of one bucket. KEYS[3] rows of the bucket. ARGV[7], ARGV[8], ARGV[9], ... session key, expected
-- and next payload in turns. Answers how many were exchanged. A row that went is not written again, and all else in a
-- row stays.
--
-- Needs: context, session_codec, check_layout

local rows, exchanged = KEYS[3], 0
for i = 7, #ARGV, 3 do
  local key, expected, next = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local row = call('HGET', rows, key)
  if row and isReadable(row) then
    local payload = payloadOf(row)
    -- What a first try wrote, whose answer was lost, counts.
    if payload == next then
      exchanged = exchanged + 1
    elseif payload == expected then
      call('HSET', rows, key, withPayload(row, next))
      exchanged = exchanged + 1
    end
  end
end
return exchanged
