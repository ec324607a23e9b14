-- A shared record as bytes. Twin of SharedRecordCodec: version (8), forgetAfter (6),
-- random bytes of the write (8), value.
--
-- Offers: NO_VERSION, isRecord, versionOfRecord, endOfRecord
-- Needs: bytes

local NO_VERSION = '\0\0\0\0\0\0\0\0'

local function versionOfRecord(row) return sub(row, 1, 8) end
local function endOfRecord(row) return unpackMillis(row, 9) end

-- Whether it has a head, a version that can be one, and no more than the longest value.
local function isRecord(row)
  return #row >= 22 and #row <= 65558 and byte(row) < 128 and versionOfRecord(row) ~= NO_VERSION
end
