-- The birth of the partition, created if absent.
local birthBody = call('HGET', PART, 'b')
if not birthBody then
  birthBody = ARGV[2]
  append('\1', ARGV[3] .. birthBody)
  call('HSET', PART, 'b', birthBody, 'P', num(unpack_('>I8', ARGV[3], 9)), 'R', ARGV[5])
end
local birth = decode(ARGV[3], birthBody)

-- Writes what stands already, so that a WAIT behind this script waits for it.
local function writeAgain()
  call('HSET', PART, 'b', birthBody)
end
