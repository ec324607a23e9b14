-- The index of the sessions of a bucket.
local function membersOf(index, subject, from, count)
  return call('ZRANGEBYLEX', index, from or ('[' .. subject),
    '(' .. subject .. '\255\255\255\255\255\255\255\255', 'LIMIT', 0, count or -1)
end

-- Walks the sessions of a subject, the one that began last in front; visit(key, row, began, member) answers true to
-- stop. The begin comes from the index, so that it is known of a row that cannot be read, too.
local function walk(index, rows, subject, from, chunk, visit)
  while true do
    local page = membersOf(index, subject, from, chunk)
    if #page == 0 then return end
    local keys = {}
    for i = 1, #page do keys[i] = keyOf(page[i]) end
    local values = call('HMGET', rows, unpack(keys))
    for i = 1, #page do
      if not values[i] then
        call('ZREM', index, page[i])
      elseif visit(keys[i], values[i], INVERSE - unpack_('>I6', page[i], 17), page[i]) then
        return
      end
    end
    if #page < chunk then return end
    from = '(' .. page[#page]
  end
end

local function removeRow(bucket, foreign, key, row)
  call('HDEL', bucket.rows, key)
  call('ZREM', bucket.index, member(key, row))
  call('ZREM', bucket.ended, member(key, row))
  if byte(row, 2) < 4 and call('HGET', foreign, key) == bucket.number then call('HDEL', foreign, key) end
end

-- Makes the index from the rows, and lets counts walk. A row that cannot be read has a member of no subject.
local function makeIndex(rows, index, ended)
  call('DEL', index)
  call('DEL', ended)
  local all = call('HGETALL', rows)
  for i = 1, #all, 2 do
    call('ZADD', index, 0, isReadable(all[i + 1]) and member(all[i], all[i + 1]) or string.rep('\0', 28) .. all[i])
  end
  keep(index, math.max(call('PTTL', rows), 1))
end

-- An index that does not have as many members as there are rows was lost, or its rows were.
local function fit(rows, index, ended)
  if call('HLEN', rows) ~= call('ZCARD', index) then makeIndex(rows, index, ended) end
end
