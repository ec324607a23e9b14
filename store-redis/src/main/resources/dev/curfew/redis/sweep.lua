-- Sweeps up what ended in one bucket, so that a count need not walk. KEYS[3] due, KEYS[4] revocations, KEYS[5] rows,
-- KEYS[6] index, KEYS[7] ended. ARGV[7] the bucket. Answers how many have ended.
-- Time has ended a session here only a minute after it did: another node's clock may be behind.
local bucket = bucketOf(KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[3], ARGV[7])
local nextDue, known, count = math.huge, {}, 0
for _, m in ipairs(call('ZRANGE', bucket.ended, 0, -1)) do known[m] = true end
local all = call('HGETALL', bucket.rows)
for i = 1, #all, 2 do
  local key, row = all[i], all[i + 1]
  if isReadable(row) then
    local ends, isEnded, m = endsByTime(row), false, member(key, row)
    if ends <= now - 60000 then
      isEnded = true
    else
      for _, e in ipairs(entries(bucket.revoked, key)) do
        if (e.fa > now or not e.known) and covers(e, factsOf(key, row)) then
          isEnded = true
          nextDue = math.min(nextDue, e.fa)
        end
      end
      if not isEnded then nextDue = math.min(nextDue, ends) end
    end
    if isEnded then count = count + 1 end
    if isEnded and not known[m] then
      call('ZADD', bucket.ended, 0, m)
    elseif known[m] and not isEnded then
      call('ZREM', bucket.ended, m)
    end
  end
end
if count > 0 then keep(bucket.ended, math.max(call('PTTL', bucket.index), 1)) end
if nextDue == math.huge then
  call('ZREM', bucket.due, bucket.watch)
else
  call('ZADD', bucket.due, num(nextDue), bucket.watch)
end
return count
