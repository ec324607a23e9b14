-- Exchanges secret and credential of a live session, its payload, or both. KEYS[3] revocations, KEYS[4] rows, KEYS[5]
-- ended of the bucket, KEYS[6] due, KEYS[7] notices.
-- ARGV[7] session key, ARGV[8] bucket, ARGV[9] flags: 1 the secret is exchanged, 2 the payload, 4 a notice is left;
-- ARGV[10] expected and ARGV[11] next hash, ARGV[12] next credential, ARGV[13] expected and ARGV[14] next payload,
-- ARGV[15] a sign of life or nothing. Answers E (exchanged), M with the row that stands, or N (not live), with what
-- found.lua appends if there is a row that can be read. A repeat of the same exchange answers E and changes nothing,
-- because a client may send it twice around a lost connection.
--
-- Needs: bytes, context, session_codec, partition_codec, birth, feed, found, live, ended
-- Needs: check_horizon, check_buckets

local bucket = { revocations = KEYS[3], rows = KEYS[4], ended = KEYS[5], due = KEYS[6], number = ARGV[8] }
local notices, key, flags = KEYS[7], ARGV[7], tonumber(ARGV[9])
local ofSecret, ofPayload, leavesNotice = flags % 2 == 1, flags % 4 >= 2, flags >= 4
local expectedSecret, nextSecret, nextCredential = ARGV[10], ARGV[11], ARGV[12]
local expectedPayload, nextPayload, seen = ARGV[13], ARGV[14], tonumber(ARGV[15])

-- Twin of Rotation.isDone.
local function isDone(row)
  if ofSecret then return secretOf(row) == nextSecret end
  return payloadOf(row) == nextPayload
end

-- Twin of Rotation.expects.
local function isExpected(row)
  return (not ofSecret or secretOf(row) == expectedSecret) and (not ofPayload or payloadOf(row) == expectedPayload)
end

-- Comes before the row: a repeat finds the row exchanged, and does not make up for a notice that failed.
local function leaveNotice()
  call('ZADD', notices, decimal(serverClock), key)
  keepFor(notices, 2 * HOUR)
  appendLine(ROTATED, key)
end

-- Twin of Rotation.applyTo.
local function exchange(row)
  local isSeen = seen and seen > lastSeenOf(row)
  if ofSecret then row = withCredential(withSecret(row, nextSecret), nextCredential) end
  if ofPayload then row = withPayload(row, nextPayload) end
  if isSeen then row = withLastSeen(row, seen) end
  call('HSET', bucket.rows, key, row)
  if isSeen then unmarkEnded(bucket, key, row) end
end

local row = call('HGET', bucket.rows, key)
local isKnown = row and isReadable(row)
if isKnown and isLive(key, row, bucket.revocations) and isExpected(row) and not isDone(row) then
  if leavesNotice then leaveNotice() end
  exchange(row)
  return { 'E' }
end
-- A replica, whose row may be old, refuses this; and a WAIT behind this script waits for what stands.
writeBirthAgain()
if not isKnown then return { 'N' } end
if not isLive(key, row, bucket.revocations) then return appendFound({ 'N' }, key, row, bucket.revocations) end
return isDone(row) and { 'E' } or { 'M', row }
