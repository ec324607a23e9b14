package dev.curfew.contract;

import dev.curfew.session.SessionRef;
import dev.curfew.store.SessionStore;
import java.time.Duration;
import java.util.Set;

/**
 * Makes the stores that the contract tests. There is one for each test, closed after it; the implementation keeps and
 * shares what is expensive to start, such as a server.
 */
public interface StoreFixture extends AutoCloseable {
    /** {@return an empty store that nobody has opened yet, independent of every other one} */
    SessionStore freshStore();

    /** {@return what these stores can do beyond what every store must} */
    Set<StoreCapability> capabilities();

    /**
     * Makes a fresh store with bounds; for {@link StoreCapability#BOUNDED}.
     *
     * @param maxSessions how many sessions it holds at most
     * @param maxRevocations how many revocations it holds at most in full detail
     * @return the store, not opened yet
     */
    default SessionStore boundedStore(int maxSessions, int maxRevocations) {
        throw new UnsupportedOperationException("declare no BOUNDED, or make a bounded store");
    }

    /**
     * Another node on the data of the latest {@link #freshStore()}; for {@link StoreCapability#SEVERAL_NODES}.
     *
     * @return the node, not opened yet
     */
    default SessionStore secondNode() {
        throw new UnsupportedOperationException("declare no SEVERAL_NODES, or make a second node");
    }

    /**
     * Ends everything that works on the data of the latest {@link #freshStore()}, and starts again on it; for
     * {@link StoreCapability#SURVIVES_RESTART}.
     *
     * @return a node on the same data, not opened yet
     */
    default SessionStore restarted() {
        throw new UnsupportedOperationException("declare no SURVIVES_RESTART, or restart");
    }

    /**
     * Moves the other clock of the latest {@link #freshStore()} and its nodes, which is the server's where there is
     * one; for {@link StoreCapability#OWN_CLOCK} and {@link StoreCapability#SECOND_OPINION}. Until this is called, that
     * clock says what each verb is given as {@code now}.
     *
     * @param ahead by how much it is ahead of the {@code now} of each verb; negative if it is behind
     */
    default void storeClockAhead(Duration ahead) {
        throw new UnsupportedOperationException("declare no clock of the store, or move it");
    }

    /**
     * Damages the row of a session in the data of the latest {@link #freshStore()}, so that it cannot be read any more:
     * with a flag that no version knows, say, or half of what belongs together. Its key stays, and so does what a purge
     * or an index sees of it; for {@link StoreCapability#DAMAGED_ROWS}.
     *
     * @param session of which a row stands
     */
    default void damageRow(SessionRef session) {
        throw new UnsupportedOperationException("declare no DAMAGED_ROWS, or damage a row");
    }

    /**
     * How often each race and each random history is run. The classes that use it for threads have the tag {@code
     * hunt}.
     *
     * @return 200 unless a slower store says otherwise
     */
    default int rounds() {
        return 200;
    }

    /**
     * How many sessions "very many sessions of one subject" are.
     *
     * @return 100,000 unless a slower store says otherwise
     */
    default int manySessions() {
        return 100_000;
    }

    /** Removes what the stores of this fixture left behind. */
    @Override
    default void close() {}
}
