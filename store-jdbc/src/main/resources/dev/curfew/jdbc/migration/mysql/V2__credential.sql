-- Curfew, MySQL and MariaDB, version 2. It may be applied while nodes of version 1 are at work, and be repeated: MySQL
-- has no IF NOT EXISTS for columns, and answers a repetition with error 1060 (duplicate column), which does no harm.
-- What the library keeps beside the secret of a session, which is no business of the database.
ALTER TABLE curfew_session ADD COLUMN /*M! IF NOT EXISTS */ credential VARBINARY(255);
