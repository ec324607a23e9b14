-- Curfew, MySQL and MariaDB, version 4. Every statement may be repeated, while nodes of earlier versions are at work.
-- Records that nodes share, by group and item: small, versioned, and gone when they are forgotten.
CREATE TABLE IF NOT EXISTS curfew_record (
    group_key BINARY(16) NOT NULL,
    item_key BINARY(16) NOT NULL,
    version BIGINT NOT NULL,
    payload MEDIUMBLOB NOT NULL,
    forget_after BIGINT NOT NULL,
    CONSTRAINT curfew_record_pk PRIMARY KEY (group_key, item_key),
    INDEX curfew_record_forget_ix (forget_after)
) ENGINE = InnoDB;
