package dev.curfew.revocation;

import java.time.Duration;
import java.time.Instant;

/**
 * The two instants that put every login before or after every cut-off, on nodes whose clocks differ.
 *
 * <p>A login reads the clock, then the newest cut-off in force, and begins after both. A cut-off that means "now" is
 * fixed in the store's atomic step, ahead of every clock by {@code nodeSkew} and after everything that was pushed ahead
 * by an earlier cut-off. So a login that began before a cut-off is covered by it and one that began after is not, as
 * long as clocks differ by at most {@code nodeSkew}; each weaker form has a history that breaks it.
 */
public final class LoginOrder {
    private static final Duration TICK = Duration.ofMillis(1);

    private LoginOrder() {}

    /**
     * When a login began.
     *
     * @param clockReading read once, before the cut-offs were
     * @param newestCutOff the newest that was in force for its subject, realm or any client of the realm, births
     *     included
     * @return the login's {@code authenticatedAt}, to the millisecond
     */
    public static Instant authenticatedAt(Instant clockReading, Instant newestCutOff) {
        return later(Instant.ofEpochMilli(clockReading.toEpochMilli()), newestCutOff.plus(TICK));
    }

    /**
     * Up to when a cut-off that means "now" covers.
     *
     * @param now the instant of the operation
     * @param nodeSkew how far the clocks of two nodes may be apart
     * @param newestApplicable the newest cut-off that may have pushed a login ahead, or the newest
     *     {@code authenticatedAt} of a stored session that must be covered
     * @return its {@code issuedBefore}
     */
    public static Instant cutOffNow(Instant now, Duration nodeSkew, Instant newestApplicable) {
        return later(now.plus(nodeSkew), newestApplicable.plus(TICK));
    }

    private static Instant later(Instant a, Instant b) {
        return a.isBefore(b) ? b : a;
    }
}
