-- Counts the live sessions that a cut-off of their subject ends.
--
-- Above all other cut-offs these are a range of the index without the ended ones. Looked at one by one are: sessions
-- that some cut-off spares, those that a cut-off of a client may cover, and all of the subject's if something in the
-- bucket may have ended since the set of ended ones was brought up to date.
--
-- Offers: countLive
-- Needs: context, session_codec, index_codec, partition_codec, birth, entries, rule, live, ended

-- All cut-offs of a subject or its realm that are in force, the birth among them; nil if one cannot be read.
local function cutOffsInForce(bucket, subject, realm)
  local cutOffs = { birth }
  for _, list in ipairs({ entriesOf(bucket.revocations, subject), entriesOf(PARTITION, realm) }) do
    for _, entry in ipairs(list) do
      if not entry.isKnown then return nil end
      if isInForce(entry) then cutOffs[#cutOffs + 1] = entry end
    end
  end
  return cutOffs
end

-- Sessions that began after one instant, up to another one, as bounds of the index.
local function beganBetween(subject, above, upTo)
  return '[' .. memberPrefix(subject, upTo), '(' .. memberPrefix(subject, above)
end

-- Whether an entry would end a session that is live now. hasOwn: whether the bucket has entries of that session.
local function wouldEnd(bucket, key, row, hasOwn, entry, cutOffs)
  local began = beganOf(row)
  if endsByTime(row) <= now or began > entry.issuedBefore then return false end
  for _, cutOff in ipairs(cutOffs) do
    if began <= cutOff.issuedBefore then return false end
  end
  local client = clientOf(row)
  if client ~= '' then
    local facts = factsOf(key, row)
    for _, other in ipairs(entriesOf(PARTITION, client)) do
      if isInForce(other) and covers(other, facts) then return false end
    end
  end
  if hasOwn or not isOurs(row) and call('HEXISTS', PARTITION, key) == 1 then
    return isLive(key, row, bucket.revocations)
  end
  return true
end

-- Counts one by one, but for some keys. Reads in bulk, because a subject may have thousands.
local function countEach(bucket, from, to, entry, cutOffs, spared)
  local total = 0
  while true do
    local page = call('ZRANGEBYLEX', bucket.index, from, to, 'LIMIT', 0, 1000)
    if #page == 0 then return total end
    local keys = {}
    for i = 1, #page do keys[i] = sessionOfMember(page[i]) end
    local rows = call('HMGET', bucket.rows, unpack(keys))
    local own = call('HMGET', bucket.revocations, unpack(keys))
    for i, key in ipairs(keys) do
      local row = rows[i]
      if row and isReadable(row) and not spared[key] and wouldEnd(bucket, key, row, own[i], entry, cutOffs) then
        total = total + 1
      end
    end
    if #page < 1000 then return total end
    from = '(' .. page[#page]
  end
end

-- Up to which begin sessions must be looked at one by one.
local function lookedAtUpTo(bucket, entry)
  local realm = call('HMGET', PARTITION, newestClientCutOff(entry.realm), foreignUntil(entry.realm))
  local exactUntil = tonumber(call('ZSCORE', bucket.due, watchOf(bucket)) or 0)
  local isExact = exactUntil > now and call('EXISTS', bucket.ended) == 1
  if not isExact or tonumber(realm[2] or 0) > now then return entry.issuedBefore end
  return math.min(tonumber(realm[1] or 0), entry.issuedBefore)
end

local function countLive(bucket, subject, entry)
  local cutOffs = cutOffsInForce(bucket, subject, entry.realm)
  if not cutOffs then return 0 end
  local floor, spared = -1, {}
  for _, cutOff in ipairs(cutOffs) do
    floor = math.max(floor, cutOff.issuedBefore)
    if cutOff.exempt then spared[cutOff.exempt] = true end
  end
  if entry.exempt then spared[entry.exempt] = true end
  local total, lookedAt = 0, lookedAtUpTo(bucket, entry)
  if lookedAt > floor then
    local from, to = beganBetween(subject, floor, lookedAt)
    if call('ZLEXCOUNT', bucket.index, from, to) > 0 then
      total = countEach(bucket, from, to, entry, cutOffs, spared)
    end
  end
  local above = math.max(floor, lookedAt)
  if entry.issuedBefore > above then
    local from, to = beganBetween(subject, above, entry.issuedBefore)
    total = total + call('ZLEXCOUNT', bucket.index, from, to) - call('ZLEXCOUNT', bucket.ended, from, to)
  end
  for key in pairs(spared) do
    local row = call('HGET', bucket.rows, key)
    if row and isReadable(row) and subjectOf(row) == subject then
      local began = beganOf(row)
      local isCounted = began > above and began <= entry.issuedBefore
        and not call('ZSCORE', bucket.ended, memberOf(key, row))
      if isCounted then total = total - 1 end
      if covers(entry, factsOf(key, row)) and isLive(key, row, bucket.revocations) then total = total + 1 end
    end
  end
  return total
end
