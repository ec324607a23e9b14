-- Brings the set of ended sessions of one bucket up to date, so that a count need not look at each session.
-- KEYS[3] due, KEYS[4] revocations, KEYS[5] rows, KEYS[6] index, KEYS[7] ended. ARGV[7] the bucket. Answers how many
-- have ended.
-- Time has ended a session here only a minute after it did: another node's clock may be behind.
--
-- Needs: bytes, context, session_codec, index_codec, entries, rule, live, ended, check_buckets

local bucket = { due = KEYS[3], revocations = KEYS[4], rows = KEYS[5], index = KEYS[6], ended = KEYS[7],
  number = ARGV[7] }
local nextDue, count, isKnown = math.huge, 0, {}

-- Answers whether a session has ended, and when that changes next; math.huge if never.
local function hasEnded(key, row)
  local ends = endsByTime(row)
  if ends <= now - 60000 then return true, math.huge end
  local facts, isEnded, changes = factsOf(key, row), false, math.huge
  for _, entry in ipairs(entriesOf(bucket.revocations, key)) do
    if isInForce(entry) and covers(entry, facts) then
      isEnded = true
      changes = math.min(changes, entry.forgetAfter)
    end
  end
  return isEnded, isEnded and changes or ends
end

for _, member in ipairs(call('ZRANGE', bucket.ended, 0, -1)) do isKnown[member] = true end
local rows = call('HGETALL', bucket.rows)
for i = 1, #rows, 2 do
  local key, row = rows[i], rows[i + 1]
  if hasHead(row) then
    local isEnded, changes = hasEnded(key, row)
    local member = memberOf(key, row)
    nextDue = math.min(nextDue, changes)
    if isEnded then count = count + 1 end
    if isEnded and not isKnown[member] then
      call('ZADD', bucket.ended, 0, member)
    elseif isKnown[member] and not isEnded then
      call('ZREM', bucket.ended, member)
    end
  end
end
if count > 0 then keepEnded(bucket) end
if nextDue == math.huge then
  call('ZREM', bucket.due, watchOf(bucket))
else
  call('ZADD', bucket.due, decimal(nextDue), watchOf(bucket))
end
return count
