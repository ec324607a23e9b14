-- Exchanges payloads of one bucket. KEYS[3] rows of the bucket. ARGV[7], ARGV[8], ARGV[9], ... session key, expected
-- and next payload in turns. Answers how many were exchanged. A row that went is not written again, and all else in a
-- row stays.
local exchanged = 0
for i = 7, #ARGV, 3 do
  local row = call('HGET', KEYS[3], ARGV[i])
  if row and isReadable(row) then
    local flags = byte(row, 2)
    local at = 73 + (flags >= 4 and 16 or 0) + flags % 2 * 16 + (flags % 4 >= 2 and 32 or 0)
    local stands = sub(row, at)
    -- What a first try wrote, whose answer was lost, counts.
    if stands == ARGV[i + 2] then
      exchanged = exchanged + 1
    elseif stands == ARGV[i + 1] then
      call('HSET', KEYS[3], ARGV[i], sub(row, 1, at - 1) .. ARGV[i + 2])
      exchanged = exchanged + 1
    end
  end
end
return exchanged
