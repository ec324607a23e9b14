-- Counts the live sessions among the next ones of a bucket, in the order of its index. KEYS[3] revocations,
-- KEYS[4] rows, KEYS[5] index of the bucket, KEYS[6] ended.
-- ARGV[7] the member of the index behind which to look or nothing, ARGV[8] at how many rows to look. Answers how many
-- live, and the member at which it stopped or nothing if there are no more.
--
-- Needs: context, session_codec, birth, entries, live, index, check_horizon, check_buckets

local bucket = { revocations = KEYS[3], rows = KEYS[4], index = KEYS[5], ended = KEYS[6] }
local chunk, live = tonumber(ARGV[8]), 0
repairIndex(bucket)
local keys, rows, members = readSlice(bucket, ARGV[7], chunk)

-- No bytes for a row that is missing or cannot be read.
local subjects = {}
for i, row in ipairs(rows) do subjects[i] = row and isReadable(row) and subjectOf(row) or '' end

local function read(hash, fields) return #fields > 0 and call('HMGET', hash, unpack(fields)) or {} end
local own, everywhere = read(bucket.revocations, keys), read(PARTITION, keys)
local ofSubjects = read(bucket.revocations, subjects)

-- Most sessions are named by no entry, so that only the birth and entries of their client and realm may cover them.
local births = { birth }
local function isLiveUnnamed(key, row)
  local ofClient, ofRealm = entriesOf(PARTITION, clientOf(row)), entriesOf(PARTITION, realmOf(row))
  if #ofClient + #ofRealm == 0 then return beganOf(row) > birth.issuedBefore end
  local facts = factsOf(key, row)
  return not anyCovers(births, facts) and not anyCovers(ofClient, facts) and not anyCovers(ofRealm, facts)
end

for i, key in ipairs(keys) do
  local row = rows[i]
  if subjects[i] ~= '' and endsByTime(row) > now then
    local isNamed, isCounted = own[i] or everywhere[i] or ofSubjects[i], nil
    if isNamed then isCounted = isLive(key, row, bucket.revocations) else isCounted = isLiveUnnamed(key, row) end
    if isCounted then live = live + 1 end
  end
end
return { live, #keys == chunk and members[chunk] or '' }
