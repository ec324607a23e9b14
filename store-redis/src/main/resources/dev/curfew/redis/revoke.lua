-- Revokes a token, session or subject of this partition. KEYS[3] revocations, KEYS[4] rows, KEYS[5] index of the
-- bucket, KEYS[6] due, KEYS[7] ended, KEYS[8] revocations of the caller's bucket (of this partition), KEYS[9..11] acts
-- of this hour, the last and the next.
-- ARGV[7] target key, ARGV[8] entry, ARGV[9] bucket, ARGV[10] flags: 1 means "now" by the later of both clocks, 2 a
-- standing entry of the same identity will do, 4 verbatim, and the act is remembered whatever it writes; ARGV[11] 0 no
-- caller, 1 a caller to be tested, 2 a caller that was tested; ARGV[12..17] the caller's token, session, signing key,
-- subject, client and realm; ARGV[18] began, ARGV[19] login. The last argument is the act.
-- Answers C with key and entry of all that covers the caller, N, or R with target key, entry, count, 1 if changed.
local revoked, rows, index, due, act = KEYS[3], KEYS[4], KEYS[5], KEYS[6], ARGV[#ARGV]
local bucket = bucketOf(revoked, rows, index, KEYS[7], due, ARGV[9])
local key, body, flags = ARGV[7], ARGV[8], tonumber(ARGV[10])
local byIdentity, verbatim = flags % 4 >= 2, flags >= 4
if ARGV[11] ~= '0' and now < horizon then return { '!horizon', num(horizon) } end
local earlier = actOf({ KEYS[9], KEYS[10], KEYS[11] }, act, key)
if earlier then return { 'R', earlier.key, earlier.body, earlier.count, 0 } end
local kind, row = byte(body, 2), nil
if kind == 2 or kind == 3 then row = call('HGET', rows, key) end
local caller
if ARGV[11] ~= '0' then
  caller = { token = ARGV[12], session = ARGV[13], signing = ARGV[14], subject = ARGV[15], client = ARGV[16],
    realm = ARGV[17], began = tonumber(ARGV[18]), login = tonumber(ARGV[19]) }
  local by = ARGV[11] == '1' and covering(caller, KEYS[8]) or {}
  if #by > 0 then
    local answer = { 'C' }
    for _, e in ipairs(by) do
      answer[#answer + 1] = e.key
      answer[#answer + 1] = e.body
    end
    return answer
  end
  local owned = kind == 1 and key == caller.token or kind == 4 and key == caller.subject
    or (kind == 2 or kind == 3) and (key == caller.session or row and sub(row, 57, 72) == caller.subject)
  if not owned then return { 'N' } end
end
local known = row and isReadable(row)

-- With a later instant, which the entry outlives by as much as before.
local function fixed(entry, ib)
  if ib <= unpack_('>I6', entry, 14) then return entry end
  return sub(entry, 1, 13) .. p6(ib) .. p6(math.min(ib + retention, 253402300799999)) .. sub(entry, 26)
end

if kind == 4 then fit(rows, index, KEYS[7]) end
if kind == 2 and known and not verbatim then
  local _, _, _, _, forget = unpack_('>I6I6I6I6I6', row, 3)
  body = sub(body, 1, 19) .. p6(forget) .. sub(body, 26)
elseif kind == 4 and flags % 2 == 1 then
  local realm, exempt = sub(body, 26, 41), decode(key, body).exempt
  local newest = math.max(birth.ib, tonumber(call('HGET', PART, 'C' .. realm) or 0))
  for _, list in ipairs({ entries(revoked, key), entries(PART, realm) }) do
    for _, e in ipairs(list) do newest = math.max(newest, e.ib) end
  end
  walk(index, rows, key, nil, 2, function(session, _, at)
    if session == exempt then return false end
    newest = math.max(newest, at)
    return true
  end)
  body = fixed(body, math.max(newest + 1, fast + skew))
elseif kind == 3 and flags % 2 == 1 then
  body = fixed(body, fast + skew)
end
local entry, standing = decode(key, body), nil
for _, e in ipairs(entries(revoked, key)) do
  local isEnough = supersedes(e, entry) or byIdentity and e.known and e.target == entry.target and e.fa > now
  if isEnough and (not standing or compareRecorded(e, standing) < 0) then standing = e end
end
if standing then
  writeAgain()
  if verbatim then remember(KEYS[9], act, 0, key, standing.body, false) end
  return { 'R', key, standing.body, 0, 0 }
end
if entry.fa <= slow then return { 'R', key, body, 0, 0 } end
local count = 1
if kind == 4 then
  count = countLive(bucket, key, entry)
elseif kind > 1 then
  if row then
    if known then count = isLive(key, row, revoked) and 1 or 0 end
  else
    count = caller and covers(entry, caller) and 1 or 0
  end
end
local isNew = record(revoked, due, ARGV[9], key, body, bucket)
remember(KEYS[9], act, count, key, body, isNew)
return { 'R', key, body, count, 1 }
