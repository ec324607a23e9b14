-- Adds a session. KEYS[3] revocations, KEYS[4] rows, KEYS[5] index of the bucket, KEYS[6] due, KEYS[7] foreign
-- sessions, KEYS[8] ended.
-- ARGV[7] session key, ARGV[8] row, ARGV[9] bucket, ARGV[10] limit or 0 for none, ARGV[11] 1 to end the oldest,
-- ARGV[12] entry that ends a session of ours for the limit, but for its forgetAfter; ARGV[13] entry that ends a foreign
-- one; ARGV[14] key of the session that is replaced or nothing, ARGV[15] and ARGV[16] the same entries for that one.
-- Answers K (known), C with key and entry for each that covers, O with the number of live ones, or I with key, row and
-- entry for each that was ended. A client may send it twice around a lost connection: the same row answers what the
-- first did.
--
-- Needs: context, revocation_codec, session_codec, index_codec, birth, entries, live, ended, record, index
-- Needs: check_horizon, check_buckets

local bucket = { revocations = KEYS[3], rows = KEYS[4], index = KEYS[5], due = KEYS[6], foreign = KEYS[7],
  ended = KEYS[8], number = ARGV[9] }
local key, row, limit, endsOldest = ARGV[7], ARGV[8], tonumber(ARGV[10]), ARGV[11] == '1'
local replacedKey = ARGV[14]
local forLimit, forReplaced = { ours = ARGV[12], foreign = ARGV[13] }, { ours = ARGV[15], foreign = ARGV[16] }
local subject = subjectOf(row)

local function appendEnded(answer, other, value, entry)
  local n = #answer
  answer[n + 1], answer[n + 2], answer[n + 3] = other, value, entry
end

-- Appends a session that the first try of this insert has ended.
local function appendEndedBefore(answer, other, value, ends)
  local reason = decodeEntry(other, ends.ours).reason
  for _, entry in ipairs(entriesOf(bucket.revocations, other)) do
    if entry.isKnown and entry.revokedAt == now and entry.reason == reason then
      appendEnded(answer, other, value, entry.bytes)
    end
  end
end

local function endedBefore()
  local answer = { 'I' }
  local replaced = replacedKey ~= '' and call('HGET', bucket.rows, replacedKey)
  if replaced and isReadable(replaced) and subjectOf(replaced) == subject then
    appendEndedBefore(answer, replacedKey, replaced, forReplaced)
  end
  if limit > 0 and endsOldest then
    eachSession(bucket, subject, nil, 128, function(other, value)
      if other ~= replacedKey then appendEndedBefore(answer, other, value, forLimit) end
    end)
  end
  return answer
end

-- The row of the live session of the same subject whose place this one takes; nil if there is none.
local function replacedRow()
  local other = replacedKey ~= '' and call('HGET', bucket.rows, replacedKey)
  if other and isReadable(other) and subjectOf(other) == subject
      and isLive(replacedKey, other, bucket.revocations) then
    return other
  end
end

-- How many other sessions of the subject are live, and those over the limit, the newest in front.
local function countLiveSessions(replaced)
  local live, surplus = 0, {}
  eachSession(bucket, subject, nil, 128, function(other, value)
    if (not replaced or other ~= replacedKey) and mayBeLive(other, value, bucket.revocations) then
      live = live + 1
      -- A row that cannot be read counts, and is not ended.
      if live >= limit and isReadable(value) then surplus[#surplus + 1] = { key = other, row = value } end
    end
  end)
  return live, surplus
end

-- Twin of RevocationRequest.overLimit and replaced.
local function endOf(other, value, ends)
  if isOurs(value) then return withForgetAfter(ends.ours, forgetAfterOf(value)) end
  local began = beganOf(value)
  if began <= decodeEntry(other, ends.foreign).issuedBefore then return ends.foreign end
  return withIssuedBefore(withForgetAfter(ends.foreign, math.min(began + retention, NEVER)), began)
end

local function endSession(answer, other, value, ends)
  local entry = endOf(other, value, ends)
  recordEntry(bucket, other, entry)
  appendEnded(answer, other, value, entry)
end

local function writeRow()
  local life = math.max(expiryOf(row) - earlierClock, 0) + endedKept + 2 * HOUR
  createEnded(bucket)
  call('HSET', bucket.rows, key, row)
  call('ZADD', bucket.index, 0, memberOf(key, row))
  keepFor(bucket.rows, life)
  keepFor(bucket.index, life)
  keepFor(bucket.ended, life)
  dueBy(bucket.due, bucket.number, endsByTime(row) + endedKept)
  dueBy(bucket.due, watchOf(bucket), endsByTime(row))
  keepFor(bucket.due, life)
  if not isOurs(row) then
    call('HSET', bucket.foreign, key, bucket.number)
    keepFor(bucket.foreign, life)
  end
end

-- A replica, whose rows may be old, refuses this.
local function refused(answer)
  writeBirthAgain()
  return answer
end

local present = call('HGET', bucket.rows, key)
local isRepeated = present == row and endsByTime(row) > now
if present and not isRepeated and (isOurs(row) or mayBeLive(key, present, bucket.revocations)) then
  return refused({ 'K' })
end
local by = covering(factsOf(key, row), bucket.revocations)
if #by > 0 then return refused(appendEntries({ 'C' }, by)) end
if isRepeated then
  local answer = endedBefore()
  writeBirthAgain()
  return answer
end
local replaced, surplus = replacedRow(), {}
if limit > 0 then
  repairIndex(bucket)
  local live
  live, surplus = countLiveSessions(replaced)
  if live >= limit and not endsOldest then return refused({ 'O', live }) end
end
local answer = { 'I' }
if replaced then endSession(answer, replacedKey, replaced, forReplaced) end
for _, other in ipairs(surplus) do endSession(answer, other.key, other.row, forLimit) end
if present then removeSession(bucket, key, present) end
writeRow()
return answer
