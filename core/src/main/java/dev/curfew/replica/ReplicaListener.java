package dev.curfew.replica;

import dev.curfew.revocation.Revocation;
import dev.curfew.session.LookupKey;

/**
 * Hears what this node's replica learns, as it learns it: from the feed, or from calls of this node before they return.
 * Called on the replica's thread and on those of calls; it must not block. Implementations are thread-safe.
 */
public interface ReplicaListener {
    /**
     * A revocation covers from now on what it covers: whoever asks the replica is told so. A load after a gap may tell
     * one again. What it throws is logged and changes nothing.
     *
     * @param revocation that was recorded, or is open meanwhile
     */
    default void recorded(Revocation revocation) {}

    /**
     * What stands in the row of a session was exchanged, or may have been by a call that was not answered. It is told
     * before the replica is called fresh by the read that has brought it. What it throws fails that read, so that the
     * replica goes stale rather than silent.
     *
     * @param session the lookup key of the session
     */
    default void exchanged(LookupKey session) {}

    /**
     * Something may have been missed: the feed has a gap, or holds what this node cannot read. Told before everything
     * is loaded anew.
     */
    default void missed() {}
}
