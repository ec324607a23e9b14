-- Removes what has ended long enough ago from one bucket, or from the partition's own hash. KEYS[3] due,
-- KEYS[4] revocations (the partition's own for w); for a bucket KEYS[5] rows, KEYS[6] index, KEYS[7] foreign sessions,
-- KEYS[8] ended.
-- ARGV[7] the member of due, ARGV[8] the most to remove. Answers how many rows and how many entries went, 1 if the
-- horizon is that of this purge now, and behind that of each session that time had ended, with no entry before that:
-- key, row, and whether an entry covers it all the same.
if now - clock > skew then return { '!differ', num(now - clock) } end
local limit = tonumber(ARGV[8])
local nextDue, gone, dropped, left = math.huge, 0, 0, false
local expired = {}
if KEYS[5] then
  local bucket = bucketOf(KEYS[4], KEYS[5], KEYS[6], KEYS[8], KEYS[3], ARGV[7])
  local all = call('HGETALL', KEYS[5])
  for i = 1, #all, 2 do
    local key, row = all[i], all[i + 1]
    if isReadable(row) then
      local ends = endsByTime(row)
      local ended = ends
      local by = covering(factsOf(key, row), KEYS[4])
      for _, e in ipairs(by) do
        if e.known then ended = math.min(ended, e.at) end
      end
      if ended + kept > now then
        nextDue = math.min(nextDue, ended + kept)
      elseif gone < limit then
        removeRow(bucket, KEYS[7], key, row)
        gone = gone + 1
        if ended == ends then
          expired[#expired + 1] = key
          expired[#expired + 1] = row
          expired[#expired + 1] = #by > 0 and 1 or 0
        end
      else
        left = true
      end
    end
  end
end
local fields, stays, latest, isForgotten = call('HGETALL', KEYS[4]), 0, 0, false
for i = 1, #fields, 2 do
  local key = fields[i]
  if #key == 16 then
    local list, keptEntries, value = split(key, fields[i + 1]), 0, ''
    for _, e in ipairs(list) do
      local dueAt = e.fa + HOUR
      for _, other in ipairs(list) do
        if other ~= e and other.body ~= e.body and replaces(other, e) then
          dueAt = math.min(dueAt, other.at + HOUR + 1)
        end
      end
      local goes = e.known and dueAt <= now
      if goes and gone + dropped >= limit then
        goes = false
        left = true
      end
      if goes then
        dropped = dropped + 1
        isForgotten = isForgotten or e.fa + HOUR <= now
      else
        keptEntries = keptEntries + 1
        stays, latest = stays + 1, math.max(latest, e.fa)
        value = value .. string.char(#e.body) .. e.body
        if dueAt > now then nextDue = math.min(nextDue, dueAt) end
      end
    end
    if keptEntries == 0 then
      call('HDEL', KEYS[4], key)
    elseif keptEntries < #list then
      call('HSET', KEYS[4], key, value)
    end
  end
end
if isForgotten then raiseHorizon(now - HOUR) end
local c = company[KEYS[4]]
if c and stays == 0 then
  if c.over then raiseHorizon(c.over) end
  call('HDEL', KEYS[4], 'm')
  call('HDEL', PART, 'M' .. c.number)
elseif c and isForgotten then
  -- A check that read the horizon before this and the bucket after it finds other bytes, and asks again.
  mark(c, ARGV[4], latest)
end
if left then nextDue = now end
if nextDue == math.huge then
  call('ZREM', KEYS[3], ARGV[7])
else
  call('ZADD', KEYS[3], num(nextDue), ARGV[7])
end
local answer = { gone, dropped, isForgotten and 1 or 0 }
for i = 1, #expired do answer[i + 3] = expired[i] end
return answer
