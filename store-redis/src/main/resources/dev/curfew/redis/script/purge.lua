-- Removes what has ended long enough ago from one bucket, or from the partition's own hash. KEYS[3] due,
-- KEYS[4] revocations (the partition's own for w); for a bucket KEYS[5] rows, KEYS[6] index, KEYS[7] foreign sessions,
-- KEYS[8] ended.
-- ARGV[7] the member of due, ARGV[8] the most to remove. Answers how many rows and how many entries went, 1 if the
-- horizon is that of this purge now, and behind that of each session that time had ended, with no entry before that:
-- key, row, and whether an entry covers it all the same.
--
-- Needs: bytes, context, revocation_codec, session_codec, partition_codec, birth, rule, live, integrity, index
-- Needs: check_buckets

if now - serverClock > nodeSkew then return { '!differ', decimal(now - serverClock) } end
local bucket = { due = KEYS[3], revocations = KEYS[4], rows = KEYS[5], index = KEYS[6], foreign = KEYS[7],
  ended = KEYS[8], number = ARGV[7] }
local limit = tonumber(ARGV[8])
-- Rows and entries that went, and whether something due stays because of the limit.
local sessions, revocations, isLeft = 0, 0, false
local nextDue, expired = math.huge, {}

local function appendExpired(key, row, isCovered)
  expired[#expired + 1] = key
  expired[#expired + 1] = row
  expired[#expired + 1] = isCovered and 1 or 0
end

-- A row of a later version goes an hour after the others, so that a node that can tell its end goes first.
local function purgeRow(key, row)
  local byTime, kept = endsByTime(row), isReadable(row) and endedKept or endedKept + HOUR
  local ended, by = byTime, covering(factsOf(key, row), bucket.revocations)
  for _, entry in ipairs(by) do
    if entry.isKnown then ended = math.min(ended, entry.revokedAt) end
  end
  if ended + kept > now then
    nextDue = math.min(nextDue, ended + kept)
  elseif sessions < limit then
    removeSession(bucket, key, row)
    sessions = sessions + 1
    if ended == byTime then appendExpired(key, row, #by > 0) end
  else
    isLeft = true
  end
end

-- When an entry goes: an hour after its end, or after another one that replaces it was recorded.
local function goesAt(entry, entries)
  local at = entry.forgetAfter + HOUR
  for _, other in ipairs(entries) do
    if other ~= entry and other.bytes ~= entry.bytes and replaces(other, entry) then
      at = math.min(at, other.revokedAt + HOUR + 1)
    end
  end
  return at
end

local stays, latest, isForgotten = 0, 0, false

local function purgeField(key, field)
  local entries, kept, rest = decodeField(key, field), 0, ''
  for _, entry in ipairs(entries) do
    local at = goesAt(entry, entries)
    local isDue = entry.isKnown and at <= now
    if isDue and sessions + revocations < limit then
      revocations = revocations + 1
      isForgotten = isForgotten or entry.forgetAfter + HOUR <= now
    else
      isLeft = isLeft or isDue
      kept, rest = kept + 1, rest .. inField(entry.bytes)
      latest = math.max(latest, entry.forgetAfter)
      if at > now then nextDue = math.min(nextDue, at) end
    end
  end
  stays = stays + kept
  if kept == 0 then
    call('HDEL', bucket.revocations, key)
  elseif kept < #entries then
    call('HSET', bucket.revocations, key, rest)
  end
end

if bucket.rows then
  local rows = call('HGETALL', bucket.rows)
  for i = 1, #rows, 2 do
    if hasHead(rows[i + 1]) then purgeRow(rows[i], rows[i + 1]) end
  end
end
local fields = call('HGETALL', bucket.revocations)
for i = 1, #fields, 2 do
  if isTarget(fields[i]) then purgeField(fields[i], fields[i + 1]) end
end
if isForgotten then raiseHorizon(now - HOUR) end
local mark = comparedBucket(bucket.revocations)
if mark and stays == 0 then
  if mark.endedAt then raiseHorizon(mark.endedAt) end
  call('HDEL', bucket.revocations, 'm')
  call('HDEL', PARTITION, markField(bucket.number))
elseif mark and isForgotten then
  -- A check that read the horizon before this and the bucket after it finds other bytes, and asks again.
  writeMark(mark, randomId, latest)
end
if isLeft then nextDue = now end
if nextDue == math.huge then
  call('ZREM', bucket.due, bucket.number)
else
  call('ZADD', bucket.due, decimal(nextDue), bucket.number)
end
local answer = { sessions, revocations, isForgotten and 1 or 0 }
for i = 1, #expired do answer[i + 3] = expired[i] end
return answer
