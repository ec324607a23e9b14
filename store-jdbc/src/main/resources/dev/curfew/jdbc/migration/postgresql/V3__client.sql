-- Curfew, PostgreSQL, version 3. Every statement may be repeated, while nodes of versions 1 and 2 are at work.
-- Finds the sessions of a client, in the order in which they are walked. While it is built, nobody writes sessions, so
-- that where there are very many, it is built by hand before, with CONCURRENTLY behind INDEX and outside of a
-- transaction: this script does nothing then.
CREATE INDEX IF NOT EXISTS curfew_session_client_ix ON curfew_session (client_key, session_key)
    WHERE client_key IS NOT NULL;
