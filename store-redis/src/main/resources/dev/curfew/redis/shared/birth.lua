-- The birth of the partition, created if absent; its horizon and its layout.
local LAYOUT = '3'
local head = call('HMGET', PART, 'b', 'H', 'L')
local birthBody, horizon = head[1], tonumber(head[2] or 0)
local birth

local function bear(upTo)
  birthBody = sub(ARGV[2], 1, 13) .. p6(upTo) .. sub(ARGV[2], 20)
  append('\1', ARGV[3] .. birthBody)
  call('HSET', PART, 'b', birthBody, 'P', num(unpack_('>I8', ARGV[3], 9)), 'R', num(retention), 'L', LAYOUT)
  birth = decode(ARGV[3], birthBody)
end

if birthBody then
  birth = decode(ARGV[3], birthBody)
else
  head[3] = LAYOUT
  local upTo = unpack_('>I6', ARGV[2], 14)
  bear(upTo > 0 and upTo + fast - now or 0)
end

-- Covers all that a lost entry can have covered: what has begun by the later of the clocks, and what began later still
-- because it had to lie behind a cut-off.
local function renewBirth()
  local upTo = math.max(birth.ib, fast + skew)
  local fields = call('HGETALL', PART)
  for i = 1, #fields, 2 do
    if #fields[i] == 17 and byte(fields[i]) == 78 then upTo = math.max(upTo, tonumber(fields[i + 1]) + 1) end
  end
  bear(upTo)
end

-- What is removed for good was forgotten up to this instant.
local function raiseHorizon(upTo)
  if upTo > horizon then
    horizon = upTo
    call('HSET', PART, 'H', num(upTo))
  end
end

-- Writes what stands already, so that a WAIT behind this script waits for it.
local function writeAgain()
  call('HSET', PART, 'b', birthBody)
end
