-- The newest line of the feed, where a reader stands who has loaded everything. Answers its id and its hash.
--
-- Needs: context, partition_codec, birth, check_layout, feed

local function newestLine() return call('XREVRANGE', FEED, '+', '-', 'COUNT', 1)[1] end
local newest = newestLine()
if not newest then
  appendLine(REVOKED, birthKey .. birthBytes)
  newest = newestLine()
end
return { newest[1], hashOfLine(newest[2][2]) }
