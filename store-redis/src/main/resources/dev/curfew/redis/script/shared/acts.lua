-- Remembers for an hour at least what an act of revoking did, in a hash for each hour, so that its repeat answers the
-- same.
--
-- Offers: findAct, rememberAct
-- Needs: context, partition_codec, feed

-- Answers the count, the target key and the entry; or nil, if the act was not done.
local function findAct(hashes, act, target)
  for _, hash in ipairs(hashes) do
    local value = call('HGET', hash, fieldOfAct(act))
    if value then
      local count, line, content = unpackAct(value)
      content = content or contentAt(line)
      local key, bytes = splitContent(content or '')
      if key == target then
        -- Written again, so that a WAIT behind this script waits for it.
        call('HSET', hash, fieldOfAct(act), value)
        return { count = count, key = key, bytes = bytes }
      end
    end
  end
end

-- If this script has recorded the entry, it stands in the last line.
local function rememberAct(hash, act, count, key, bytes, isRecorded)
  local value = isRecorded and packAct(count, lastLine(), '') or packAct(count, 0, key .. bytes)
  call('HSET', hash, fieldOfAct(act), value)
  keepFor(hash, 3 * HOUR)
end
