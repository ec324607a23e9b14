package dev.curfew.store;

import java.security.SecureRandom;

/**
 * Names one act of revoking, so that repeating it after a time-out changes nothing. Immutable.
 *
 * @param high 64 random bits
 * @param low 64 more
 */
public record OperationId(long high, long low) {
    /**
     * Makes a new name.
     *
     * @param random a cryptographically strong source
     * @return the name
     */
    public static OperationId random(SecureRandom random) {
        return new OperationId(random.nextLong(), random.nextLong());
    }
}
