-- Revokes a token, session or subject of this partition. KEYS[3] revocations, KEYS[4] rows, KEYS[5] index of the
-- bucket, KEYS[6] due, KEYS[7] ended, KEYS[8] revocations of the caller's bucket (of this partition), KEYS[9..11] acts
-- of this hour, the last and the next.
-- ARGV[7] target key, ARGV[8] entry, ARGV[9] bucket, ARGV[10] flags: 1 means "now" by the later of both clocks, 2 a
-- standing entry of the same identity will do, 4 verbatim, and the act is remembered whatever it writes; ARGV[11] 0 no
-- caller, 1 a caller to be tested, 2 a caller that was tested; ARGV[12..17] the caller's token, session, signing key,
-- subject, client and realm; ARGV[18] began, ARGV[19] login. The last argument is the act.
-- Answers C with key and entry of all that covers the caller, N, or R with target key, entry, count, 1 if changed.
--
-- Needs: bytes, context, revocation_codec, session_codec, partition_codec, birth, entries, rule, live, record, acts
-- Needs: index, counting, check_buckets

local bucket = { revocations = KEYS[3], rows = KEYS[4], index = KEYS[5], due = KEYS[6], ended = KEYS[7],
  number = ARGV[9] }
local key, entry, flags, act = ARGV[7], decodeEntry(ARGV[7], ARGV[8]), tonumber(ARGV[10]), ARGV[#ARGV]
local kind = entry.kind
local meansNow, byIdentity, verbatim = flags % 2 == 1, flags % 4 >= 2, flags >= 4
local caller = ARGV[11] ~= '0' and { token = ARGV[12], session = ARGV[13], signingKey = ARGV[14], subject = ARGV[15],
  client = ARGV[16], realm = ARGV[17], began = tonumber(ARGV[18]), login = tonumber(ARGV[19]) } or nil
local row

local function isOwned()
  if namesSession(kind) then
    return key == caller.session or row and subjectOf(row) == caller.subject
  end
  return kind == TOKEN and key == caller.token or kind == SUBJECT and key == caller.subject
end

-- The entry with a later instant, which it outlives by as much as before.
local function notBefore(millis)
  if millis <= entry.issuedBefore then return entry end
  local forgetAfter = math.min(millis + retention, NEVER)
  return decodeEntry(key, withIssuedBefore(withForgetAfter(entry.bytes, forgetAfter), millis))
end

-- The first instant behind all cut-offs of the subject and behind the begin of its newest session.
local function behindAll()
  local newest = math.max(birth.issuedBefore, tonumber(call('HGET', PARTITION, newestClientCutOff(entry.realm)) or 0))
  for _, list in ipairs({ entriesOf(bucket.revocations, key), entriesOf(PARTITION, entry.realm) }) do
    for _, other in ipairs(list) do newest = math.max(newest, other.issuedBefore) end
  end
  eachSession(bucket, key, nil, 2, function(session, _, began)
    if session == entry.exempt then return false end
    newest = math.max(newest, began)
    return true
  end)
  return newest + 1
end

-- What is written: it depends on the row, or on the clocks, where the entry means "now".
local function fixed()
  if kind == SESSION and row and isReadable(row) and not verbatim then
    return decodeEntry(key, withForgetAfter(entry.bytes, forgetAfterOf(row)))
  end
  if kind == SUBJECT and meansNow then return notBefore(math.max(behindAll(), laterClock + nodeSkew)) end
  if kind == FOREIGN_SESSION and meansNow then
    return notBefore(math.max(laterClock + nodeSkew, row and hasHead(row) and beganOf(row) or 0))
  end
  return entry
end

-- The entry that makes this one needless, of several the one recorded first; nil if there is none.
local function standingEntry()
  local standing
  for _, other in ipairs(entriesOf(bucket.revocations, key)) do
    local isEnough = supersedes(other, entry)
      or byIdentity and other.isKnown and other.target == entry.target and other.forgetAfter > now
    if isEnough and (not standing or compareRecorded(other, standing) < 0) then standing = other end
  end
  return standing
end

local function countEnded()
  if kind == SUBJECT then return countLive(bucket, key, entry) end
  if kind == TOKEN or row and not isReadable(row) then return 1 end
  if row then return isLive(key, row, bucket.revocations) and 1 or 0 end
  return caller and covers(entry, caller) and 1 or 0
end

if caller and now < horizon then return { '!horizon', decimal(horizon) } end
local earlier = findAct({ KEYS[9], KEYS[10], KEYS[11] }, act, key)
if earlier then return { 'R', earlier.key, earlier.bytes, earlier.count, 0 } end
if namesSession(kind) then row = call('HGET', bucket.rows, key) end
if caller then
  local by = ARGV[11] == '1' and covering(caller, KEYS[8]) or {}
  if #by > 0 then return appendEntries({ 'C' }, by) end
  if not isOwned() then
    -- A replica, whose row may be old, refuses this.
    writeBirthAgain()
    return { 'N' }
  end
end
if kind == SUBJECT then repairIndex(bucket) end
entry = fixed()
local standing = standingEntry()
if standing then
  writeBirthAgain()
  if verbatim then rememberAct(KEYS[9], act, 0, key, standing.bytes, false) end
  return { 'R', key, standing.bytes, 0, 0 }
end
if entry.forgetAfter <= earlierClock then return { 'R', key, entry.bytes, 0, 0 } end
local count = countEnded()
local isRecorded = recordEntry(bucket, key, entry.bytes)
rememberAct(KEYS[9], act, count, key, entry.bytes, isRecorded)
return { 'R', key, entry.bytes, count, 1 }
