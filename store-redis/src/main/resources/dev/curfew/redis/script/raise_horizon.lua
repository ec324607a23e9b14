-- Raises the horizon of a partition to that of another one, so that all refuse the same. ARGV[7] up to when. Answers
-- the horizon.
--
-- Needs: bytes, birth, check_layout

raiseHorizon(tonumber(ARGV[7]))
return { decimal(horizon) }
