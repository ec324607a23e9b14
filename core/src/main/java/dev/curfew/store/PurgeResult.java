package dev.curfew.store;

import java.util.List;

/**
 * What a purge removed. Immutable.
 *
 * @param sessions rows of sessions that ended long enough ago
 * @param revocations entries that were forgotten or superseded long enough ago
 * @param hasMore whether the limit was reached before the end, so that another call at the same instant may remove more
 * @param expired those of the removed sessions that can be read, that time ended, and of which no earlier revocation is
 *     known any more; each is answered once, by the purge that removed it, on whatever node
 */
public record PurgeResult(int sessions, int revocations, boolean hasMore, List<ExpiredSession> expired) {
    /** Copies the list. */
    public PurgeResult {
        expired = List.copyOf(expired);
    }
}
