package dev.curfew.quota;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.curfew.session.LookupKey;
import java.time.Duration;
import java.time.Instant;

/**
 * Remembers which sessions' signs of life were written lately, so that a request costs a write only now and then.
 * Thread-safe.
 */
public final class LastSeenThrottle {
    private static final int MAX_SESSIONS = 100_000;

    private final Duration interval;
    private final Cache<LookupKey, Instant> written =
            Caffeine.newBuilder().maximumSize(MAX_SESSIONS).build();

    /**
     * Makes a throttle.
     *
     * @param interval the least time between two writes for one session; zero writes each time
     */
    public LastSeenThrottle(Duration interval) {
        this.interval = interval;
    }

    /**
     * Asks whether a sign of life is worth a write, and remembers it if so.
     *
     * @param session whose
     * @param now the instant of the operation
     * @return true if the last one was written long enough ago
     */
    public boolean isDue(LookupKey session, Instant now) {
        Instant last = written.getIfPresent(session);
        if (last != null && !isOver(last, now)) {
            return false;
        }
        boolean[] due = {false};
        written.asMap().compute(session, (same, written) -> {
            due[0] = written == null || isOver(written, now);
            return due[0] ? now : written;
        });
        return due[0];
    }

    /**
     * A clock that was set back ends the interval too: it would last for who knows how long, and sessions in use would
     * idle out.
     */
    private boolean isOver(Instant last, Instant now) {
        return !now.isBefore(last.plus(interval)) || now.isBefore(last);
    }

    /**
     * Forgets a sign of life that could not be written after all.
     *
     * @param session whose
     */
    public void forget(LookupKey session) {
        written.invalidate(session);
    }
}
