-- The set of the sessions of a bucket that have ended, so that a count need not look at each.
--
-- A bucket is a table of the keys that a script was given: revocations, rows, index, ended, due, foreign; and its
-- number. Beside the index of all rows stands the sorted set of those members that have ended, whether by time or by an
-- entry of their own. It is exact until the instant that stands in "due" under x + bucket; a later count looks at each.
-- The set has a member in front of all others, so that it stands wherever rows do; if it does not, it was lost, and the
-- next purge makes it anew.
--
-- Offers: dueBy, watchOf, createEnded, markEnded, unmarkEnded, keepEnded
-- Needs: bytes, context, session_codec, index_codec, live, rule

local function dueBy(due, member, millis)
  call('ZADD', due, 'LT', decimal(millis), member)
end

-- The member of "due" that says until when the set is exact.
local function watchOf(bucket) return 'x' .. bucket.number end

local function createEnded(bucket)
  if call('EXISTS', bucket.ended) == 0 then
    if call('HLEN', bucket.rows) > 0 then dueBy(bucket.due, watchOf(bucket), now) end
    call('ZADD', bucket.ended, 0, '')
  end
end

local function keepEnded(bucket)
  keepFor(bucket.ended, math.max(call('PTTL', bucket.index), 1))
end

-- The session of an entry's key has ended, if the entry covers it.
local function markEnded(bucket, entry)
  local row = call('HGET', bucket.rows, entry.key)
  if row and hasHead(row) and covers(entry, factsOf(entry.key, row)) then
    createEnded(bucket)
    call('ZADD', bucket.ended, 0, memberOf(entry.key, row))
    keepEnded(bucket)
    if entry.forgetAfter < expiryOf(row) then dueBy(bucket.due, watchOf(bucket), entry.forgetAfter) end
  end
end

-- A session that had ended by time has a later sign of life, from a node whose clock is behind.
local function unmarkEnded(bucket, key, row)
  if call('ZREM', bucket.ended, memberOf(key, row)) == 1 then dueBy(bucket.due, watchOf(bucket), endsByTime(row)) end
end
