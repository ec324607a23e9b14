-- Members of the index of a bucket's sessions. Twin of IndexMember.
--
-- A member is: subject key (16), inverted begin (6), inverted creation (6), session key (16). So the session of a
-- subject that began last comes first, and of those of one instant the one that was created last.
--
-- Offers: memberOf, unreadableMember, sessionOfMember, beganOfMember, positionOfMember, memberPrefix, behindMembersOf
-- Needs: bytes, session_codec

local function memberOf(key, row)
  return subjectOf(row) .. packMillis(LATEST - beganOf(row)) .. packMillis(LATEST - createdOf(row)) .. key
end

-- For a row without a head: it is of no subject.
local function unreadableMember(key) return string.rep('\0', 28) .. key end

local function sessionOfMember(member) return sub(member, -16) end
local function beganOfMember(member) return LATEST - unpackMillis(member, 17) end
-- Where a member stands among those of its subject.
local function positionOfMember(member) return sub(member, 17) end

-- What the members of a subject's sessions that began at an instant begin with.
local function memberPrefix(subject, millis) return subject .. packMillis(math.max(LATEST - millis, 0)) end

-- The end of a range that begins among the members of a subject's sessions, and holds all behind.
local function behindMembersOf(subject) return '(' .. subject .. '\255\255\255\255\255\255\255\255' end
