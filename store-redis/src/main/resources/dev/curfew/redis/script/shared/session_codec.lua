-- Rows of sessions as bytes. Twin of SessionCodec.
--
-- A row is: version, flags (1 client, 2 secret, 4 id of ours), lastSeen, idle time-out, expiry, created, forgetAfter
-- (6 each), begin (6), bucket and version of the id or 0 (2), realm key, subject key, 16 random bytes of the id, client
-- key and secret hash as flagged; in version 2, which has a secret, a credential of 1 to 255 bytes behind its length
-- (2); payload. A row without a credential has version 1. The session key is the name of the field.
--
-- The first 72 bytes are the head: every later version has it, and all in it but the flags means the same there.
--
-- Offers: hasHead, isReadable, isOurs, lastSeenOf, endsByTime, expiryOf, createdOf, forgetAfterOf, beganOf, realmOf
-- Offers: subjectOf, clientOf, secretOf, credentialOf, payloadOf, withLastSeen, withSecret, withCredential, withPayload
-- Needs: bytes

local PLAIN, WITH_CREDENTIAL = 1, 2

-- Whether times, begin, realm and subject of a row are known, whether or not all of it can be read.
local function hasHead(row) return #row >= 72 end

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

-- Where client key and secret hash begin, and what is behind both.
local function tailOf(row)
  local flags = byte(row, 2)
  local client = flags >= 4 and 89 or 73
  local secret = client + flags % 2 * 16
  return client, secret, flags % 4 >= 2 and secret + 32 or secret
end

-- Where the payload begins.
local function payloadAt(row)
  local _, _, behind = tailOf(row)
  if byte(row, 1) == PLAIN then return behind end
  return behind + 2 + struct.unpack('>I2', row, behind)
end

-- What a newer version wrote, or what is damaged, is not read.
local function isReadable(row)
  local version, flags = byte(row, 1, 2)
  if not hasHead(row) or flags > 7 or version ~= PLAIN and version ~= WITH_CREDENTIAL then return false end
  local _, _, behind = tailOf(row)
  if byte(row, 40) % 16 ~= (flags >= 4 and 1 or 0) or #row < behind - 1 then return false end
  if version == PLAIN then return true end
  if flags % 4 < 2 or #row < behind + 1 then return false end
  local payload = payloadAt(row)
  return payload > behind + 2 and payload < behind + 258 and #row >= payload - 1
end

-- The key of the client; no bytes if it has none.
local function clientOf(row)
  local client, secret = tailOf(row)
  return client < secret and sub(row, client, client + 15) or ''
end

-- The hash of the secret; nil if it has none.
local function secretOf(row)
  local _, secret, behind = tailOf(row)
  return secret < behind and sub(row, secret, secret + 31) or nil
end

-- What is kept with the secret; no bytes if it has none.
local function credentialOf(row)
  local _, _, behind = tailOf(row)
  return sub(row, behind + 2, payloadAt(row) - 1)
end

local function payloadOf(row) return sub(row, payloadAt(row)) end

local function withLastSeen(row, millis) return sub(row, 1, 2) .. packMillis(millis) .. sub(row, 9) end

-- Of a row that has a secret.
local function withSecret(row, hash)
  local _, secret, behind = tailOf(row)
  return sub(row, 1, secret - 1) .. hash .. sub(row, behind)
end

-- No bytes take the credential away, and make it a row of version 1.
local function withCredential(row, bytes)
  local _, _, behind = tailOf(row)
  local isPlain = bytes == ''
  return string.char(isPlain and PLAIN or WITH_CREDENTIAL) .. sub(row, 2, behind - 1)
    .. (isPlain and '' or struct.pack('>I2', #bytes) .. bytes) .. payloadOf(row)
end

local function withPayload(row, bytes) return sub(row, 1, payloadAt(row) - 1) .. bytes end
