-- The rule of what covers, supersedes and replaces what. Twin of Revocation and of RevocationTarget.Kind.
--
-- Offers: namesSession, isCutOff, covers, supersedes, compareRecorded, replaces
-- Needs: bytes, revocation_codec

local FACTS = { 'token', 'session', 'session', 'subject', 'client', 'realm', 'signingKey' }

local function namesSession(kind) return kind == SESSION or kind == FOREIGN_SESSION end
-- Whether it ends what its target names, whenever that began.
local function isById(kind) return kind < FOREIGN_SESSION or kind == SIGNING_KEY end
local function isCutOff(kind) return kind >= SUBJECT and kind <= REALM end

-- Twin of Revocation.covers; what cannot be read covers.
local function covers(entry, facts)
  if not entry.isKnown then return true end
  local kind = entry.kind
  if kind ~= BIRTH and facts[FACTS[kind]] ~= entry.key then return false end
  if kind == FOREIGN_SESSION then return facts.login <= entry.issuedBefore end
  if isById(kind) then return true end
  return facts.began <= entry.issuedBefore and not (entry.exempt and entry.exempt == facts.session)
end

-- Twin of Revocation.supersedes; what cannot be read supersedes nothing, and nothing supersedes it.
local function supersedes(a, b)
  return a.isKnown and b.isKnown and a.key == b.key and a.target == b.target and a.forgetAfter >= b.forgetAfter
    and (isById(a.kind) or a.issuedBefore >= b.issuedBefore)
    and (not a.exempt or a.exempt == b.exempt or (a.exemptBegan and a.exemptBegan > b.issuedBefore)) and true or false
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
  if a.revokedAt ~= b.revokedAt then return a.revokedAt - b.revokedAt end
  if a.reason ~= b.reason then return a.reason - b.reason end
  if a.actorKind ~= b.actorKind then return a.actorKind - b.actorKind end
  local difference = compareBytes(a.actorId, b.actorId)
  if difference ~= 0 then return difference end
  if a.issuedBefore ~= b.issuedBefore then return a.issuedBefore - b.issuedBefore end
  difference = compareBytes(a.exempt or '', b.exempt or '')
  if difference ~= 0 then return difference end
  return a.forgetAfter - b.forgetAfter
end

-- Twin of Revocation.replaces: of two entries that supersede each other, the one recorded first stays.
local function replaces(other, entry)
  return supersedes(other, entry) and (not supersedes(entry, other) or compareRecorded(other, entry) <= 0)
end
