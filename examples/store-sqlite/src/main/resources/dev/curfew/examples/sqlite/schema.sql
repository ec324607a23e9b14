-- Version 1. Instants are milliseconds since 1970, keys are the 16 bytes of a LookupKey, in whose order SQLite sorts.
-- STRICT tables refuse a value of another type, so that a mistake of a writer is no riddle for a reader.

-- One row: what the store knows of itself.
CREATE TABLE store (
    id INTEGER PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    schema_version INTEGER NOT NULL,
    retention INTEGER NOT NULL,
    node_skew INTEGER NOT NULL,
    ended_kept INTEGER NOT NULL,
    trusts_older INTEGER NOT NULL,
    horizon INTEGER NOT NULL
) STRICT;

-- A row is never marked as ended: whether a session lives follows from its times and from what is revoked.
CREATE TABLE session (
    session_key BLOB NOT NULL PRIMARY KEY CHECK (length(session_key) = 16),
    bucket INTEGER NOT NULL,
    realm_key BLOB NOT NULL,
    subject_key BLOB NOT NULL,
    client_key BLOB,
    session_id BLOB,
    authenticated_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    idle_timeout INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    forget_after INTEGER NOT NULL,
    ends_at INTEGER NOT NULL, -- by time: the earlier of both ends, for the purge
    secret_hash BLOB,
    credential BLOB NOT NULL,
    payload BLOB NOT NULL
) STRICT;
CREATE INDEX session_of_subject ON session (subject_key, authenticated_at DESC, created_at DESC, session_key);
CREATE INDEX session_of_client ON session (client_key, session_key) WHERE client_key IS NOT NULL;
CREATE INDEX session_of_realm ON session (realm_key, session_key);
CREATE INDEX session_ends ON session (ends_at);

-- What is revoked, in the order in which it was committed: one transaction writes at a time, so that no number
-- appears behind a greater one. AUTOINCREMENT: no number is given twice, whatever was purged.
CREATE TABLE feed (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    hash INTEGER NOT NULL DEFAULT (random()), -- tells this entry from one that got its number after a loss of data
    kind INTEGER NOT NULL, -- the code of a RevocationTarget.Kind, or 0: the notice that a session's row was exchanged
    target_key BLOB NOT NULL CHECK (length(target_key) = 16),
    realm_key BLOB,
    bucket INTEGER,
    issued_before INTEGER,
    exempt_key BLOB,
    exempt_began INTEGER,
    reason INTEGER,
    actor_kind INTEGER,
    actor_id TEXT,
    revoked_at INTEGER,
    forget_after INTEGER NOT NULL,
    superseded_at INTEGER, -- since when another entry covers all that this one covers
    has_sessions INTEGER NOT NULL -- 1 until the rows of the sessions that it ended are purged
) STRICT;
CREATE INDEX feed_of_target ON feed (target_key);
CREATE INDEX feed_of_realm ON feed (realm_key, kind, issued_before);
CREATE INDEX feed_forgotten ON feed (forget_after);
CREATE INDEX feed_superseded ON feed (superseded_at) WHERE superseded_at IS NOT NULL;
CREATE INDEX feed_with_sessions ON feed (revoked_at) WHERE has_sessions = 1;

-- What an act did, for its repeats. The entry stands here once more: the feed need not have it, or no longer.
CREATE TABLE act (
    name BLOB NOT NULL PRIMARY KEY,
    recorded_at INTEGER NOT NULL,
    newly_covered INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    target_key BLOB NOT NULL,
    realm_key BLOB NOT NULL,
    bucket INTEGER NOT NULL,
    issued_before INTEGER NOT NULL,
    exempt_key BLOB,
    exempt_began INTEGER,
    reason INTEGER NOT NULL,
    actor_kind INTEGER NOT NULL,
    actor_id TEXT NOT NULL,
    revoked_at INTEGER NOT NULL,
    forget_after INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX act_recorded ON act (recorded_at);
