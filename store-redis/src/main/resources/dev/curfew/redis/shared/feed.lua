-- The feed of the partition.
-- A line may be trimmed once it has not been the newest for two hours, so that a reader who was there in that time
-- finds it again, by the server's clock alone. Lines go from the oldest on without a gap.
local function isSuperseded(nextLine)
  local entry = nextLine[2][2]
  return #entry < 14 or unpack_('>I6', entry, 9) <= clock - 2 * HOUR
end

-- Lines are numbered without a gap, unless somebody deleted the newest by hand: the stream takes no number again.
local number, chain
local function add(entry)
  number = number + 1
  local answer = redis.pcall('XADD', FEED, num(number) .. '-0', 'e', entry)
  if type(answer) ~= 'table' then return end
  if call('EXISTS', FEED) == 1 then
    local info = call('XINFO', 'STREAM', FEED)
    for i = 1, #info, 2 do
      if info[i] == 'last-generated-id' then number = tonumber(string.match(info[i + 1], '^%d+')) + 1 end
    end
  end
  call('XADD', FEED, num(number) .. '-0', 'e', entry)
end

-- Comes before what it tells of is written, and its hint cannot fail: a script that broke in between must not leave an
-- entry that no reader was told of.
local function append(kind, content)
  local isFirst = not number
  if not number then
    local last = call('XREVRANGE', FEED, '+', '-', 'COUNT', 1)[1]
    number = last and tonumber(string.match(last[1], '^%d+')) or 0
    chain = last and sub(last[2][2], 1, 8) or ARGV[4]
    local old = call('XRANGE', FEED, '-', '+', 'COUNT', 3)
    for i = 1, #old - 1 do
      if not isSuperseded(old[i + 1]) then break end
      call('XDEL', FEED, old[i][1])
    end
  end
  local line = p6(clock) .. kind .. content
  local hex = sub(redis.sha1hex(chain .. line), 1, 16)
  chain = string.gsub(hex, '..', function(h) return string.char(tonumber(h, 16)) end)
  add(chain .. line)
  if isFirst then redis.pcall('PUBLISH', string.match(FEED, '^(.*){') .. 'h', '') end
end
