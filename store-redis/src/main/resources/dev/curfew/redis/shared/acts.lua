-- Acts. What an act did is remembered for an hour at least, in a hash for each hour: under 12 bytes of its key, its
-- count and one (4 bytes) and the number of its line in the feed (6); or 0, and behind it target key and entry, if it
-- has no line.
local function actOf(hashes, act, target)
  for _, hash in ipairs(hashes) do
    local value = call('HGET', hash, sub(act, 1, 12))
    if value then
      local count, line = unpack_('>I4I6', value)
      local content = #value > 10 and sub(value, 11) or nil
      if not content then
        local at = num(line) .. '-0'
        local found = call('XRANGE', FEED, at, at)[1]
        content = found and sub(found[2][2], 16)
      end
      if content and sub(content, 1, 16) == target then
        -- Written again, so that a WAIT behind this script waits for it.
        call('HSET', hash, sub(act, 1, 12), value)
        return { count = count - 1, key = sub(content, 1, 16), body = sub(content, 17) }
      end
    end
  end
end

local function remember(hash, act, count, key, body, isNew)
  local line = struct.pack('>I4I6', count + 1, isNew and number or 0)
  call('HSET', hash, sub(act, 1, 12), line .. (isNew and '' or key .. body))
  keep(hash, 3 * HOUR)
end
