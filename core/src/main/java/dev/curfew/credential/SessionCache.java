package dev.curfew.credential;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.curfew.credential.ExchangeStamps.Stamp;
import dev.curfew.meter.Meter;
import dev.curfew.replica.ReplicaListener;
import dev.curfew.session.LookupKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node has read of sessions that are at work. Thread-safe; bounded by memory and by time.
 *
 * <p>Nothing is ever taken out of it because it is wrong: what was exchanged since has an old stamp, and is not found.
 */
public final class SessionCache {
    private static final Duration KEPT = Duration.ofMinutes(10);

    private final Cache<SessionInRealm, KnownSession> sessions;
    private final ExchangeStamps stamps = new ExchangeStamps();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    /**
     * An empty cache.
     *
     * @param bytes how much memory it may take, roughly, positive
     * @param nanos measures elapsed time
     */
    public SessionCache(long bytes, LongSupplier nanos) {
        Ticker ticker = nanos::getAsLong;
        this.sessions = Caffeine.newBuilder()
                .maximumWeight(bytes)
                .weigher((SessionInRealm name, KnownSession known) -> known.bytes())
                .expireAfterWrite(KEPT)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /** Who has to hear of exchanges, before anything is read. */
    public ReplicaListener listener() {
        return stamps;
    }

    /** What is known of a session and was not exchanged since, as far as this node has heard. */
    @Nullable
    KnownSession find(SessionInRealm session) {
        KnownSession known = sessions.getIfPresent(session);
        if (known != null && stamps.isCurrent(known.stamp())) {
            hits.increment();
            return known;
        }
        misses.increment();
        return null;
    }

    /** To be taken before the row is read that is kept under it. */
    Stamp stamp(LookupKey session) {
        return stamps.take(session);
    }

    boolean isCurrent(Stamp stamp) {
        return stamps.isCurrent(stamp);
    }

    void keep(SessionInRealm session, KnownSession known) {
        sessions.put(session, known);
    }

    /** {@code curfew.sessions.cache} by result, and {@code curfew.sessions.cache.entries}. */
    public List<Meter> meters() {
        return List.of(
                lookups("hit", hits),
                lookups("miss", misses),
                new Meter.Gauge(
                        "curfew.sessions.cache.entries",
                        "sessions that this node remembers",
                        "",
                        Map.of(),
                        sessions::estimatedSize));
    }

    private static Meter lookups(String result, LongAdder count) {
        return new Meter.Counter(
                "curfew.sessions.cache", "session tokens that were looked up", Map.of("result", result), count::sum);
    }
}
