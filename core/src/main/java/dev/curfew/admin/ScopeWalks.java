package dev.curfew.admin;

import dev.curfew.atrest.SessionRows;
import dev.curfew.meter.Meter;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.Realm;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ScopeCursor;
import dev.curfew.store.ScopePage;
import dev.curfew.store.SessionStore;
import dev.curfew.store.SessionsOfScope;
import dev.curfew.subject.HeldSession;
import dev.curfew.subject.ScopedSessions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Walks through the sessions of a client or a realm, and counts those that live. Thread-safe. */
public final class ScopeWalks {
    private final SessionStore store;
    private final HeldSessions held;
    private final Clock clock;
    private volatile double live = Double.NaN;

    public ScopeWalks(SessionStore store, SessionRows rows, Clock clock) {
        this.store = store;
        this.held = new HeldSessions(rows);
        this.clock = clock;
    }

    /**
     * One part.
     *
     * @param realm of the target
     * @throws IllegalStateException if the store cannot walk
     */
    public ScopedSessions sessionsOf(RevocationTarget clientOrRealm, Realm realm, ScopeCursor from, int limit) {
        Instant now = clock.instant();
        ScopePage page = walking("sessionsOf(...)").sessionsOf(clientOrRealm, from, limit, now);
        List<HeldSession> sessions = new ArrayList<>();
        for (FoundSession found : page.sessions()) {
            held.of(realm, found, now).ifPresent(sessions::add);
        }
        return new ScopedSessions(sessions, page.sessions().size() - sessions.size(), page.next());
    }

    /**
     * How many live in the whole store; remembered for the gauge.
     *
     * @throws IllegalStateException if the store cannot count
     */
    public long countLive() {
        long count = walking("countLive()").countLive(clock.instant());
        live = count;
        return count;
    }

    public List<Meter> meters() {
        return List.of(new Meter.Gauge(
                "curfew.sessions.live",
                "live sessions in the store, as this node has counted them last",
                "",
                Map.of(),
                () -> live));
    }

    private SessionsOfScope walking(String call) {
        return Abilities.require(store, SessionsOfScope.class, call);
    }
}
