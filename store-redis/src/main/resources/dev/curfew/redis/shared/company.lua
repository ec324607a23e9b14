-- Company: the revocations of a bucket begin with 8 random bytes (field m), and the partition holds the same bytes
-- (field M + bucket) beside the instant until when something in the bucket is remembered (6 bytes), rounded up to the
-- next day. If one is without the other before that instant, revocations are lost.
local DAY = 86400000
local company = {}

local function latestIn(hash)
  local latest, fields = 0, call('HGETALL', hash)
  for i = 1, #fields, 2 do
    if #fields[i] == 16 then
      for _, e in ipairs(split(fields[i], fields[i + 1])) do latest = math.max(latest, e.fa) end
    end
  end
  return latest
end

local function mark(c, id, latest)
  c.id, c.upTo = id, math.min(math.ceil(latest / DAY) * DAY, INVERSE)
  call('HSET', c.hash, 'm', id)
  call('HSET', PART, 'M' .. c.number, id .. p6(c.upTo))
  keep(c.hash, c.upTo - slow + 2 * HOUR)
end

-- Answers whether a bucket is right, lost, or unsure because the clocks of node and server do not agree whether all
-- that it held was forgotten; and until when it held something.
local function compare(number_, hash)
  local id, stands = call('HGET', hash, 'm'), call('HGET', PART, 'M' .. number_)
  local c = { number = number_, hash = hash, id = id }
  company[hash] = c
  local upTo = stands and (#stands == 14 and unpack_('>I6', stands, 9) or INVERSE)
  if stands and id == sub(stands, 1, 8) then
    c.upTo = upTo
    return 'right'
  end
  if stands and upTo > slow then return upTo > fast and 'lost' or 'unsure', upTo end
  c.over = stands and upTo or 0
  return 'right'
end

-- What was written while the partition had lost its own hash is taken as it is.
local function adopt()
  for _, c in pairs(company) do
    if c.id and not c.upTo then
      raiseHorizon(c.over)
      mark(c, c.id, latestIn(c.hash))
    end
  end
end

-- An entry was written to a bucket, which begins with it if there was none.
local function accompany(hash, fa)
  local c = company[hash]
  if not c.id then
    raiseHorizon(c.over)
    mark(c, ARGV[4], call('HLEN', hash) > 1 and latestIn(hash) or fa)
  elseif fa > c.upTo then
    mark(c, c.id, fa)
  else
    keep(hash, c.upTo - slow + 2 * HOUR)
  end
end
