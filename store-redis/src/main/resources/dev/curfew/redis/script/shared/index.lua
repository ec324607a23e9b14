-- The index of the sessions of a bucket.
--
-- Offers: eachSession, readSlice, removeSession, removeMembers, makeIndex, repairIndex
-- Needs: context, session_codec, index_codec

-- Visits the sessions of a subject, the one that began last in front; visit(key, row, began, member) answers true to
-- stop. The begin comes from the index, so that it is known of a row that cannot be read, too.
local function eachSession(bucket, subject, from, chunk, visit)
  from = from or '[' .. subject
  while true do
    local page = call('ZRANGEBYLEX', bucket.index, from, behindMembersOf(subject), 'LIMIT', 0, chunk)
    if #page == 0 then return end
    local keys = {}
    for i = 1, #page do keys[i] = sessionOfMember(page[i]) end
    local rows = call('HMGET', bucket.rows, unpack(keys))
    for i = 1, #page do
      if not rows[i] then
        call('ZREM', bucket.index, page[i])
      elseif visit(keys[i], rows[i], beganOfMember(page[i]), page[i]) then
        return
      end
    end
    if #page < chunk then return end
    from = '(' .. page[#page]
  end
end

-- Some sessions of the bucket behind a member, or from its first on: their keys, rows (false where there is none) and
-- members. So that no script holds up the server for long.
local function readSlice(bucket, after, most)
  local members = call('ZRANGEBYLEX', bucket.index, after == '' and '-' or '(' .. after, '+', 'LIMIT', 0, most)
  local keys = {}
  for i = 1, #members do keys[i] = sessionOfMember(members[i]) end
  return keys, #keys > 0 and call('HMGET', bucket.rows, unpack(keys)) or {}, members
end

local function removeSession(bucket, key, row)
  call('HDEL', bucket.rows, key)
  call('ZREM', bucket.index, memberOf(key, row))
  call('ZREM', bucket.ended, memberOf(key, row))
  local isForeign = not isReadable(row) or not isOurs(row)
  if isForeign and call('HGET', bucket.foreign, key) == bucket.number then call('HDEL', bucket.foreign, key) end
end

-- Removes sessions by their members, at least one, whatever their rows are. Answers how many rows went.
local function removeMembers(bucket, members)
  local keys, foreign = {}, {}
  for i = 1, #members do keys[i] = sessionOfMember(members[i]) end
  for i, number in ipairs(call('HMGET', bucket.foreign, unpack(keys))) do
    if number == bucket.number then foreign[#foreign + 1] = keys[i] end
  end
  if #foreign > 0 then call('HDEL', bucket.foreign, unpack(foreign)) end
  local removed = call('HDEL', bucket.rows, unpack(keys))
  call('ZREM', bucket.index, unpack(members))
  call('ZREM', bucket.ended, unpack(members))
  return removed
end

-- Makes the index from the rows. The set of ended sessions goes, so that counts look at each row.
local function makeIndex(bucket)
  call('DEL', bucket.index)
  call('DEL', bucket.ended)
  local rows = call('HGETALL', bucket.rows)
  for i = 1, #rows, 2 do
    local key, row = rows[i], rows[i + 1]
    call('ZADD', bucket.index, 0, hasHead(row) and memberOf(key, row) or unreadableMember(key))
  end
  keepFor(bucket.index, math.max(call('PTTL', bucket.rows), 1))
end

-- An index that does not have as many members as there are rows was lost, or its rows were.
local function repairIndex(bucket)
  if call('HLEN', bucket.rows) ~= call('ZCARD', bucket.index) then makeIndex(bucket) end
end
