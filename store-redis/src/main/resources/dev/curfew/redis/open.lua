-- Makes sure that the partition has a birth marker. KEYS, ARGV: as in shared/head.lua.
-- Answers the number of partitions and the retention that were stored first, and the layout or nothing.
return { call('HGET', PART, 'P'), call('HGET', PART, 'R'), head[3] or '' }
