-- Entries as bytes: a revocation without its target key. Twin of RevocationCodec.
--
-- An entry is: version, kind, flags, reason, actor kind (1 byte each), bucket (2), revokedAt, issuedBefore, forgetAfter
-- (6 each), realm key (16), exempt session key (16) and its begin (6) if flagged, actor id. The target key is the name
-- of the field in which entries stand one behind another, each behind its length in one byte. The key of a birth is the
-- number of partitions, in 16 bytes.
--
-- Offers: TOKEN, SESSION, FOREIGN_SESSION, SUBJECT, CLIENT, REALM, SIGNING_KEY, BIRTH, NEVER
-- Offers: decodeEntry, decodeField, inField, withIssuedBefore, withForgetAfter, partitionsOfBirthKey
-- Needs: bytes

local TOKEN, SESSION, FOREIGN_SESSION, SUBJECT, CLIENT, REALM, SIGNING_KEY, BIRTH = 1, 2, 3, 4, 5, 6, 7, 8
-- The latest forgetAfter.
local NEVER = 253402300799999

-- What a newer version wrote, or what is damaged, is not known: it covers everything, and joins with nothing.
local function decodeEntry(key, bytes)
  local version, kind, flags = byte(bytes, 1, 3)
  local isExempt = flags and flags % 2 == 1
  if version ~= 1 or #bytes < 41 + (isExempt and (flags % 4 >= 2 and 22 or 16) or 0) then
    return { key = key, bytes = bytes, kind = 0, revokedAt = 0, issuedBefore = 0, forgetAfter = LATEST, target = bytes,
      isKnown = false }
  end
  local entry = { key = key, bytes = bytes, kind = kind, isKnown = kind >= TOKEN and kind <= BIRTH,
    reason = byte(bytes, 4), actorKind = byte(bytes, 5), realm = sub(bytes, 26, 41),
    target = sub(bytes, 2, 2) .. sub(bytes, 6, 7) .. sub(bytes, 26, 41) }
  entry.revokedAt, entry.issuedBefore, entry.forgetAfter = struct.unpack('>I6I6I6', bytes, 8)
  local rest = 42
  if isExempt then
    entry.exempt = sub(bytes, 42, 57)
    rest = 58
    if flags % 4 >= 2 then
      entry.exemptBegan = unpackMillis(bytes, 58)
      rest = 64
    end
  end
  entry.actorId = sub(bytes, rest)
  return entry
end

-- All entries of a field.
local function decodeField(key, field)
  local entries, at = {}, 1
  while field and at <= #field do
    local length = byte(field, at)
    entries[#entries + 1] = decodeEntry(key, sub(field, at + 1, at + length))
    at = at + length + 1
  end
  return entries
end

-- An entry as it stands in a field.
local function inField(bytes) return string.char(#bytes) .. bytes end

local function withIssuedBefore(bytes, millis) return sub(bytes, 1, 13) .. packMillis(millis) .. sub(bytes, 20) end
local function withForgetAfter(bytes, millis) return sub(bytes, 1, 19) .. packMillis(millis) .. sub(bytes, 26) end
local function partitionsOfBirthKey(key) return (struct.unpack('>I8', key, 9)) end
