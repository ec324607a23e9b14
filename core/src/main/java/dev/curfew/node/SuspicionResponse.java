package dev.curfew.node;

import dev.curfew.event.EventPublisher;
import dev.curfew.event.SessionEvent.SuspicionRaised;
import dev.curfew.revocation.Actor;
import dev.curfew.session.FailureText;
import dev.curfew.session.SubjectId;
import dev.curfew.suspicion.SuspicionAction;
import dev.curfew.suspicion.SuspicionHandler;
import dev.curfew.work.WorkThread;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what the host wants about a suspicion. Thread-safe.
 *
 * <p>The handler and the store may take their time: both are called on a thread of their own behind a bounded queue, so
 * that events go on. The actor is the system, whose acts are never suspicious.
 */
public final class SuspicionResponse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SuspicionResponse.class);
    private static final int QUEUE = 1_000;
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final SuspicionHandler handler;
    private final Clock clock;
    private final Executor executor;

    /** Null on the host's executor, which the host closes. */
    private final @Nullable WorkThread own;

    /** Null until the service stands. */
    private volatile @Nullable Started started;

    private record Started(Ending ending, EventPublisher events) {}

    /** How sessions of a suspicious subject end. */
    public interface Ending {
        /** Ends all that began until now. */
        void endAll(SubjectId subject, Actor actor);

        /** Ends what began at or before an instant that is not in the future. */
        void endUntil(SubjectId subject, Instant issuedBefore, Actor actor);
    }

    SuspicionResponse(SuspicionHandler handler, Clock clock, @Nullable Executor hosts) {
        this.handler = handler;
        this.clock = clock;
        this.own = hosts == null ? new WorkThread("curfew-suspicions", QUEUE) : null;
        this.executor = hosts == null ? Objects.requireNonNull(own) : hosts;
    }

    void start(Ending ending, EventPublisher events) {
        started = new Started(ending, events);
    }

    /** Tells all listeners, and then asks the host; never throws. */
    void raised(SuspicionRaised suspicion) {
        Started known = started;
        if (known == null) {
            return;
        }
        known.events.publish(suspicion);
        try {
            executor.execute(() -> act(known.ending, suspicion));
        } catch (RejectedExecutionException e) {
            LOG.error("nothing is done about {}: too many wait, or the service is closed", suspicion.id());
        } catch (RuntimeException e) {
            LOG.error("nothing is done about {}: the executor failed, {}", suspicion.id(), FailureText.of(e));
        }
    }

    @Override
    public void close() {
        int undone = own == null ? 0 : own.close(CLOSE);
        if (undone > 0) {
            LOG.error("suspicions about which nothing is done at close: {}", undone);
        }
    }

    private void act(Ending ending, SuspicionRaised suspicion) {
        try {
            SuspicionAction action = handler.handle(suspicion);
            String rule = "suspicion:" + suspicion.kind().name().toLowerCase(Locale.ROOT);
            Actor system = new Actor(Actor.Kind.SYSTEM, rule);
            switch (action) {
                case NONE -> {}
                case END_ALL_SESSIONS -> ending.endAll(suspicion.subject(), system);
                case REQUIRE_REAUTHENTICATION -> ending.endUntil(suspicion.subject(), notAhead(suspicion.at()), system);
            }
        } catch (Throwable e) {
            // Whatever it is, the next suspicion is to be acted upon. What the store did not answer has an event of its
            // own.
            LOG.error("what should follow {} failed: {}", suspicion.id(), FailureText.of(e));
            LOG.debug("what should follow a suspicion failed", e);
        }
    }

    /** A clock that was set back must not turn the act into a mistake. */
    private Instant notAhead(Instant at) {
        Instant now = clock.instant();
        return at.isAfter(now) ? now : at;
    }
}
