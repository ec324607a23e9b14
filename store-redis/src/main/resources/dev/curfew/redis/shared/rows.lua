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
  look(entries(PART, f.token))
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

-- What stands for a row in the index: the one that began last comes first, and of those of one instant the one that was
-- created last.
local function member(key, row)
  return sub(row, 57, 72) .. p6(INVERSE - began(row)) .. p6(INVERSE - unpack_('>I6', row, 21)) .. key
end

local function keyOf(member_) return sub(member_, -16) end
