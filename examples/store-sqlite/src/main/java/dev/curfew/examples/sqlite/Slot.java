package dev.curfew.examples.sqlite;

import dev.curfew.examples.sqlite.SqliteFileException.Problem;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The place of one connection, which is made when it is needed and made anew after it failed. Confined to its taker.
 */
final class Slot {
    /**
     * The logs that the connections of this process use. SQLite makes all that are open on one file share one index of
     * the log (-shm), so that a new connection beside one whose log was deleted would read a new log by an old index.
     */
    private static final Map<Slot, Log> LOGS = new ConcurrentHashMap<>();

    private final Place place;
    private @Nullable FileConnection connection;
    private @Nullable Object identity;

    Slot(Place place) {
        this.place = place;
    }

    /** A file, and what stands beside it. */
    private record Log(Object file, Object log) {}

    FileConnection connected(boolean isCreating, int waitMillis) throws SQLException {
        FileConnection known = connection;
        if (known != null && !Objects.equals(identity, place.identity())) {
            // The file was replaced between two calls. Whatever stands there now speaks for itself.
            close();
            known = null;
        }
        if (known == null) {
            known = connect(isCreating, waitMillis);
        }
        return known;
    }

    private FileConnection connect(boolean isCreating, int waitMillis) throws SQLException {
        if (isCreating) {
            place.create();
        }
        // Before, and asked for again afterwards: replaced meanwhile, nobody knows which of both files this is.
        Object before = place.identity();
        if (!place.isMemory() && !isLogOfAll(before)) {
            throw new SqliteFileException(Problem.REPLACED, place.name(), null);
        }
        identity = before;
        FileConnection made = new FileConnection(place.connect(waitMillis));
        connection = made;
        return made;
    }

    /**
     * Notices, within a transaction, that the file or its log is not the one that is connected to. On one that was
     * deleted, SQLite goes on without a complaint: reads answer what stood there, and what is written is gone when the
     * last process closes it.
     */
    void requireSameFile() throws SQLException {
        if (!Objects.equals(identity, place.identity()) || !hasSameLog()) {
            throw new SqliteFileException(Problem.REPLACED, place.name(), null);
        }
    }

    private boolean hasSameLog() throws SQLException {
        if (place.isMemory()) {
            return true;
        }
        Object found = place.log();
        if (found == null) {
            // SQLite makes copies that have no log until somebody opens a store on them.
            return !LOGS.containsKey(this)
                    && !Objects.requireNonNull(connection).usesWriteAheadLog();
        }
        Object file = Objects.requireNonNull(identity);
        LOGS.putIfAbsent(this, new Log(file, found));
        return isLogOfAll(file);
    }

    private boolean isLogOfAll(Object file) {
        // First: what another thread is about to make would be missed.
        List<Object> used = LOGS.values().stream()
                .filter(log -> log.file.equals(file))
                .map(Log::log)
                .distinct()
                .toList();
        return used.isEmpty() || used.size() == 1 && used.get(0).equals(place.log());
    }

    /** Ends a transaction that came to nothing, and the connection too if that is not possible. */
    void rollBack() {
        FileConnection known = connection;
        if (known != null && !known.rolledBack()) {
            discard();
        }
    }

    /**
     * Ends what has failed, so that the next call begins with a new connection. Memory would go with its connection.
     */
    void discard() {
        FileConnection known = connection;
        if (known != null) {
            known.rolledBack();
            if (!place.isMemory()) {
                close();
            }
        }
    }

    void close() {
        FileConnection known = connection;
        if (known != null) {
            // First: SQLite deletes the log with the last connection.
            LOGS.remove(this);
            known.close();
            connection = null;
        }
    }
}
