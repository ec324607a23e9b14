package dev.curfew.event;

/**
 * Is told what happened.
 *
 * <p>Listeners run after the act, one event at a time for each publisher, on the publisher's thread and never on the
 * caller's, except those that {@linkplain #hasOwnQueue have a queue of their own}. On an executor of the host's they
 * run as that runs work: several at a time, or on the caller's thread. Whatever a listener throws changes nothing, and
 * is logged at most once a minute. A listener that blocks delays other listeners, not a revocation.
 */
@FunctionalInterface
public interface SessionEventListener {
    /**
     * Takes one event, delivered at least once.
     *
     * @param event what happened
     */
    void onEvent(SessionEvent event);

    /**
     * Takes one event together with the request that caused it, for listeners that want to know from where; calls
     * {@link #onEvent(SessionEvent)} unless it is overridden.
     *
     * @param event what happened
     * @param context of the thread that caused it, {@link RequestContext#none()} if nothing is known
     */
    default void onEvent(SessionEvent event, RequestContext context) {
        onEvent(event);
    }

    /**
     * Takes one event that another node, or this one before it crashed, may not have told; calls
     * {@link #onEvent(SessionEvent, RequestContext)} unless it is overridden, as by whoever counts what happens now.
     *
     * @param event what happened up to ten minutes before, under the name that it has
     */
    default void onReplayed(SessionEvent event) {
        onEvent(event, RequestContext.none());
    }

    /**
     * Tells whether this listener wants to hear of {@link SessionEvent.RevocationReceived}. Asked once, when the
     * publisher is made.
     *
     * @return true unless it is overridden, as by whoever accounts for the acts of its own node alone
     */
    default boolean hearsReceived() {
        return true;
    }

    /**
     * Tells whether this listener only puts each event into a bounded queue of its own. Then it is told at once, on the
     * thread on which the event happened, and no other listener can delay it; so it is called by several threads at a
     * time. Asked once, when the publisher is made.
     *
     * @return false unless it is overridden, as by whoever never waits, neither for a lock that is held for long nor
     *     for another machine
     */
    default boolean hasOwnQueue() {
        return false;
    }
}
