package dev.curfew.subject;

import dev.curfew.session.SubjectId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How far a run of a bulk has come. Immutable.
 *
 * @param state why it is over
 * @param done of how many subjects everything is revoked
 * @param ended how many live sessions this run has ended
 * @param unreached of how many of those done the tokens of some issuer name no subject, as its policy declares: they
 *     stay usable until they expire
 * @param overtaken of how many of those done an older cut-off lies ahead of the plan: an earlier bulk's, say, of a node
 *     whose clock is ahead. A login that it pushed ahead of itself lives on although it began before this bulk: run
 *     another bulk over the same subjects, begun once the plan's instant has passed
 * @param failed the subjects that could not be dealt with, at most {@link #MOST_FAILED}, unmodifiable: a damaged row,
 *     say, of which the log tells
 * @param trouble what interrupted it, if it was interrupted
 */
public record BulkResult(
        State state,
        long done,
        long ended,
        long unreached,
        long overtaken,
        List<SubjectId> failed,
        Optional<RuntimeException> trouble) {
    /** The most failures of a run: the next one interrupts it, so that each one can be named. */
    public static final int MOST_FAILED = 1_000;

    /** Why a run is over. */
    public enum State {
        /** It has dealt with the last subject. */
        FINISHED,
        /** Its progress said so. */
        STOPPED,
        /**
         * The store did not answer, the source of subjects or the progress threw, one failed that is one too many, or a
         * subject met what nobody expects: a null in the source, say, of which {@link BulkResult#trouble} tells.
         * Resuming meets the last of these again, at the same subject, the one at {@link BulkResult#position}: look
         * into it, and resume behind it.
         */
        INTERRUPTED
    }

    /** Copies the list. */
    public BulkResult {
        Objects.requireNonNull(state, "state");
        failed = List.copyOf(failed);
        Objects.requireNonNull(trouble, "trouble");
    }

    /**
     * How many subjects of this run were dealt with, whatever became of them: where to resume it, with the same plan
     * and the rest of the same subjects. Resuming it earlier is harmless.
     *
     * @return {@code done} and those that failed
     */
    public long position() {
        return done + failed.size();
    }

    /**
     * Whether everything of all subjects of this run is revoked. Of a bulk that was resumed each run answers for
     * itself: collect {@code failed} over all runs, and run those again. What is {@code unreached} does not count,
     * because no other run reaches it.
     *
     * @return true if it is finished, nothing failed and nothing is overtaken
     */
    public boolean isComplete() {
        return state == State.FINISHED && failed.isEmpty() && overtaken == 0;
    }
}
