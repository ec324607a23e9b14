package dev.curfew.jdbc;

import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.StoreSettings;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;

/** The birth marker of the store, which is one partition; it is looked for in every read and made anew if it is gone. */
final class Births {
    /** The one name of its row: whoever inserts it first wins. */
    static final LookupKey ID = LookupKey.of("curfew-birth");

    /** Among the keys of every read. */
    static final LookupKey KEY = RevocationTarget.birth(0, 1).key();

    private Births() {}

    static boolean isIn(Collection<RevocationRow> rows) {
        return rows.stream().anyMatch(Births::is);
    }

    static boolean is(RevocationRow row) {
        return row.id().equals(ID);
    }

    static void create(Call call, StoreSettings settings, Instant now) throws SQLException {
        RevocationRow.insert(call, ID, RevocationRequest.birth(0, 1, now, settings), null, 0, false);
    }
}
