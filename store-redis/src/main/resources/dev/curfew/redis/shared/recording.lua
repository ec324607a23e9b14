-- Recording entries in a hash.
local function dueBy(due, member, at)
  call('ZADD', due, 'LT', num(at), member)
end

-- The containers of a bucket. Beside the index of all rows stands the sorted set of those members that have ended,
-- whether by time or by an entry of their own. It is exact until the instant that stands in "due" under x + bucket; a
-- later count walks.
local function bucketOf(revoked, rows, index, ended, due, number_)
  return { revoked = revoked, rows = rows, index = index, ended = ended, due = due, number = number_,
    watch = 'x' .. number_ }
end

-- That set has a member in front of all others, so that it stands wherever rows do; if it does not, it was lost, and
-- the next sweep makes it anew.
local function standEnded(bucket)
  if call('EXISTS', bucket.ended) == 0 then
    if call('HLEN', bucket.rows) > 0 then dueBy(bucket.due, bucket.watch, now) end
    call('ZADD', bucket.ended, 0, '')
  end
end

local function markEnded(bucket, e)
  local row = call('HGET', bucket.rows, e.key)
  if row and isReadable(row) and covers(e, factsOf(e.key, row)) then
    standEnded(bucket)
    call('ZADD', bucket.ended, 0, member(e.key, row))
    keep(bucket.ended, math.max(call('PTTL', bucket.index), 1))
    local _, _, expiry = unpack_('>I6I6I6', row, 3)
    if e.fa < expiry then dueBy(bucket.due, bucket.watch, e.fa) end
  end
end

local function raise(field, value)
  local newest = call('HGET', PART, field)
  if not newest or tonumber(newest) < value then call('HSET', PART, field, num(value)) end
end

-- Adds an entry to the field of its target, unless one that replaces it stands there; keeps the aggregates and the
-- feed. Given the containers of its bucket, a session that it ends is known as ended.
local function record(hash, due, member, key, body, bucket)
  local e = decode(key, body)
  local value = call('HGET', hash, key)
  for _, present in ipairs(split(key, value)) do
    if replaces(present, e) then return false end
  end
  append('\1', key .. body)
  call('HSET', hash, key, (value or '') .. string.char(#body) .. body)
  memo[hash .. key] = nil
  local k, realm = e.kind, sub(body, 26, 41)
  if k >= 4 and k <= 6 then
    raise('N' .. realm, e.ib)
    if k == 5 then raise('C' .. realm, e.ib) end
  elseif k == 3 and hash == PART then
    raise('F' .. realm, e.fa)
  elseif (k == 2 or k == 3) and bucket then
    markEnded(bucket, e)
  end
  local life = math.max(e.fa - slow, 0) + 2 * HOUR
  if hash ~= PART then accompany(hash, e.fa) end
  dueBy(due, member, value and math.min(e.fa + HOUR, e.at + HOUR + 1) or e.fa + HOUR)
  if hash == PART then
    if k < 7 then
      for _, other in ipairs(call('ZRANGE', due, 0, -1)) do dueBy(due, other, now + kept) end
    end
  elseif k > 1 then
    dueBy(due, member, now + kept)
  end
  keep(due, math.max(life, kept + 2 * HOUR))
  return true
end
