package dev.curfew.admin;

import dev.curfew.session.CurfewException;
import dev.curfew.session.FailureText;
import dev.curfew.session.SubjectId;
import dev.curfew.subject.BulkPlan;
import dev.curfew.subject.BulkProgress;
import dev.curfew.subject.BulkResult;
import dev.curfew.subject.BulkResult.State;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the sessions of many subjects, one after the other. Thread-safe. */
public final class Bulks {
    private static final Logger LOG = LoggerFactory.getLogger(Bulks.class);

    /** After so many subjects it waits for the listeners: each leaves two things to tell, of which 10,000 may wait. */
    private static final int AHEAD_OF_LISTENERS = 500;

    private final Ending ending;
    private final ListenersReached listeners;
    private final Duration nodeSkew;
    private final Clock clock;

    /** How the sessions of one subject end. */
    @FunctionalInterface
    public interface Ending {
        /** Ends all that the plan covers; the same act each time. */
        Ended end(SubjectId subject, BulkPlan plan);
    }

    /**
     * What became of one subject.
     *
     * @param sessions how many live ones this call ended
     * @param isReached whether the tokens of all issuers name subjects
     * @param isOvertaken whether an older cut-off lies ahead of the plan, and may have pushed a login ahead of it
     */
    public record Ended(long sessions, boolean isReached, boolean isOvertaken) {}

    public Bulks(Ending ending, ListenersReached listeners, Duration nodeSkew, Clock clock) {
        this.ending = ending;
        this.listeners = listeners;
        this.nodeSkew = nodeSkew;
        this.clock = clock;
    }

    /** One round trip for each subject. */
    public BulkResult run(BulkPlan plan, Iterable<SubjectId> subjects, BulkProgress progress) {
        requireBegun(plan);
        int every = progress.every();
        if (every < 1) {
            throw new IllegalArgumentException("a bulk tells its progress after each positive number of subjects");
        }
        Run run = new Run(plan);
        try {
            Iterator<SubjectId> rest = subjects.iterator();
            boolean goesOn = true;
            while (goesOn && rest.hasNext()) {
                run.end(rest.next());
                if (run.position() % AHEAD_OF_LISTENERS == 0) {
                    listeners.await();
                }
                goesOn = run.position() % every != 0 || progress.goesOn(run.done, run.failed.size());
            }
            return run.result(goesOn || !rest.hasNext() ? State.FINISHED : State.STOPPED, null);
        } catch (RuntimeException e) {
            return run.result(State.INTERRUPTED, e);
        }
    }

    /** A later instant ends what will begin. */
    private void requireBegun(BulkPlan plan) {
        if (plan.issuedBefore().isAfter(BulkPlan.furthest(clock.instant(), nodeSkew))) {
            throw new IllegalArgumentException("the plan lies further ahead of this node's clock than clocks explain");
        }
    }

    /** What one run has done so far. Confined to one thread. */
    private final class Run {
        private final BulkPlan plan;
        private final List<SubjectId> failed = new ArrayList<>();
        private long done;
        private long sessions;
        private long unreached;
        private long overtaken;

        Run(BulkPlan plan) {
            this.plan = plan;
        }

        long position() {
            return done + failed.size();
        }

        /** An outage is thrown: all others would fail too. Whatever else is wrong with one subject hinders no other. */
        void end(@Nullable SubjectId subject) {
            if (subject == null) {
                throw new NullPointerException("the subject at position " + position() + " is null");
            }
            Ended ended;
            try {
                ended = ending.end(subject, plan);
            } catch (CurfewException e) {
                if (e.isRetryable() || failed.size() == BulkResult.MOST_FAILED) {
                    throw e;
                }
                LOG.error("the sessions of {} did not end: {}", subject, FailureText.of(e));
                failed.add(subject);
                return;
            }
            done++;
            sessions += ended.sessions();
            unreached += ended.isReached() ? 0 : 1;
            overtaken += ended.isOvertaken() ? 1 : 0;
        }

        BulkResult result(State state, @Nullable RuntimeException trouble) {
            return new BulkResult(state, done, sessions, unreached, overtaken, failed, Optional.ofNullable(trouble));
        }
    }
}
