-- Refuses to judge whether something is live before the horizon: nobody can say, and nothing is written.
--
-- Needs: bytes, context, birth

if now < horizon then return { '!horizon', decimal(horizon) } end
