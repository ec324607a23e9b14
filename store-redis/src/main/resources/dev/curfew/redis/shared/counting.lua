-- Counts one by one the live sessions of a range of the index that an entry would end, but for some keys. Reads in
-- bulk, because a subject may have thousands.
local function countWalking(bucket, from, to, entry, cuts, without)
  local total, applied = 0, {}
  while true do
    local page = call('ZRANGEBYLEX', bucket.index, from, to, 'LIMIT', 0, 1000)
    if #page == 0 then return total end
    local keys = {}
    for i = 1, #page do keys[i] = keyOf(page[i]) end
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

-- How many live sessions of its subject a cut-off ends. Above all other cut-offs these are a range of the index without
-- the ended ones. Looked at one by one: sessions that some cut-off spares, those that a cut-off of a client may cover,
-- and all of the subject's if something in the bucket may have ended since the ended ones were swept up.
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
  if watch <= now or call('EXISTS', bucket.ended) == 0 or tonumber(aggregates[2] or 0) > now then walked = entry.ib end
  local total = 0
  if walked > floor then
    local from, to = range(floor, walked)
    if call('ZLEXCOUNT', bucket.index, from, to) > 0 then
      total = countWalking(bucket, from, to, entry, cuts, spared)
    end
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
