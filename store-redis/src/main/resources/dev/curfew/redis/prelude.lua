-- The shared chunk in front of every script of a partition: the rule's twin, the feed, births and times to live.
--
-- KEYS[1] partition: hash with the birth marker (b), the installation (P, R), the entries that are kept everywhere (by target
--         key), the newest cut-offs of a realm (N + realm: of any target, C + realm: of clients), and until when an entry of
--         a foreign session of that realm is kept everywhere (F + realm). Has no time to live.
-- KEYS[2] feed: stream of (chained hash, instant, type, content); the newest line stays. Whoever adds to it publishes a hint.
-- ARGV[1] now, ARGV[2] birth entry, ARGV[3] birth key, ARGV[4] 8 random bytes, ARGV[5] retention, ARGV[6] how long ended
--         sessions are kept; instants and durations in milliseconds. A script's own arguments start at ARGV[7].
--
-- An entry is: version, kind, flags, reason, actor kind (1 byte each), bucket (2), revokedAt, issuedBefore, forgetAfter (6
-- each), realm key (16), exempt session key (16) and its begin (6) if flagged, actor id. A field holds entries one behind
-- another, each with its length in one byte in front.
local call, byte, sub, unpack_ = redis.call, string.byte, string.sub, struct.unpack
local PART, FEED = KEYS[1], KEYS[2]
local now, retention, kept = tonumber(ARGV[1]), tonumber(ARGV[5]), tonumber(ARGV[6])
local HOUR = 3600000
local INVERSE = 281474976710655
local NAMES = { 'token', 'session', 'session', 'subject', 'client', 'realm', 'signing' }

local function p6(n) return struct.pack('>I6', n) end
local function num(n) return string.format('%.0f', n) end

-- What a newer version wrote, or what is damaged, is not known: it covers everything, and joins with nothing.
local function decode(key, body)
  local version, kind, flags = byte(body, 1, 3)
  local isExempt = flags and flags % 2 == 1
  if version ~= 1 or #body < 41 + (isExempt and (flags % 4 >= 2 and 22 or 16) or 0) then
    return { key = key, body = body, kind = 0, at = 0, ib = 0, fa = INVERSE, target = body, origin = body, known = false }
  end
  local at, ib, fa = unpack_('>I6I6I6', body, 8)
  local e = { key = key, body = body, kind = kind, at = at, ib = ib, fa = fa,
    target = sub(body, 2, 2) .. sub(body, 6, 7) .. sub(body, 26, 41) }
  local rest = 42
  if isExempt then
    e.exempt = sub(body, 42, 57)
    rest = 58
    if flags % 4 >= 2 then
      e.exemptBegan = unpack_('>I6', body, 58)
      rest = 64
    end
  end
  e.origin = sub(body, 8, 13) .. sub(body, 4, 4) .. byte(body, 5) .. sub(body, rest)
  e.known = kind >= 1 and kind <= 8
  return e
end

local function split(key, value)
  local list, i = {}, 1
  while value and i <= #value do
    local n = byte(value, i)
    list[#list + 1] = decode(key, sub(value, i + 1, i + n))
    i = i + n + 1
  end
  return list
end

-- Twin of Revocation.supersedes; what cannot be read supersedes nothing, and nothing supersedes it.
local function supersedes(a, b)
  local k = a.kind
  return a.known and b.known and a.key == b.key and a.target == b.target and a.fa >= b.fa
    and (k < 3 or k == 7 or a.ib >= b.ib)
    and (not a.exempt or a.exempt == b.exempt or (a.exemptBegan and a.exemptBegan > b.ib)) and true or false
end

-- Of two entries that supersede each other, the one recorded first stays.
local function replaces(other, entry)
  return supersedes(other, entry) and (not supersedes(entry, other) or other.origin <= entry.origin)
end

-- Twin of Revocation.covers; what cannot be read covers.
local function covers(e, f)
  if not e.known then return true end
  local k = e.kind
  if k ~= 8 and f[NAMES[k]] ~= e.key then return false end
  if k == 3 then return f.login <= e.ib end
  if k < 3 or k == 7 then return true end
  return f.began <= e.ib and not (e.exempt and e.exempt == f.session)
end

local memo = {}
local function entries(hash, key)
  if key == '' then return {} end
  local list = memo[hash .. key]
  if not list then
    list = split(key, call('HGET', hash, key))
    memo[hash .. key] = list
  end
  return list
end

local function keep(key, ttl)
  if call('PTTL', key) < ttl then call('PEXPIRE', key, num(ttl)) end
end

-- A line may be trimmed once it has not been the newest for two hours, so that a reader who was there in that time finds it
-- again. Lines go from the oldest on without a gap.
local function isSuperseded(nextLine)
  local entry = nextLine[2][2]
  return #entry < 14 or unpack_('>I6', entry, 9) <= now - 2 * HOUR
end

-- Lines are numbered without a gap, unless somebody deleted the newest by hand: the stream takes no number again.
local number, chain
local function add(entry)
  number = number + 1
  local answer = redis.pcall('XADD', FEED, num(number) .. '-0', 'e', entry)
  if type(answer) ~= 'table' then return end
  if call('EXISTS', FEED) == 1 then
    local info = call('XINFO', 'STREAM', FEED)
    for i = 1, #info, 2 do
      if info[i] == 'last-generated-id' then number = tonumber(string.match(info[i + 1], '^%d+')) + 1 end
    end
  end
  call('XADD', FEED, num(number) .. '-0', 'e', entry)
end

-- Comes before what it tells of is written, and its hint cannot fail: a script that broke in between must not leave an entry that
-- no reader was told of.
local function append(kind, content)
  local isFirst = not number
  if not number then
    local last = call('XREVRANGE', FEED, '+', '-', 'COUNT', 1)[1]
    number = last and tonumber(string.match(last[1], '^%d+')) or 0
    chain = last and sub(last[2][2], 1, 8) or ARGV[4]
    local old = call('XRANGE', FEED, '-', '+', 'COUNT', 3)
    for i = 1, #old - 1 do
      if not isSuperseded(old[i + 1]) then break end
      call('XDEL', FEED, old[i][1])
    end
  end
  local line = p6(now) .. kind .. content
  chain = string.gsub(sub(redis.sha1hex(chain .. line), 1, 16), '..', function(h) return string.char(tonumber(h, 16)) end)
  add(chain .. line)
  if isFirst then redis.pcall('PUBLISH', string.match(FEED, '^(.*){') .. 'h', '') end
end

local birthBody = call('HGET', PART, 'b')
if not birthBody then
  birthBody = ARGV[2]
  append('\1', ARGV[3] .. birthBody)
  call('HSET', PART, 'b', birthBody, 'P', num(unpack_('>I8', ARGV[3], 9)), 'R', ARGV[5])
end
local birth = decode(ARGV[3], birthBody)

-- Writes what stands already, so that a WAIT behind this script waits for it.
local function writeAgain()
  call('HSET', PART, 'b', birthBody)
end

local function dueBy(due, member, at)
  call('ZADD', due, 'LT', num(at), member)
end

-- Sessions. A row is: version, flags (1 client, 2 secret, 4 id of ours), lastSeen, idle time-out, expiry, created,
-- forgetAfter (6 each), begin (6), bucket and version of the id (2), realm key, subject key, 16 random bytes of the id,
-- client key and secret hash as flagged, payload.
local function isReadable(row)
  return byte(row, 1) == 1 and #row >= 72
end

local function client(row)
  local flags = byte(row, 2)
  if flags % 2 == 0 then return '' end
  local at = flags >= 4 and 89 or 73
  return sub(row, at, at + 15)
end

local function began(row) return (unpack_('>I6', row, 33)) end

local function endsByTime(row)
  local seen, idle, expiry = unpack_('>I6I6I6', row, 3)
  return math.min(seen + idle, expiry)
end

local function factsOf(key, row)
  local at = began(row)
  return { token = '', session = key, signing = '', subject = sub(row, 57, 72), client = client(row),
    realm = sub(row, 41, 56), began = at, login = at }
end

-- All live entries that cover, of the partition itself and of the bucket whose revocations are in the given hash.
local function covering(f, revoked)
  local found = {}
  local function look(list)
    for _, e in ipairs(list) do
      if (e.fa > now or not e.known) and covers(e, f) then found[#found + 1] = e end
    end
  end
  look({ birth })
  look(entries(revoked, f.token))
  look(entries(revoked, f.session))
  look(entries(PART, f.session))
  look(entries(PART, f.signing))
  look(entries(revoked, f.subject))
  look(entries(PART, f.client))
  look(entries(PART, f.realm))
  return found
end

local function isLive(key, row, revoked)
  return endsByTime(row) > now and #covering(factsOf(key, row), revoked) == 0
end

local function member(key, row)
  return sub(row, 57, 72) .. p6(INVERSE - began(row)) .. key
end

-- The containers of a bucket. Beside the index of all rows stands the sorted set of those members that have ended, whether by
-- time or by an entry of their own. It is exact until the instant that stands in "due" under x + bucket; a later count walks.
local function bucketOf(revoked, rows, index, ended, due, number_)
  return { revoked = revoked, rows = rows, index = index, ended = ended, due = due, number = number_,
    watch = 'x' .. number_ }
end

local function markEnded(bucket, e)
  local row = call('HGET', bucket.rows, e.key)
  if row and isReadable(row) and covers(e, factsOf(e.key, row)) then
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

-- Adds an entry to the field of its target, unless one that replaces it stands there; keeps the aggregates and the feed. Given
-- the containers of its bucket, a session that it ends is known as ended.
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
  local life = math.max(e.fa - now, 0) + 2 * HOUR
  if hash ~= PART then keep(hash, life) end
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

-- Acts. What an act did is remembered for an hour at least, in a hash for each hour: under 12 bytes of its key, its count and
-- one (4 bytes) and the number of its line in the feed (6); or 0, and behind it target key and entry, if it has no line.
local function actOf(hashes, act, target)
  for _, hash in ipairs(hashes) do
    local value = call('HGET', hash, sub(act, 1, 12))
    if value then
      local count, line = unpack_('>I4I6', value)
      local content = #value > 10 and sub(value, 11) or nil
      if not content then
        local at = num(line) .. '-0'
        local found = call('XRANGE', FEED, at, at)[1]
        content = found and sub(found[2][2], 16)
      end
      if content and sub(content, 1, 16) == target then
        -- Written again, so that a WAIT behind this script waits for it.
        call('HSET', hash, sub(act, 1, 12), value)
        return { count = count - 1, key = sub(content, 1, 16), body = sub(content, 17) }
      end
    end
  end
end

local function remember(hash, act, count, key, body, isNew)
  call('HSET', hash, sub(act, 1, 12), struct.pack('>I4I6', count + 1, isNew and number or 0) .. (isNew and '' or key .. body))
  keep(hash, 3 * HOUR)
end

local function membersOf(index, subject, from, count)
  return call('ZRANGEBYLEX', index, from or ('[' .. subject),
    '(' .. subject .. '\255\255\255\255\255\255\255\255', 'LIMIT', 0, count or -1)
end

-- Walks the sessions of a subject, the one that began last in front; visit(key, row, began) answers true to stop. The begin comes
-- from the index, so that it is known of a row that cannot be read, too.
local function walk(index, rows, subject, from, chunk, visit)
  while true do
    local page = membersOf(index, subject, from, chunk)
    if #page == 0 then return end
    local keys = {}
    for i = 1, #page do keys[i] = sub(page[i], 23, 38) end
    local values = call('HMGET', rows, unpack(keys))
    for i = 1, #page do
      if not values[i] then
        call('ZREM', index, page[i])
      elseif visit(keys[i], values[i], INVERSE - unpack_('>I6', page[i], 17)) then
        return
      end
    end
    if #page < chunk then return end
    from = '(' .. page[#page]
  end
end

-- Counts one by one the live sessions of a range of the index that an entry would end, but for some keys. Reads in bulk, because
-- a subject may have thousands.
local function countWalking(bucket, from, to, entry, cuts, without)
  local total, applied = 0, {}
  while true do
    local page = call('ZRANGEBYLEX', bucket.index, from, to, 'LIMIT', 0, 1000)
    if #page == 0 then return total end
    local keys = {}
    for i = 1, #page do keys[i] = sub(page[i], 23, 38) end
    local values = call('HMGET', bucket.rows, unpack(keys))
    local own = call('HMGET', bucket.revoked, unpack(keys))
    for i = 1, #page do
      local row, key = values[i], keys[i]
      if row and isReadable(row) and not without[key] and endsByTime(row) > now then
        local at, app = began(row), client(row)
        local live = at <= entry.ib
        if live and app ~= '' then
          applied[app] = applied[app] or entries(PART, app)
          for _, e in ipairs(applied[app]) do
            if (e.fa > now or not e.known) and covers(e, factsOf(key, row)) then live = false end
          end
        end
        for j = 1, #cuts do
          if at <= cuts[j].ib then live = false end
        end
        if live and (own[i] or byte(row, 2) < 4 and call('HEXISTS', PART, key) == 1) then
          live = isLive(key, row, bucket.revoked)
        end
        if live then total = total + 1 end
      end
    end
    if #page < 1000 then return total end
    from = '(' .. page[#page]
  end
end

-- How many live sessions of its subject a cut-off ends. Above all other cut-offs these are a range of the index without the
-- ended ones. Looked at one by one: sessions that some cut-off spares, those that a cut-off of a client may cover, and all of the
-- subject's if something in the bucket may have ended since the ended ones were swept up.
local function countLive(bucket, subject, entry)
  local realm, floor, spared, cuts = sub(entry.body, 26, 41), -1, {}, { birth }
  for _, list in ipairs({ entries(bucket.revoked, subject), entries(PART, realm) }) do
    for _, e in ipairs(list) do
      if not e.known then return 0 end
      if e.fa > now then cuts[#cuts + 1] = e end
    end
  end
  for _, e in ipairs(cuts) do
    floor = math.max(floor, e.ib)
    if e.exempt then spared[e.exempt] = true end
  end
  if entry.exempt then spared[entry.exempt] = true end
  local function range(above, upTo)
    return '[' .. subject .. p6(math.max(INVERSE - upTo, 0)), '(' .. subject .. p6(math.max(INVERSE - above, 0))
  end
  local aggregates = call('HMGET', PART, 'C' .. realm, 'F' .. realm)
  local watch = tonumber(call('ZSCORE', bucket.due, bucket.watch) or 0)
  local walked = math.min(tonumber(aggregates[1] or 0), entry.ib)
  if watch <= now or tonumber(aggregates[2] or 0) > now then walked = entry.ib end
  local total = 0
  if walked > floor then
    local from, to = range(floor, walked)
    if call('ZLEXCOUNT', bucket.index, from, to) > 0 then total = countWalking(bucket, from, to, entry, cuts, spared) end
  end
  local above = math.max(floor, walked)
  if entry.ib > above then
    local from, to = range(above, entry.ib)
    total = total + call('ZLEXCOUNT', bucket.index, from, to) - call('ZLEXCOUNT', bucket.ended, from, to)
  end
  for key in pairs(spared) do
    local row = call('HGET', bucket.rows, key)
    if row and isReadable(row) and sub(row, 57, 72) == subject then
      local at = began(row)
      if at > above and at <= entry.ib and not call('ZSCORE', bucket.ended, member(key, row)) then total = total - 1 end
      if covers(entry, factsOf(key, row)) and isLive(key, row, bucket.revoked) then total = total + 1 end
    end
  end
  return total
end

local function removeRow(bucket, foreign, key, row)
  call('HDEL', bucket.rows, key)
  call('ZREM', bucket.index, member(key, row))
  call('ZREM', bucket.ended, member(key, row))
  if byte(row, 2) < 4 and call('HGET', foreign, key) == bucket.number then call('HDEL', foreign, key) end
end
