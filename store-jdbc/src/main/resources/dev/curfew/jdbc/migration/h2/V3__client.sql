-- Curfew, H2, version 3. Every statement may be repeated, while nodes of versions 1 and 2 are at work.
-- Finds the sessions of a client, in the order in which they are walked.
CREATE INDEX IF NOT EXISTS curfew_session_client_ix ON curfew_session (client_key, session_key);
