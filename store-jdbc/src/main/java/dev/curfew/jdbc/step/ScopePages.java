package dev.curfew.jdbc.step;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.table.OpenedDatabase;
import dev.curfew.jdbc.table.ScopeQuery;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.store.ScopeCursor;
import dev.curfew.store.ScopePage;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Walks the sessions of a client or a realm page by page. Thread-safe. */
public final class ScopePages {
    /** No index finds the rows of a realm, so that a page looks at so many rows at most, whosesoever they are. */
    static final int AT_ONCE = 5_000;

    private final OpenedDatabase database;

    public ScopePages(OpenedDatabase database) {
        this.database = database;
    }

    /** A page of a client, in one statement, or of a realm, in two. */
    public ScopePage page(RevocationTarget clientOrRealm, LookupKey after, int limit, Instant now) {
        Met met = database.read("sessionsOf", now, connection -> read(connection, clientOrRealm, after, limit, now));
        met.part.found().behindHorizon("sessionsOf", now);
        LookupKey next = met.part.rows() < limit ? met.until : met.part.last();
        // Behind the greatest key stands at most what is damaged.
        return new ScopePage(
                met.part.found().sessions(),
                Optional.ofNullable(next).filter(place -> !place.equals(after)).map(ScopeCursor::after));
    }

    private static Optional<Met> read(
            SqlConnection connection, RevocationTarget clientOrRealm, LookupKey after, int limit, Instant now)
            throws SQLException {
        LookupKey until = clientOrRealm.kind() == RevocationTarget.Kind.REALM
                ? ScopeQuery.place(connection, after, AT_ONCE).orElse(null)
                : null;
        return ScopeQuery.read(connection, clientOrRealm, after, until, limit, now)
                .besideBirth()
                .map(part -> new Met(part, until));
    }

    /** What stands up to a place, or up to the end. */
    private record Met(ScopeQuery.Part part, @Nullable LookupKey until) {}
}
