-- A group of shared records. KEYS[3] hash: records by item; KEYS[4] sorted set: items in their order; KEYS[5] sorted
-- set: items by forgetAfter; KEYS[6] sorted set: the groups of the partition by when something is due for a purge.
-- ARGV[7] group.
--
-- The hash says what stands there, and each sorted set has a member for each of its fields. Where one has not, both are
-- made anew. Where the hash is gone, records are lost, until the last of them was to be forgotten.
--
-- Offers: group, repairGroup, standing, removeItems, updateDue
-- Needs: bytes, context, shared_record_codec

local group = { records = KEYS[3], items = KEYS[4], ends = KEYS[5], due = KEYS[6], key = ARGV[7] }

-- The score that a sorted set has at its begin (0) or at its end (-1), or nil.
local function scoreAt(set, place)
  return tonumber(call('ZRANGE', set, place, place, 'WITHSCORES')[2])
end

-- Answers false if records are lost.
local function repairGroup()
  local size = call('HLEN', group.records)
  if call('ZCARD', group.items) == size and call('ZCARD', group.ends) == size then return true end
  if size == 0 then
    local last = scoreAt(group.ends, -1)
    if not last or last > earlierClock then return false end
    call('DEL', group.items, group.ends)
    return true
  end
  call('DEL', group.items, group.ends)
  local fields = call('HGETALL', group.records)
  for i = 1, #fields, 2 do
    local item, row = fields[i], fields[i + 1]
    call('ZADD', group.items, 0, item)
    call('ZADD', group.ends, decimal(isRecord(row) and endOfRecord(row) or laterClock + retention), item)
  end
  local life = call('PTTL', group.records)
  keepFor(group.items, life)
  keepFor(group.ends, life)
  return true
end

-- Whether what stands there, or nil, is a record that is not forgotten.
local function standing(row) return row and endOfRecord(row) > earlierClock end

local function removeItems(items)
  call('HDEL', group.records, unpack(items))
  call('ZREM', group.items, unpack(items))
  call('ZREM', group.ends, unpack(items))
end

-- A purge looks at the group an hour after the first of its records is forgotten.
local function updateDue()
  local first = scoreAt(group.ends, 0)
  if first then
    call('ZADD', group.due, decimal(first + HOUR), group.key)
  else
    call('ZREM', group.due, group.key)
  end
end
