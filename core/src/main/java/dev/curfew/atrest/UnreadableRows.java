package dev.curfew.atrest;

import dev.curfew.session.LookupKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log which rows cannot be read: each once an hour, and only so many an hour. Thread-safe.
 *
 * <p>A page that shows devices asks every few seconds, and with a wrong key no row at all can be read.
 */
public final class UnreadableRows {
    private static final Logger LOG = LoggerFactory.getLogger(UnreadableRows.class);
    private static final Duration PERIOD = Duration.ofHours(1);
    private static final int MOST_ROWS = 100;

    /** Guarded by this. */
    private final Set<LookupKey> named = new HashSet<>();

    /** Guarded by this. */
    private Instant periodEnds = Instant.MIN;

    void report(LookupKey row, String why, Instant now) {
        int number = numberOf(row, now);
        if (number > 0) {
            LOG.warn("session {} cannot be read, only revoked: {}", row, why);
        }
        if (number == MOST_ROWS) {
            LOG.warn("more sessions that cannot be read are not named before {}", now.plus(PERIOD));
        }
    }

    /** Its number among those of this period, or 0 if it was named or shall not be. */
    private synchronized int numberOf(LookupKey row, Instant now) {
        if (!now.isBefore(periodEnds)) {
            named.clear();
            periodEnds = now.plus(PERIOD);
        }
        return named.size() < MOST_ROWS && named.add(row) ? named.size() : 0;
    }
}
