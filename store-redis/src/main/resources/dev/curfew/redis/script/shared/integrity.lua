-- Notices that the revocations of a bucket were lost. Twin of BucketIntegrity.
--
-- The revocations of a bucket begin with 8 random bytes (field m). The partition holds the bucket's integrity mark: the
-- same bytes, and the instant until when something in the bucket is remembered, rounded up to the next day. If one is
-- without the other before that instant, revocations are lost.
--
-- Offers: compareBucket, comparedBucket, writeMark, adoptMarks, extendMark, latestForgetAfter
-- Needs: bytes, context, revocation_codec, partition_codec, birth

local DAY = 86400000
-- What was compared, by the key of the revocations: number, hash, id (field m, if present), latest (of the mark, if
-- both agree), endedAt (else: until when what the bucket held before was remembered).
local compared = {}

local function latestForgetAfter(hash)
  local latest, fields = 0, call('HGETALL', hash)
  for i = 1, #fields, 2 do
    if isTarget(fields[i]) then
      for _, entry in ipairs(decodeField(fields[i], fields[i + 1])) do latest = math.max(latest, entry.forgetAfter) end
    end
  end
  return latest
end

local function keepBucket(bucket) keepFor(bucket.hash, bucket.latest - earlierClock + 2 * HOUR) end

local function writeMark(bucket, id, latest)
  bucket.id, bucket.latest = id, math.min(math.ceil(latest / DAY) * DAY, LATEST)
  call('HSET', bucket.hash, 'm', id)
  call('HSET', PARTITION, markField(bucket.number), packMark(id, bucket.latest))
  keepBucket(bucket)
end

-- Answers whether a bucket is intact, lost, or unsure because the clocks of node and server do not agree whether all
-- that it held was forgotten; and until when it held something.
local function compareBucket(number, hash)
  local id, mark = call('HGET', hash, 'm'), call('HGET', PARTITION, markField(number))
  local bucket = { number = number, hash = hash, id = id }
  compared[hash] = bucket
  local latest = mark and latestOfMark(mark)
  if mark and id == idOfMark(mark) then
    bucket.latest = latest
    return 'intact'
  end
  if mark and latest > earlierClock then return latest > laterClock and 'lost' or 'unsure', latest end
  bucket.endedAt = latest or 0
  return 'intact'
end

-- What was found of a bucket; nil if it was not compared.
local function comparedBucket(hash) return compared[hash] end

-- What was written while the partition had lost its own hash is taken as it is.
local function adoptMarks()
  for _, bucket in pairs(compared) do
    if bucket.id and not bucket.latest then
      raiseHorizon(bucket.endedAt)
      writeMark(bucket, bucket.id, latestForgetAfter(bucket.hash))
    end
  end
end

-- An entry was written to a bucket, which begins with it if there was none.
local function extendMark(hash, forgetAfter)
  local bucket = compared[hash]
  if not bucket.id then
    raiseHorizon(bucket.endedAt)
    writeMark(bucket, randomId, call('HLEN', hash) > 1 and latestForgetAfter(hash) or forgetAfter)
  elseif forgetAfter > bucket.latest then
    writeMark(bucket, bucket.id, forgetAfter)
  else
    keepBucket(bucket)
  end
end
