-- Entries, and the twin of the rule that judges them.
--
-- An entry is: version, kind, flags, reason, actor kind (1 byte each), bucket (2), revokedAt, issuedBefore, forgetAfter
-- (6 each), realm key (16), exempt session key (16) and its begin (6) if flagged, actor id. A field holds entries one
-- behind another, each with its length in one byte in front.
local NAMES = { 'token', 'session', 'session', 'subject', 'client', 'realm', 'signing' }

-- What a newer version wrote, or what is damaged, is not known: it covers everything, and joins with nothing.
local function decode(key, body)
  local version, kind, flags = byte(body, 1, 3)
  local isExempt = flags and flags % 2 == 1
  if version ~= 1 or #body < 41 + (isExempt and (flags % 4 >= 2 and 22 or 16) or 0) then
    return { key = key, body = body, kind = 0, at = 0, ib = 0, fa = INVERSE, target = body, known = false }
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
  e.reason, e.actor, e.actorId = byte(body, 4), byte(body, 5), sub(body, rest)
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

-- Strings are compared byte by byte, because "<" follows the locale of the server.
local function compareBytes(a, b)
  for i = 1, math.min(#a, #b) do
    local difference = byte(a, i) - byte(b, i)
    if difference ~= 0 then return difference end
  end
  return #a - #b
end

-- Twin of Revocation.recordedFirst, for entries of one target: negative if the first of them was recorded first.
local function compareRecorded(a, b)
  if a.at ~= b.at then return a.at - b.at end
  if a.reason ~= b.reason then return a.reason - b.reason end
  if a.actor ~= b.actor then return a.actor - b.actor end
  local difference = compareBytes(a.actorId, b.actorId)
  if difference ~= 0 then return difference end
  if a.ib ~= b.ib then return a.ib - b.ib end
  difference = compareBytes(a.exempt or '', b.exempt or '')
  if difference ~= 0 then return difference end
  return a.fa - b.fa
end

-- Twin of Revocation.replaces: of two entries that supersede each other, the one recorded first stays.
local function replaces(other, entry)
  return supersedes(other, entry) and (not supersedes(entry, other) or compareRecorded(other, entry) <= 0)
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
