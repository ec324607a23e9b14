package dev.curfew.deliver;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How deliveries are doing on this node, at one moment. Immutable. */
public final class DeliveryStatus {
    private final State state;
    private final boolean isHolder;
    private final @Nullable Duration behind;
    private final @Nullable String trouble;

    DeliveryStatus(State state, boolean isHolder, @Nullable Duration behind, @Nullable String trouble) {
        this.state = state;
        this.isHolder = isHolder;
        this.behind = behind;
        this.trouble = trouble;
    }

    /** Whether they were started and closed. */
    public enum State {
        /** Not started yet. */
        NEW,
        /** Started: this node works, or takes over from the one that does. */
        RUNNING,
        /** Closed: other nodes go on. */
        CLOSED
    }

    /** {@return whether they were started and closed} */
    public State state() {
        return state;
    }

    /** {@return whether this node is the one that works} */
    public boolean isHolder() {
        return isHolder;
    }

    /**
     * How long ago everything that stood on the feed was done.
     *
     * @return a second or so while all is well; nothing if another node works, or this one is not through yet
     */
    public Optional<Duration> behind() {
        return Optional.ofNullable(behind);
    }

    /** {@return why this node could not work, or find out who does, when it tried last; nothing if all is well} */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** All of it. */
    @Override
    public String toString() {
        return "DeliveryStatus[" + state + ", isHolder=" + isHolder + ", behind=" + behind + ", trouble=" + trouble
                + "]";
    }
}
