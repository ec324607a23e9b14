-- Rows of sessions as bytes. Twin of SessionCodec.
--
-- A row is: version, flags (1 client, 2 secret, 4 id of ours), lastSeen, idle time-out, expiry, created, forgetAfter
-- (6 each), begin (6), bucket and version of the id (2), realm key, subject key, 16 random bytes of the id, client key
-- and secret hash as flagged, payload. The session key is the name of the field.
--
-- Offers: isReadable, isOurs, lastSeenOf, endsByTime, expiryOf, createdOf, forgetAfterOf, beganOf, realmOf, subjectOf
-- Offers: clientOf, secretOf, payloadOf, withLastSeen, withSecret, withPayload
-- Needs: bytes

local function isReadable(row) return byte(row, 1) == 1 and #row >= 72 end
local function isOurs(row) return byte(row, 2) >= 4 end
local function lastSeenOf(row) return unpackMillis(row, 3) end
local function expiryOf(row) return unpackMillis(row, 15) end
local function createdOf(row) return unpackMillis(row, 21) end
local function forgetAfterOf(row) return unpackMillis(row, 27) end
local function beganOf(row) return unpackMillis(row, 33) end
local function realmOf(row) return sub(row, 41, 56) end
local function subjectOf(row) return sub(row, 57, 72) end

-- When its idle time-out or its expiry ends it.
local function endsByTime(row) return math.min(unpackMillis(row, 3) + unpackMillis(row, 9), unpackMillis(row, 15)) end

-- Where client key, secret hash and payload begin.
local function tailOf(row)
  local flags = byte(row, 2)
  local client = flags >= 4 and 89 or 73
  local secret = client + flags % 2 * 16
  return client, secret, flags % 4 >= 2 and secret + 32 or secret
end

-- The key of the client; no bytes if it has none.
local function clientOf(row)
  local client, secret = tailOf(row)
  return client < secret and sub(row, client, client + 15) or ''
end

-- The hash of the secret; nil if it has none.
local function secretOf(row)
  local _, secret, payload = tailOf(row)
  return secret < payload and sub(row, secret, secret + 31) or nil
end

local function payloadOf(row)
  local _, _, payload = tailOf(row)
  return sub(row, payload)
end

local function withLastSeen(row, millis) return sub(row, 1, 2) .. packMillis(millis) .. sub(row, 9) end

local function withSecret(row, hash)
  local _, secret, payload = tailOf(row)
  return sub(row, 1, secret - 1) .. hash .. sub(row, payload)
end

local function withPayload(row, bytes)
  local _, _, payload = tailOf(row)
  return sub(row, 1, payload - 1) .. bytes
end
