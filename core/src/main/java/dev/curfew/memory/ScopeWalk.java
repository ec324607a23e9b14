package dev.curfew.memory;

import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ScopeCursor;
import dev.curfew.store.ScopePage;
import dev.curfew.store.StoredSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Walks the rows of a client or of a realm in the order of the keys. Under the lock of the store. */
final class ScopeWalk {
    /** So many rows are looked at under the lock, those of others included, before others have their turn. */
    private static final int AT_ONCE = 10_000;

    private ScopeWalk() {}

    static ScopePage page(
            RevocationTarget clientOrRealm, @Nullable LookupKey after, int limit, Tables tables, Instant now) {
        List<FoundSession> page = new ArrayList<>();
        int met = 0;
        for (StoredSession row : tables.sessions.behind(after)) {
            met++;
            if (isIn(row, clientOrRealm)) {
                page.add(tables.found(row, now));
            }
            if (met == AT_ONCE || page.size() == limit) {
                return new ScopePage(page, Optional.of(ScopeCursor.after(row.key())));
            }
        }
        return new ScopePage(page, Optional.empty());
    }

    private static boolean isIn(StoredSession row, RevocationTarget clientOrRealm) {
        return clientOrRealm.kind() == RevocationTarget.Kind.REALM
                ? row.realmKey().equals(clientOrRealm.key())
                : row.clientKey().filter(clientOrRealm.key()::equals).isPresent();
    }
}
