package dev.curfew.examples.sqlite;

import dev.curfew.examples.sqlite.SqliteFileException.Problem;
import dev.curfew.store.BeforeHorizonException;
import dev.curfew.store.StoreSettings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/**
 * What a store knows of itself: the settings with which it was created, and its horizon. Immutable.
 *
 * @param hasBirth whether the birth marker is there; without it nobody can tell this store from one that was emptied
 */
record StoreState(int version, StoreSettings settings, Instant horizon, boolean hasBirth) {
    private static final String SELECT =
            "SELECT schema_version, retention, node_skew, ended_kept, trusts_older, horizon,"
                    + " EXISTS (SELECT 1 FROM feed WHERE target_key = ?) FROM store";

    /**
     * Reads it at the begin of each verb.
     *
     * @throws SqliteFileException if the tables are not those of this version, or have lost the birth marker: then
     *     revocations may be lost with it, and nothing is known to be active
     */
    static StoreState require(Transaction transaction) {
        StoreState state = read(transaction);
        if (!state.hasBirth) {
            throw new SqliteFileException(Problem.EMPTIED, transaction.file(), null);
        }
        return state;
    }

    static StoreState read(Transaction transaction) {
        StoreState state = transaction
                .first(SELECT, StoreState::of, (Object) FeedTable.BIRTH.key().toBytes())
                .orElseThrow(() -> new SqliteFileException(Problem.NOT_A_STORE, transaction.file(), null));
        if (state.version > Schema.VERSION) {
            // Another process has migrated the file while this one was running.
            throw new SqliteFileException(Problem.LATER_SCHEMA, transaction.file(), null);
        }
        return state;
    }

    private static StoreState of(ResultSet row) throws SQLException {
        StoreSettings settings = new StoreSettings(
                Duration.ofMillis(row.getLong(2)),
                Duration.ofMillis(row.getLong(3)),
                Duration.ofMillis(row.getLong(4)),
                row.getBoolean(5));
        return new StoreState(row.getInt(1), settings, Instant.ofEpochMilli(row.getLong(6)), row.getBoolean(7));
    }

    /** Refuses to judge anybody at an instant of which the store has forgotten what was revoked. */
    void requireBehindHorizon(String operation, Instant now) {
        if (now.isBefore(horizon)) {
            throw new BeforeHorizonException(operation, now, horizon);
        }
    }
}
