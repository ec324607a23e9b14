-- Takes the horizon back, after a clock that ran ahead has raised it: what a purge removed too early is not known any
-- more, so that everything that has begun by now is refused. Answers the horizon that stood.
--
-- Needs: bytes, context, birth, check_layout

local before = horizon
renewBirth()
call('HDEL', PARTITION, 'H')
return { decimal(before) }
