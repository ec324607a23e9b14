package dev.curfew.jdbc.step;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.table.BirthMarker;
import dev.curfew.jdbc.table.CandidateRows;
import dev.curfew.jdbc.table.RevocationRow;
import dev.curfew.jdbc.table.RevocationTable;
import dev.curfew.jdbc.table.SubjectLocks;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.LookupKey;
import dev.curfew.store.StoreSettings;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Records entries that another node remembers, as they are. Confined to one thread. */
public final class RecordStep {
    private final SqlConnection connection;
    private final StoreSettings settings;
    private final Instant now;

    public RecordStep(SqlConnection connection, StoreSettings settings, Instant now) {
        this.connection = connection;
        this.settings = settings;
        this.now = now;
    }

    /** Writes what is neither forgotten nor superseded by what stands there, or by what was just written. */
    public void record(List<Revocation> entries) throws SQLException {
        Set<LookupKey> keys = new LinkedHashSet<>();
        keys.add(BirthMarker.KEY);
        entries.forEach(entry -> keys.add(entry.target().key()));
        CandidateRows standing = CandidateRows.readOrCreateBirth(connection, keys, settings, now);
        List<Revocation> written = new ArrayList<>();
        // In the order of their names, so that two nodes that record the same at once do not wait for each other in a
        // circle.
        for (Revocation entry : entries.stream()
                .sorted(Comparator.comparing(RevocationTable::contentId))
                .toList()) {
            if (!connection.isForgotten(entry, now, standing.times())
                    && standing.standing().stream().noneMatch(present -> present.replaces(entry))
                    && written.stream().noneMatch(present -> present.replaces(entry))) {
                RevocationTable.insert(
                        connection,
                        RevocationTable.contentId(entry),
                        entry,
                        RevocationTable.scopeOf(entry.target(), ownerOf(entry)),
                        0,
                        RevocationRow.PLAIN);
                written.add(entry);
            }
        }
    }

    private @Nullable LookupKey ownerOf(Revocation entry) throws SQLException {
        return entry.target().kind().isSession()
                ? SubjectLocks.ownerOf(connection, entry.target().key()).orElse(null)
                : null;
    }
}
