package dev.curfew.store;

import java.util.Objects;

/**
 * A session that time had ended, and whose row a purge has removed. Immutable.
 *
 * @param session the row that was there
 * @param isCovered whether a revocation covers it that is no older than its end; that one may have taken the place of
 *     an older one, which then was what ended it
 */
public record ExpiredSession(StoredSession session, boolean isCovered) {
    /** Checks that there is a row. */
    public ExpiredSession {
        Objects.requireNonNull(session, "session");
    }
}
