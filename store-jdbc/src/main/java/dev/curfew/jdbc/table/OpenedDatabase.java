package dev.curfew.jdbc.table;

import dev.curfew.jdbc.database.SchemaException;
import dev.curfew.jdbc.sql.Database;
import dev.curfew.jdbc.sql.Schema;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreSettingsMismatchException;
import dev.curfew.store.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The database of a store that was opened, read only beside its birth marker. Thread-safe.
 *
 * <p>An answer without the birth marker is no answer: whoever lost that has lost everything. It is made anew in a
 * transaction of its own, which nothing else in a read does, and the read is repeated; if that is not possible, the
 * read fails.
 */
public final class OpenedDatabase {
    private static final String RETENTION = "retention";

    private final Database database;
    private volatile @Nullable StoreSettings opened;

    public OpenedDatabase(Database database) {
        this.database = database;
    }

    /**
     * Opens the store, or opens it again.
     *
     * @throws StoreSettingsMismatchException if it was created with another retention
     * @throws SchemaException if the tables are missing, or older than this version
     */
    public void open(StoreSettings settings, Instant now) {
        StoreSettings first = opened == null ? settings : opened;
        long retention = database.write("open", connection -> {
            Schema.STORE.requireCurrent(connection);
            SharedNumbers.create(connection, RETENTION, settings.retention().toMillis());
            CandidateRows.readOrCreateBirth(connection, Set.of(BirthMarker.KEY), first, now);
            return SharedNumbers.read(connection, RETENTION).orElseThrow();
        });
        if (retention != settings.retention().toMillis()) {
            throw new StoreSettingsMismatchException(Duration.ofMillis(retention), settings.retention());
        }
        opened = first;
    }

    /**
     * The settings with which the store was opened.
     *
     * @throws IllegalStateException if it was not
     */
    public StoreSettings settings() {
        StoreSettings settings = opened;
        if (settings == null) {
            throw new IllegalStateException(
                    "open(settings, now) comes before every other verb of a store: SessionServiceBuilder.build()"
                            + " calls it");
        }
        return settings;
    }

    public Database database() {
        return database;
    }

    /**
     * Runs a step that answers nothing if it misses the birth marker.
     *
     * @throws StoreUnavailableException if it misses that again
     */
    public <T> T read(String operation, Instant now, Database.Step<Optional<T>> step) {
        return besideBirth(now, () -> database.read(operation, step))
                .orElseThrow(() -> new StoreUnavailableException(operation, null));
    }

    /**
     * Runs a step of {@link Database#single} that changes and answers nothing if it misses the birth marker.
     *
     * @throws StoreUnavailableException if it misses that again
     */
    public <T> T single(String operation, Instant now, Database.Step<Optional<T>> step) {
        return besideBirth(now, () -> database.single(operation, step)).orElseThrow(BirthMarker::missing);
    }

    private <T> Optional<T> besideBirth(Instant now, Supplier<Optional<T>> step) {
        StoreSettings settings = settings();
        Optional<T> answer = step.get();
        if (answer.isEmpty()) {
            database.execute("the birth of the store", connection -> BirthMarker.create(connection, settings, now));
            answer = step.get();
        }
        return answer;
    }
}
