package dev.curfew.jdbc.purge;

import dev.curfew.jdbc.sql.Database;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.table.SharedNumbers;
import dev.curfew.session.LookupKey;
import java.sql.SQLException;
import java.util.function.Consumer;

/**
 * A walk through all keys of a table, of which each purge goes a part and the next one, on whatever node, goes on. At
 * the end of the keys it begins anew. Thread-safe.
 */
final class PurgeWalk {
    /** Below every key. */
    static final LookupKey START = new LookupKey(0, 0);

    private static final int LEAST_EXAMINED = 1_000;
    private static final int MOST_EXAMINED = 10_000;

    /** Looks at the next rows, and removes some of them. */
    interface Step {
        PurgeBatch run(SqlConnection connection, LookupKey after, int limit) throws SQLException;
    }

    private final Database database;
    private final String name;
    private final Step step;

    PurgeWalk(Database database, String name, Step step) {
        this.database = database;
        this.name = name;
        this.step = step;
    }

    /** Goes on where the last purge stopped. */
    void go(int limit, int left, Consumer<PurgeBatch> tally) {
        LookupKey from = database.read("a purge", connection -> SharedNumbers.read(connection, name))
                .map(high -> new LookupKey(high, 0))
                .orElse(START);
        go(from, limit, left, tally);
    }

    /**
     * Goes one part.
     *
     * @param limit of the purge, which bounds how many rows are looked at
     * @param left how many may be removed
     */
    void go(LookupKey from, int limit, int left, Consumer<PurgeBatch> tally) {
        if (left <= 0) {
            return;
        }
        int toExamine = Math.min(MOST_EXAMINED, Math.max(LEAST_EXAMINED, limit));
        LookupKey place = from;
        int examined = 0;
        int removed = 0;
        while (examined < toExamine && removed < left) {
            LookupKey after = place;
            int most = Math.min(PurgeBatch.SIZE, left - removed);
            PurgeBatch batch = database.write("a purge", connection -> step.run(connection, after, most));
            tally.accept(batch);
            examined += batch.walked().rows();
            removed += batch.rows();
            if (batch.walked().isEnd()) {
                place = START;
                break;
            }
            place = batch.walked().last();
        }
        keep(place);
    }

    /** Only half of the key is kept, which is exact enough: a few rows are looked at twice. */
    private void keep(LookupKey place) {
        database.execute("a purge", connection -> {
            SharedNumbers.create(connection, name, 0);
            SharedNumbers.write(connection, name, place.high());
        });
    }
}
