-- Adds a session. KEYS[3] revocations, KEYS[4] rows, KEYS[5] index of the bucket, KEYS[6] due, KEYS[7] foreign
-- sessions, KEYS[8] ended.
-- ARGV[7] session key, ARGV[8] row, ARGV[9] bucket, ARGV[10] limit or 0 for none, ARGV[11] 1 to end the oldest,
-- ARGV[12] entry that ends a session of ours for the limit, but for its forgetAfter; ARGV[13] entry that ends a foreign
-- one. Answers K (known), C with key and entry for each that covers, O with the number of live ones, or I with key, row
-- and entry for each that was ended. A client may send it twice around a lost connection: the same row answers what the
-- first did.
local revoked, rows, index, due, ended = KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[8]
local bucket = bucketOf(revoked, rows, index, ended, due, ARGV[9])
local key, row, limit = ARGV[7], ARGV[8], tonumber(ARGV[10])
local ours = byte(row, 2) >= 4
local present = call('HGET', rows, key)
local isRepeated = present == row and endsByTime(row) > now
if present and not isRepeated and (ours or not isReadable(present) or isLive(key, present, revoked)) then
  return { 'K' }
end
local by = covering(factsOf(key, row), revoked)
if #by > 0 then
  local answer = { 'C' }
  for _, e in ipairs(by) do
    answer[#answer + 1] = e.key
    answer[#answer + 1] = e.body
  end
  return answer
end
local answer = { 'I' }
if isRepeated then
  if limit > 0 and ARGV[11] == '1' then
    walk(index, rows, sub(row, 57, 72), nil, 128, function(other, value)
      for _, e in ipairs(entries(revoked, other)) do
        if e.known and e.at == now and byte(e.body, 4) == byte(ARGV[12], 4) then
          local n = #answer
          answer[n + 1], answer[n + 2], answer[n + 3] = other, value, e.body
        end
      end
    end)
  end
  writeAgain()
  return answer
end
if limit > 0 then
  fit(rows, index, ended)
  local surplus, live = {}, 0
  walk(index, rows, sub(row, 57, 72), nil, 128, function(other, value)
    -- Nobody knows of a row that cannot be read whether it is live: it counts, and is not ended.
    local readable = isReadable(value)
    if not readable or isLive(other, value, revoked) then
      live = live + 1
      if readable and live >= limit then surplus[#surplus + 1] = { other, value } end
    end
  end)
  if live >= limit and ARGV[11] ~= '1' then return { 'O', live } end
  for _, pair in ipairs(surplus) do
    local other, value = pair[1], pair[2]
    local isOurs = byte(value, 2) >= 4
    local _, _, _, _, forget = unpack_('>I6I6I6I6I6', value, 3)
    local body = isOurs and (sub(ARGV[12], 1, 19) .. p6(forget) .. sub(ARGV[12], 26)) or ARGV[13]
    record(revoked, due, ARGV[9], other, body, bucket)
    local n = #answer
    answer[n + 1], answer[n + 2], answer[n + 3] = other, value, body
  end
end
if present then removeRow(bucket, KEYS[7], key, present) end
local _, _, expiry = unpack_('>I6I6I6', row, 3)
local life = math.max(expiry - slow, 0) + kept + 2 * HOUR
standEnded(bucket)
call('HSET', rows, key, row)
call('ZADD', index, 0, member(key, row))
keep(rows, life)
keep(index, life)
keep(ended, life)
dueBy(due, ARGV[9], endsByTime(row) + kept)
dueBy(due, bucket.watch, endsByTime(row))
keep(due, life)
if not ours then
  call('HSET', KEYS[7], key, ARGV[9])
  keep(KEYS[7], life)
end
return answer
