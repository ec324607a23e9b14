-- Brings what an older version has written to this layout: the first one had no marks of buckets, and before the third
-- one the indexes of sessions knew nothing of the creation. KEYS[3..] revocations, rows, index and ended of each bucket
-- of the partition, in turns. Answers the layout.
if not head[3] or head[3] == '2' then
  for i = 3, #KEYS, 4 do
    if not head[3] and call('EXISTS', KEYS[i]) == 1 then
      compare(string.match(KEYS[i], '}:r(%d+)$'), KEYS[i])
      mark(company[KEYS[i]], ARGV[4], latestIn(KEYS[i]))
    end
    makeIndex(KEYS[i + 1], KEYS[i + 2], KEYS[i + 3])
  end
  head[3] = LAYOUT
  call('HSET', PART, 'L', LAYOUT)
end
return { head[3] }
