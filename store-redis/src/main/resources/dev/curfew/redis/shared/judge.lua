-- For scripts that judge whether something is live: before the horizon nobody can say, and nothing is written.
if now < horizon then return { '!horizon', num(horizon) } end
