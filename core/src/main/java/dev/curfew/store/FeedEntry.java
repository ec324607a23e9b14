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
     * An act that joined the transaction of the host, which has committed, and whose instants are not fixed yet. While
     * it stands, everything of its target is covered except the exempt session. A later read brings it {@link Closed};
     * if no read brings it again, the store has lost it.
     *
     * @param act the name of the act
     * @param entry what it covers meanwhile: up to {@link Revocation#NEVER}, and never forgotten
     */
    record Opened(LookupKey act, Revocation entry) implements FeedEntry {}

    /**
     * The end of an {@link Opened} entry: its instants are fixed.
     *
     * @param act the name of the act
     * @param revocation what stands in the store from now on
     * @param closedHere whether this reader has closed it, or may have: then its node tells what became of it, since
     *     nobody else does
     */
    record Closed(LookupKey act, Revocation revocation, boolean closedHere) implements FeedEntry {}

    /**
     * What stands in the row of a session was exchanged; caches drop that session, and whoever reads this finds the
     * exchange in the store. Kept for an hour.
     *
     * @param session the session's lookup key
     */
    record Rotated(LookupKey session) implements FeedEntry {}
}
