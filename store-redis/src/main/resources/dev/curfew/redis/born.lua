-- Makes sure that the partition has a birth marker, for a check that found none. KEYS, ARGV: as in shared/head.lua.
-- Answers the birth.
return { birthBody }
