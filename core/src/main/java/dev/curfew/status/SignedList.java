package dev.curfew.status;

import java.time.Instant;

/**
 * A status list token. Immutable.
 *
 * @param token the compact text
 * @param expiresAt its {@code exp}
 */
record SignedList(String token, Instant expiresAt) {
    /** At {@code exp} it is. */
    boolean isExpired(Instant now) {
        return !now.isBefore(expiresAt);
    }
}
