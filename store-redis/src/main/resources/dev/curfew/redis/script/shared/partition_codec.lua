-- What a partition holds beside entries and rows, as bytes: names of fields, lines of the feed, integrity marks, acts.
--
-- A line of the feed (twin of FeedLine) is: chained hash (8), instant (6), type (1), content. The hash is made from the
-- hash of the line before and all that follows it. The content of a revocation is its target key and its entry.
-- An integrity mark (twin of BucketIntegrity) is: the bucket's random bytes (8), until when something in the bucket is
-- remembered (6).
-- An act stands under the first 12 bytes of its key: its count and one (4), the number of its line in the feed (6); or
-- 0, and behind it the content, if it has no line.
--
-- Offers: REVOKED, ROTATED, isTarget, markField, newestCutOff, isNewestCutOff, newestClientCutOff, foreignUntil
-- Offers: bucketOfKey, lineAfter, hashOfLine, instantOfLine, contentOfLine, splitContent
-- Offers: packMark, idOfMark, latestOfMark, fieldOfAct, packAct, unpackAct
-- Needs: bytes

local REVOKED, ROTATED = '\1', '\2'

-- Fields of the partition's hash. Only those of targets have 16 bytes, and only those of realms 17.
local function isTarget(field) return #field == 16 end
local function markField(bucket) return 'M' .. bucket end
-- Of a realm: the newest cut-off of any target, that of clients, until when an entry of a foreign session is kept.
local function newestCutOff(realm) return 'N' .. realm end
local function isNewestCutOff(field) return #field == 17 and byte(field) == 78 end
local function newestClientCutOff(realm) return 'C' .. realm end
local function foreignUntil(realm) return 'F' .. realm end

-- The number of the bucket whose revocations have that key; nil if the key is another one.
local function bucketOfKey(key) return string.match(key, '}:r(%d+)$') end

local function lineAfter(hash, millis, type, content)
  local rest = packMillis(millis) .. type .. content
  local hex = sub(redis.sha1hex(hash .. rest), 1, 16)
  return string.gsub(hex, '..', function(digits) return string.char(tonumber(digits, 16)) end) .. rest
end

local function hashOfLine(line) return sub(line, 1, 8) end
-- Nil if others wrote it.
local function instantOfLine(line) return #line >= 14 and unpackMillis(line, 9) or nil end
local function contentOfLine(line) return sub(line, 16) end
local function splitContent(content) return sub(content, 1, 16), sub(content, 17) end

local function packMark(id, latest) return id .. packMillis(latest) end
local function idOfMark(mark) return sub(mark, 1, 8) end
-- A mark that cannot be read never ends.
local function latestOfMark(mark) return #mark == 14 and unpackMillis(mark, 9) or LATEST end

local function fieldOfAct(act) return sub(act, 1, 12) end
local function packAct(count, line, content) return struct.pack('>I4I6', count + 1, line) .. content end

-- Answers the count, the number of the line, and the content or nil.
local function unpackAct(value)
  local count, line = struct.unpack('>I4I6', value)
  return count - 1, line, #value > 10 and sub(value, 11) or nil
end
