-- Makes sure that the partition has a birth marker. KEYS, ARGV: as in shared/head.lua.
-- Answers the number of partitions and the retention that were stored first.
return { call('HGET', PART, 'P'), call('HGET', PART, 'R') }
