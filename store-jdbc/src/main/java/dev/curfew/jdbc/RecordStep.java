package dev.curfew.jdbc;

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

/** Joining entries that another node remembers, verbatim. Confined to one thread. */
final class RecordStep {
    private final Call call;
    private final StoreSettings settings;
    private final Instant now;

    RecordStep(Call call, StoreSettings settings, Instant now) {
        this.call = call;
        this.settings = settings;
        this.now = now;
    }

    /** Writes what is neither forgotten nor superseded by what stands there, or by what was just written. */
    void record(List<Revocation> entries) throws SQLException {
        Set<LookupKey> keys = new LinkedHashSet<>();
        keys.add(Births.KEY);
        entries.forEach(entry -> keys.add(entry.target().key()));
        Candidates standing = Candidates.readOrCreateBirth(call, keys, settings, now);
        List<Revocation> written = new ArrayList<>();
        // In the order of their names, so that two nodes that record the same at once do not wait for each other in a
        // circle.
        for (Revocation entry : entries.stream()
                .sorted(Comparator.comparing(RevocationRow::contentId))
                .toList()) {
            if (!call.isForgotten(entry, now, standing.times())
                    && standing.first(present -> present.replaces(entry)).isEmpty()
                    && written.stream().noneMatch(present -> present.replaces(entry))) {
                RevocationRow.insert(call, RevocationRow.contentId(entry), entry, scope(entry), 0, RevocationRow.PLAIN);
                written.add(entry);
            }
        }
    }

    private @Nullable LookupKey scope(Revocation entry) throws SQLException {
        return switch (entry.target().kind()) {
            case SESSION, FOREIGN_SESSION ->
                Subjects.ownerOf(call, entry.target().key()).orElse(null);
            case SUBJECT, CLIENT, REALM -> entry.target().realm();
            case TOKEN, SIGNING_KEY, BIRTH -> null;
        };
    }
}
