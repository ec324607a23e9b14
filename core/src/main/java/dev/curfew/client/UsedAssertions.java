package dev.curfew.client;

import dev.curfew.session.LookupKey;
import dev.curfew.store.RecordKey;
import dev.curfew.store.SharedRecords;
import dev.curfew.token.EventToken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/**
 * Remembers which assertions were used, for all nodes together, until nobody accepts them any more. Thread-safe.
 *
 * <p>An assertion is taken by the one write that finds nothing there. If nobody can say whether the write happened, the
 * assertion is not taken, and the client signs a new one.
 */
final class UsedAssertions {
    private static final byte[] NOTHING = new byte[0];

    private final SharedRecords records;
    private final Clock clock;

    UsedAssertions(SharedRecords records, Clock clock) {
        this.records = records;
        this.clock = clock;
    }

    /**
     * Whether it is the first use. One round trip.
     *
     * @param skew by which its verifier accepts it after its time
     * @throws dev.curfew.store.StoreUnavailableException if nobody can say
     */
    boolean take(EventToken assertion, Duration skew) {
        return write(assertion, skew, NOTHING);
    }

    /**
     * Whether it is the first use, or was used for the same before. One round trip, two if it is not the first.
     *
     * @param skew by which its verifier accepts it after its time
     * @param purpose names what it is used for
     * @throws dev.curfew.store.StoreUnavailableException if nobody can say
     */
    boolean takeFor(EventToken assertion, Duration skew, LookupKey purpose) {
        return write(assertion, skew, purpose.toBytes())
                || records.read(key(assertion), clock.instant())
                        .filter(used -> Arrays.equals(used.value(), purpose.toBytes()))
                        .isPresent();
    }

    private boolean write(EventToken assertion, Duration skew, byte[] value) {
        Instant now = clock.instant();
        Instant end = end(assertion).plus(skew).plusSeconds(1);
        // One that is over by this clock has no time left in which it could be remembered.
        return end.isAfter(now) && records.write(key(assertion), 0, value, end, now);
    }

    /** Those that end in one minute are a group: else one caller's would fill what a store keeps and walks as one. */
    private static RecordKey key(EventToken assertion) {
        LookupKey group = LookupKey.of(
                "used-assertion",
                assertion.realm().name(),
                assertion.profile().name(),
                assertion.issuer(),
                Long.toString(Math.floorDiv(end(assertion).getEpochSecond(), 60L)));
        return new RecordKey(group, LookupKey.of("used-assertion", assertion.id()));
    }

    private static Instant end(EventToken assertion) {
        return assertion.expiresAt().orElseThrow();
    }
}
