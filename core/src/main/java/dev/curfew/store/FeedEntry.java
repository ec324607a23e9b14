package dev.curfew.store;

import dev.curfew.revocation.Revocation;
import dev.curfew.session.LookupKey;

/** What a feed brings. */
public sealed interface FeedEntry {
    /**
     * A revocation was recorded.
     *
     * @param revocation what stands in the store
     */
    record Revoked(Revocation revocation) implements FeedEntry {}

    /**
     * The secret of a session was exchanged; caches drop that session. Kept for an hour.
     *
     * @param session the session's lookup key
     */
    record Rotated(LookupKey session) implements FeedEntry {}
}
