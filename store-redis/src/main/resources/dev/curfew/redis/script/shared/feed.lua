-- Appends to the feed of the partition, and trims it.
--
-- Lines are numbered without a gap, and go from the oldest on only, so that a reader notices one that is missing.
--
-- Offers: trimFeed, appendLine, lastLine, contentAt
-- Needs: bytes, context, partition_codec

-- A line may be trimmed once it has not been the newest for two hours, so that a reader who was there in that time
-- finds it again, by the server's clock alone.
local function isSuperseded(nextLine)
  local instant = instantOfLine(nextLine[2][2])
  return not instant or instant <= serverClock - 2 * HOUR
end

-- Trims some of the oldest lines. Answers how many went.
local function trimFeed(most)
  local oldest, trimmed = call('XRANGE', FEED, '-', '+', 'COUNT', most + 1), 0
  for i = 1, #oldest - 1 do
    if not isSuperseded(oldest[i + 1]) then break end
    call('XDEL', FEED, oldest[i][1])
    trimmed = trimmed + 1
  end
  return trimmed
end

-- Of the line that this script added last.
local number, hash

-- Somebody may have deleted the newest line by hand: the stream does not take its number again.
local function add(line)
  number = number + 1
  local answer = redis.pcall('XADD', FEED, decimal(number) .. '-0', 'e', line)
  if type(answer) ~= 'table' then return end
  if call('EXISTS', FEED) == 1 then
    local info = call('XINFO', 'STREAM', FEED)
    for i = 1, #info, 2 do
      if info[i] == 'last-generated-id' then number = tonumber(string.match(info[i + 1], '^%d+')) + 1 end
    end
  end
  call('XADD', FEED, decimal(number) .. '-0', 'e', line)
end

-- Comes before what it tells of is written, and its hint cannot fail: a script that broke in between must not leave an
-- entry that no reader was told of.
local function appendLine(type, content)
  local isFirst = not number
  if isFirst then
    local newest = call('XREVRANGE', FEED, '+', '-', 'COUNT', 1)[1]
    number = newest and tonumber(string.match(newest[1], '^%d+')) or 0
    hash = newest and hashOfLine(newest[2][2]) or randomId
    trimFeed(2)
  end
  local line = lineAfter(hash, serverClock, type, content)
  hash = hashOfLine(line)
  add(line)
  if isFirst then redis.pcall('PUBLISH', string.match(FEED, '^(.*){') .. 'h', '') end
end

local function lastLine() return number end

-- The content of a line; nil if it is gone.
local function contentAt(line)
  local id = decimal(line) .. '-0'
  local found = call('XRANGE', FEED, id, id)[1]
  return found and contentOfLine(found[2][2])
end
