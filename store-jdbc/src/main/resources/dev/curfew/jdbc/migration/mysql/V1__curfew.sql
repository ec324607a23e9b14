-- Curfew, MySQL and MariaDB, version 1. Every statement may be repeated.
-- Instants are milliseconds since 1970; keys are hashes of 16 bytes; codes are those of the library's enums.

-- What the whole store shares: the retention, and the row that is locked to number the entries of the feed.
CREATE TABLE IF NOT EXISTS curfew_state (
    name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    amount BIGINT NOT NULL,
    CONSTRAINT curfew_state_pk PRIMARY KEY (name)
) ENGINE = InnoDB;

INSERT INTO curfew_state (name, amount) VALUES ('feed', 0) ON DUPLICATE KEY UPDATE name = name;

-- One row for each subject that logged in or was revoked: the lock that puts its logins and revocations in order.
CREATE TABLE IF NOT EXISTS curfew_subject (
    subject_key BINARY(16) NOT NULL,
    CONSTRAINT curfew_subject_pk PRIMARY KEY (subject_key)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS curfew_session (
    session_key BINARY(16) NOT NULL,
    bucket INTEGER NOT NULL,
    session_id BINARY(24),
    realm_key BINARY(16) NOT NULL,
    subject_key BINARY(16) NOT NULL,
    client_key BINARY(16),
    authenticated_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    idle_millis BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    forget_after BIGINT NOT NULL,
    secret_hash BINARY(32),
    payload MEDIUMBLOB NOT NULL,
    CONSTRAINT curfew_session_pk PRIMARY KEY (session_key),
    INDEX curfew_session_subject_ix (subject_key, authenticated_at DESC, created_at DESC, session_key),
    INDEX curfew_session_ends_ix (ends_at)
) ENGINE = InnoDB;

-- Rows are inserted and, once, numbered. Those that joined a transaction of the host (is_open = 1) are closed first, in
-- place (is_open = 2). They are never changed otherwise.
-- The birth marker alone has a horizon: up to when the store has forgotten.
CREATE TABLE IF NOT EXISTS curfew_revocation (
    seq BIGINT NOT NULL AUTO_INCREMENT,
    id BINARY(16) NOT NULL,
    position BIGINT,
    proof BIGINT,
    numbered_at BIGINT,
    kind SMALLINT NOT NULL,
    target_key BINARY(16) NOT NULL,
    realm_key BINARY(16) NOT NULL,
    bucket INTEGER NOT NULL,
    scope_key BINARY(16),
    issued_before BIGINT NOT NULL,
    exempt_key BINARY(16),
    exempt_began BIGINT,
    reason SMALLINT NOT NULL,
    actor_kind SMALLINT NOT NULL,
    actor_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    revoked_at BIGINT NOT NULL,
    forget_after BIGINT NOT NULL,
    newly_covered BIGINT NOT NULL,
    is_open SMALLINT NOT NULL,
    horizon BIGINT,
    CONSTRAINT curfew_revocation_pk PRIMARY KEY (seq),
    UNIQUE INDEX curfew_revocation_id_ix (id),
    UNIQUE INDEX curfew_revocation_position_ix (position),
    INDEX curfew_revocation_unnumbered_ix (position, is_open, seq),
    INDEX curfew_revocation_target_ix (target_key),
    INDEX curfew_revocation_scope_ix (scope_key, kind, issued_before),
    INDEX curfew_revocation_forget_ix (forget_after)
) ENGINE = InnoDB;
