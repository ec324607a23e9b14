-- Curfew, MySQL and MariaDB, version 3. It may be applied while nodes of versions 1 and 2 are at work, which go on
-- writing meanwhile, and be repeated: MySQL has no IF NOT EXISTS for indexes, and answers a repetition with error 1061
-- (duplicate key name), which does no harm.
-- Finds the sessions of a client, in the order in which they are walked.
ALTER TABLE curfew_session ADD INDEX /*M! IF NOT EXISTS */ curfew_session_client_ix (client_key, session_key),
    ALGORITHM = INPLACE, LOCK = NONE;
