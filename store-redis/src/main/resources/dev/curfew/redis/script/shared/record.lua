-- Records an entry in a bucket, or in the partition's own hash for what is kept everywhere.
--
-- Offers: EVERYWHERE, recordEntry
-- Needs: bytes, context, revocation_codec, partition_codec, rule, entries, feed, integrity, ended

local EVERYWHERE = 'w'

local function raise(field, millis)
  local newest = call('HGET', PARTITION, field)
  if not newest or tonumber(newest) < millis then call('HSET', PARTITION, field, decimal(millis)) end
end

-- What the partition knows of the entry's realm; and that the session of the entry has ended, if its row is here.
local function updateAggregates(bucket, entry)
  local kind = entry.kind
  if isCutOff(kind) then
    raise(newestCutOff(entry.realm), entry.issuedBefore)
    if kind == CLIENT then raise(newestClientCutOff(entry.realm), entry.issuedBefore) end
  elseif kind == FOREIGN_SESSION and bucket.number == EVERYWHERE then
    raise(foreignUntil(entry.realm), entry.forgetAfter)
  elseif namesSession(kind) and bucket.rows then
    markEnded(bucket, entry)
  end
end

-- When a purge finds that the entry is over, that an older one is superseded, or that sessions have ended by it.
local function scheduleEntry(bucket, entry, isFirst)
  local due, isEverywhere = bucket.due, bucket.number == EVERYWHERE
  local ends = entry.forgetAfter + HOUR
  dueBy(due, bucket.number, isFirst and ends or math.min(ends, entry.revokedAt + HOUR + 1))
  if isEverywhere and entry.kind < SIGNING_KEY then
    for _, other in ipairs(call('ZRANGE', due, 0, -1)) do dueBy(due, other, now + endedKept) end
  elseif not isEverywhere and entry.kind > TOKEN then
    dueBy(due, bucket.number, now + endedKept)
  end
  keepFor(due, math.max(math.max(entry.forgetAfter - earlierClock, 0), endedKept) + 2 * HOUR)
end

-- Adds an entry to the field of its target, unless one that replaces it stands there. Answers whether it was added.
-- The bucket is that of ended.lua; for what is kept everywhere it has revocations and due only, and its number is
-- EVERYWHERE.
local function recordEntry(bucket, key, bytes)
  local entry, field = decodeEntry(key, bytes), call('HGET', bucket.revocations, key)
  for _, present in ipairs(decodeField(key, field)) do
    if replaces(present, entry) then return false end
  end
  appendLine(REVOKED, key .. bytes)
  call('HSET', bucket.revocations, key, (field or '') .. inField(bytes))
  readAgain(bucket.revocations, key)
  updateAggregates(bucket, entry)
  if bucket.number ~= EVERYWHERE then extendMark(bucket.revocations, entry.forgetAfter) end
  scheduleEntry(bucket, entry, not field)
  return true
end
