-- Makes sure that the partition has a birth marker, for a check that found none. KEYS, ARGV: as in the prelude.
-- Answers the birth.
return { birthBody }
