-- Judges whether a session, or a token, is live: by its times and by all entries that may cover it.
--
-- Offers: factsOf, anyCovers, covering, appendEntries, isLive, mayBeLive
-- Needs: context, session_codec, entries, rule, birth

-- Of a row that cannot be read nobody knows the client.
local function factsOf(key, row)
  local began = beganOf(row)
  return { token = '', session = key, signingKey = '', subject = subjectOf(row),
    client = isReadable(row) and clientOf(row) or '', realm = realmOf(row), began = began, login = began }
end

-- Whether an entry of a list is in force and covers.
local function anyCovers(list, facts)
  for _, entry in ipairs(list) do
    if isInForce(entry) and covers(entry, facts) then return true end
  end
  return false
end

-- All entries in force that cover, of the partition itself and of the bucket whose revocations are in the given hash.
local function covering(facts, revocations)
  local found = {}
  local function look(list)
    for _, entry in ipairs(list) do
      if isInForce(entry) and covers(entry, facts) then found[#found + 1] = entry end
    end
  end
  look({ birth })
  look(entriesOf(revocations, facts.token))
  look(entriesOf(PARTITION, facts.token))
  look(entriesOf(revocations, facts.session))
  look(entriesOf(PARTITION, facts.session))
  look(entriesOf(PARTITION, facts.signingKey))
  look(entriesOf(revocations, facts.subject))
  look(entriesOf(PARTITION, facts.client))
  look(entriesOf(PARTITION, facts.realm))
  return found
end

-- Appends key and bytes of each entry to an answer.
local function appendEntries(answer, entries)
  for _, entry in ipairs(entries) do
    answer[#answer + 1] = entry.key
    answer[#answer + 1] = entry.bytes
  end
  return answer
end

local function isLive(key, row, revocations)
  return endsByTime(row) > now and #covering(factsOf(key, row), revocations) == 0
end

-- Whether a session is live as far as anybody can say, also one whose row cannot be read.
local function mayBeLive(key, row, revocations)
  return not hasHead(row) or isLive(key, row, revocations)
end
