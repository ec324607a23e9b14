-- Reads the entries of a target from a hash, each field once.
--
-- Offers: entriesOf, readAgain, isInForce
-- Needs: context, revocation_codec

local alreadyRead = {}

local function entriesOf(hash, key)
  if key == '' then return {} end
  local list = alreadyRead[hash .. key]
  if not list then
    list = decodeField(key, call('HGET', hash, key))
    alreadyRead[hash .. key] = list
  end
  return list
end

-- A field was written: whoever wants its entries reads them again.
local function readAgain(hash, key) alreadyRead[hash .. key] = nil end

-- What cannot be read does not end.
local function isInForce(entry) return entry.forgetAfter > now or not entry.isKnown end
