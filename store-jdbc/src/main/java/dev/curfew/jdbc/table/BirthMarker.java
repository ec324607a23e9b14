package dev.curfew.jdbc.table;

import dev.curfew.jdbc.sql.Columns;
import dev.curfew.jdbc.sql.Database;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreTimes;
import dev.curfew.store.StoreUnavailableException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The birth marker of the store, which is one partition; it is looked for in every read and made anew if it is gone.
 */
public final class BirthMarker {
    /** The one name of its row: whoever inserts it first wins. */
    public static final LookupKey ID = LookupKey.of("curfew-birth");

    /** Among the keys of every read. */
    public static final LookupKey KEY = RevocationTarget.birth(0, 1).key();

    private BirthMarker() {}

    static boolean isIn(Collection<RevocationRow> rows) {
        return rows.stream().anyMatch(BirthMarker::is);
    }

    /** A row of that name and of another kind is damaged: it tells no horizon. */
    static boolean is(RevocationRow row) {
        return row.kind() == RevocationRow.BIRTH && row.id().equals(ID);
    }

    /** What the birth marker says of the store's own time, if it stands there. */
    public static Optional<StoreTimes> timesIn(Collection<RevocationRow> rows) {
        return rows.stream()
                .filter(BirthMarker::is)
                .map(RevocationRow::times)
                .flatMap(Stream::ofNullable)
                .findFirst();
    }

    /** Runs a step that answers nothing if it misses the marker, in a transaction that makes it then. */
    public static <T> T require(
            SqlConnection connection, StoreSettings settings, Instant now, Database.Step<Optional<T>> step)
            throws SQLException {
        Optional<T> answer = step.run(connection);
        if (answer.isEmpty()) {
            create(connection, settings, now);
            answer = step.run(connection);
        }
        return answer.orElseThrow(BirthMarker::missing);
    }

    /** The marker was made and is still not there: its row is damaged. Nobody can say then what the store has lost. */
    public static StoreUnavailableException missing() {
        return StoreUnavailableException.ofWrite("the birth of the store", null);
    }

    /**
     * The later of the two clocks counts, as for any cut-off that means "now". This happens once in the life of a
     * store.
     */
    public static void create(SqlConnection connection, StoreSettings settings, Instant now) throws SQLException {
        Instant reading;
        try (SqlStatement select = connection.prepare("SELECT {clock}")) {
            reading = select.first(row -> Columns.instantOf(row, 1)).orElse(now);
        }
        Revocation birth = RevocationRequest.birth(0, 1, connection.later(now, reading), settings);
        RevocationTable.insert(connection, ID, birth, null, 0, RevocationRow.PLAIN);
    }
}
