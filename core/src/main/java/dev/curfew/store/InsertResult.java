package dev.curfew.store;

import dev.curfew.revocation.Revocation;
import java.util.List;

/** What became of a new session. */
public sealed interface InsertResult {
    /**
     * It stands.
     *
     * @param ended the sessions that ended in the same step, each with its revocation: the replaced one, and the oldest
     *     ones that had to make room, in no order
     */
    record Inserted(List<FoundSession> ended) implements InsertResult {
        /** Copies the list. */
        public Inserted {
            ended = List.copyOf(ended);
        }
    }

    /** Another session of that id stands there already, or this one and is over; nothing was changed. */
    record AlreadyKnown() implements InsertResult {}

    /**
     * A cut-off overtook the login; nothing was changed.
     *
     * @param by what covers it
     */
    record Covered(Revocation by) implements InsertResult {}

    /**
     * The subject has as many live sessions as it may; nothing was changed.
     *
     * @param live how many there are, without the one that was to be replaced
     */
    record OverLimit(int live) implements InsertResult {}
}
