-- Curfew, MySQL and MariaDB, version 1 of the audit trail. Every statement may be repeated.
-- Instants are milliseconds since 1970; keys are hashes of 16 bytes.

-- One row for each record. The number is given by the database, or by the chain if the trail is chained. There the mac
-- covers every other column and the row before. Texts longer than a column are cut; the keys are those of the whole
-- text.
CREATE TABLE IF NOT EXISTS curfew_audit (
    entry BIGINT NOT NULL AUTO_INCREMENT,
    id VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    happened_at BIGINT NOT NULL,
    event VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    result VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    realm_key BINARY(16),
    subject_key BINARY(16),
    session_key BINARY(16),
    realm VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    subject VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    session_id VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    target VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    target_key VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    reason VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    actor VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    actor_id VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    device VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    amount VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    allowed VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    address VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    correlation VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    mac BINARY(32),
    CONSTRAINT curfew_audit_pk PRIMARY KEY (entry),
    UNIQUE INDEX curfew_audit_id_ix (id),
    INDEX curfew_audit_at_ix (happened_at, entry),
    INDEX curfew_audit_subject_ix (subject_key, happened_at, entry),
    INDEX curfew_audit_session_ix (session_key, happened_at, entry)
) ENGINE = InnoDB;

-- Of a chained trail: where its rows begin, and where they end. The row of the end is the lock that puts appends in
-- order.
CREATE TABLE IF NOT EXISTS curfew_audit_chain (
    name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    entry BIGINT NOT NULL,
    mac BINARY(32) NOT NULL,
    proof BINARY(32) NOT NULL,
    CONSTRAINT curfew_audit_chain_pk PRIMARY KEY (name)
) ENGINE = InnoDB;
