package dev.curfew.node;

import dev.curfew.atrest.Reencryption;
import dev.curfew.ended.ExpiredSessions;
import dev.curfew.meter.Meter;
import dev.curfew.session.SlowerClock;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.PurgeResult;
import dev.curfew.store.ReencryptionResult;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreSettings;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What is done to a store now and then, apart from any request. Thread-safe. */
public final class Upkeep {
    private final SessionStore store;
    private final Clock clock;
    private final SlowerClock slower;
    private final ExpiredSessions expired;
    private final Reencryption reencryption;
    private final LongAdder purgedSessions = new LongAdder();
    private final LongAdder purgedRevocations = new LongAdder();

    public Upkeep(
            SessionStore store, Clock clock, SlowerClock slower, ExpiredSessions expired, Reencryption reencryption) {
        this.store = store;
        this.clock = clock;
        this.slower = slower;
        this.expired = expired;
        this.reencryption = reencryption;
    }

    /** Removes what has ended long enough ago by the slower clock, and tells of what time had ended. */
    public PurgeResult purge(int limit) {
        Instant now = clock.instant();
        PurgeResult result = store.purge(slower.forRemoval(now, StoreSettings.PURGE_DELAY), limit);
        purgedSessions.add(result.sessions());
        purgedRevocations.add(result.revocations());
        expired.publish(result.expired(), now);
        return result;
    }

    /** One part of a walk that encrypts what is not encrypted with the current key. */
    public ReencryptionResult reencrypt(PayloadCursor from, int limit) {
        return reencryption.run(from, limit, clock.instant());
    }

    public List<Meter> meters() {
        return List.of(purged("sessions", purgedSessions), purged("revocations", purgedRevocations));
    }

    private static Meter purged(String kind, LongAdder count) {
        return new Meter.Counter(
                "curfew.purged", "rows removed by purges of this node", Map.of("kind", kind), count::sum);
    }
}
