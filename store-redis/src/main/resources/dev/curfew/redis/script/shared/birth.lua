-- The birth of the partition, created if absent; its horizon and its layout.
--
-- Offers: LAYOUT, layout, birth, birthBytes, horizon, renewBirth, raiseHorizon, writeBirthAgain
-- Needs: bytes, context, revocation_codec, partition_codec, feed

local LAYOUT = '3'
local stored = call('HMGET', PARTITION, 'b', 'H', 'L')
local birthBytes, horizon, layout = stored[1], tonumber(stored[2] or 0), stored[3]
local birth

local function writeBirth(issuedBefore)
  birthBytes = withIssuedBefore(newBirth, issuedBefore)
  appendLine(REVOKED, birthKey .. birthBytes)
  call('HSET', PARTITION, 'b', birthBytes, 'P', decimal(partitionsOfBirthKey(birthKey)), 'R', decimal(retention),
    'L', LAYOUT)
  birth = decodeEntry(birthKey, birthBytes)
end

if birthBytes then
  birth = decodeEntry(birthKey, birthBytes)
else
  layout = LAYOUT
  local issuedBefore = decodeEntry(birthKey, newBirth).issuedBefore
  writeBirth(issuedBefore > 0 and issuedBefore + laterClock - now or 0)
end

-- Covers all that a lost entry can have covered: what has begun by the later of the clocks, and what began later still
-- because it had to lie behind a cut-off.
local function renewBirth()
  local issuedBefore = math.max(birth.issuedBefore, laterClock + nodeSkew)
  local fields = call('HGETALL', PARTITION)
  for i = 1, #fields, 2 do
    if isNewestCutOff(fields[i]) then issuedBefore = math.max(issuedBefore, tonumber(fields[i + 1]) + 1) end
  end
  writeBirth(issuedBefore)
end

-- What is removed for good was forgotten up to this instant.
local function raiseHorizon(millis)
  if millis > horizon then
    horizon = millis
    call('HSET', PARTITION, 'H', decimal(millis))
  end
end

-- Writes what stands already, so that a WAIT behind this script waits for it.
local function writeBirthAgain()
  call('HSET', PARTITION, 'b', birthBytes)
end
