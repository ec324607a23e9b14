package dev.curfew.jdbc.feed;

import dev.curfew.jdbc.sql.Database;
import dev.curfew.jdbc.table.BirthMarker;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Runs the reads of the feed. Thread-safe.
 *
 * <p>An answer without the birth marker is no answer: whoever lost that has lost everything. It is made anew in a
 * transaction of its own, which nothing else in a read does, and the read is repeated; if that is not possible, the
 * read fails.
 */
public final class FeedSource {
    /** Long enough for a transaction of ours to end; the servers see to it. */
    private static final Duration LONGEST_TRANSACTION = Duration.ofMinutes(2);

    private final Database database;
    private final Supplier<StoreSettings> settings;

    public FeedSource(Database database, Supplier<StoreSettings> settings) {
        this.database = database;
        this.settings = settings;
    }

    static void requirePositive(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be positive");
        }
    }

    public Database database() {
        return database;
    }

    StoreSettings settings() {
        return settings.get();
    }

    /** How long no transaction of ours takes; nothing where the server cannot end one. */
    Optional<Duration> longestTransaction() {
        return database.dialect().boundsTransactions()
                ? Optional.of(LONGEST_TRANSACTION.plus(database.timeout().multipliedBy(2)))
                : Optional.empty();
    }

    /** One connection for a step that answers nothing if it misses the birth marker. */
    <T> T read(Instant now, Database.Step<Optional<T>> step) {
        StoreSettings opened = settings.get();
        Optional<T> answer = committed(step);
        if (answer.isEmpty()) {
            database.write("the birth of the store", connection -> {
                BirthMarker.create(connection, opened, now);
                return true;
            });
            answer = committed(step);
        }
        return answer.orElseThrow(() -> new StoreUnavailableException("a read of the feed", null));
    }

    private <T> Optional<T> committed(Database.Step<Optional<T>> step) {
        return database.read("a read of the feed", connection -> {
            return connection.readingCommitted(step);
        });
    }
}
