package dev.curfew.event;

/**
 * Is told what happened.
 *
 * <p>Listeners run after the act, one event at a time for each publisher, on the publisher's thread and never on the caller's
 * (unless the host chose a direct executor). Whatever a listener throws is logged and changes nothing. A listener that blocks
 * delays other listeners, not a revocation.
 */
@FunctionalInterface
public interface SessionEventListener {
    /**
     * Takes one event, delivered at least once.
     *
     * @param event what happened
     */
    void onEvent(SessionEvent event);
}
