-- Curfew, PostgreSQL, version 4. Every statement may be repeated, while nodes of earlier versions are at work.
-- Records that nodes share, by group and item: small, versioned, and gone when they are forgotten.
CREATE TABLE IF NOT EXISTS curfew_record (
    group_key BYTEA NOT NULL,
    item_key BYTEA NOT NULL,
    version BIGINT NOT NULL,
    payload BYTEA NOT NULL,
    forget_after BIGINT NOT NULL,
    CONSTRAINT curfew_record_pk PRIMARY KEY (group_key, item_key)
);

CREATE INDEX IF NOT EXISTS curfew_record_forget_ix ON curfew_record (forget_after);
