-- Takes the horizon back, after a clock that ran ahead has raised it: what a purge removed too early is not known any
-- more, so that everything that has begun by now is refused. KEYS, ARGV: as in shared/head.lua. Answers the horizon
-- that stood.
local before = horizon
renewBirth()
call('HDEL', PART, 'H')
return { num(before) }
