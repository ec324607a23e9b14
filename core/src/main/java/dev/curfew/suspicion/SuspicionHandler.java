package dev.curfew.suspicion;

import dev.curfew.event.SessionEvent.SuspicionRaised;
import dev.curfew.event.SuspicionKind;

/**
 * Decides what happens to a subject under suspicion. Must be thread-safe if the host chose an executor of several
 * threads.
 *
 * <p>It is asked once for each episode, behind a queue of its own, so that it may take its time: ask a risk engine,
 * notify a person. What it throws is logged and means {@link SuspicionAction#NONE}.
 *
 * <p>Think of who can cause what: {@link SuspicionKind#REVOKED_TOKENS} needs no more than one revoked token of
 * somebody, and whoever has one could have that subject's good sessions ended again and again. For that kind, notify
 * rather than end.
 */
@FunctionalInterface
public interface SuspicionHandler {
    /**
     * Takes one suspicion.
     *
     * @param suspicion who, what and how much
     * @return what to do
     */
    SuspicionAction handle(SuspicionRaised suspicion);
}
