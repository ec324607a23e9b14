-- Curfew, H2, version 2. Every statement may be repeated, while nodes of version 1 are at work.
-- What the library keeps beside the secret of a session, which is no business of the database.
ALTER TABLE curfew_session ADD COLUMN IF NOT EXISTS credential VARBINARY(255);
