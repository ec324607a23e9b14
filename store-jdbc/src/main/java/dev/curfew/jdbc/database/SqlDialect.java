package dev.curfew.jdbc.database;

/**
 * The databases that the store speaks to.
 *
 * <p>A database that is compatible with one of them (its own product name notwithstanding) is used by naming that one
 * to the builder.
 */
public enum SqlDialect {
    /** PostgreSQL 12 and newer. */
    POSTGRESQL,
    /** MySQL 8.0.1, MariaDB 10.6, and newer. */
    MYSQL,
    /** H2 2.2.220 and newer, in a file or in memory. */
    H2
}
