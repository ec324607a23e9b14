package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.check.TokenRevocationChecker;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.VerifiedToken;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Several nodes with replicas over one store: some threads check tokens without end, others revoke them, and whatever
 * disturbs the store goes on beside it. Hunts for a token that passes although {@code revoke} had returned on that
 * node, or although it had returned anywhere longer ago than the staleness allows; and for a live token that is refused
 * as revoked.
 */
public final class RevocationHunt implements AutoCloseable {
    private static final Duration MAX_STALENESS = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration TOO_LONG = Duration.ofSeconds(30);
    private static final int SUBJECTS = 60;
    private static final int SESSIONS = 4;
    private static final int CHECKERS = 2;

    private final Clock clock;
    private final List<RevocationReplica> nodes = new ArrayList<>();
    private final List<TokenRevocationChecker> checkers = new ArrayList<>();
    private final List<Prey> prey = new ArrayList<>();
    private final SecureRandom random = new SecureRandom();
    private final AtomicLong checks = new AtomicLong();
    private final AtomicLong unanswered = new AtomicLong();
    private final AtomicInteger nextSubject = new AtomicInteger();
    private volatile boolean isOver;

    /** One session's token, and what has been done about it; instants by {@link System#nanoTime}, 0 for never. */
    private static final class Prey {
        final VerifiedToken token;
        volatile boolean isAttempted;
        volatile long doneAt;
        volatile int doneOn = -1;

        Prey(VerifiedToken token) {
            this.token = token;
        }
    }

    /**
     * Starts a replica on each node.
     *
     * @param stores one for each node, opened with {@link Given#SETTINGS}, all over the same data
     * @param clock of all nodes, later than the birth of the store
     */
    public RevocationHunt(List<SessionStore> stores, Clock clock) {
        this.clock = clock;
        for (SessionStore store : stores) {
            RevocationReplica node = RevocationReplica.of(store, Given.SETTINGS)
                    .clock(clock, System::nanoTime)
                    .staleness(MAX_STALENESS, POLL)
                    .patience(PATIENCE, 64)
                    .start();
            nodes.add(node);
            checkers.add(node.checker().clock(clock).build());
        }
        TestTokens tokens = TestTokens.ours(Given.REALM, clock);
        for (int i = 0; i < SUBJECTS * SESSIONS; i++) {
            String name = "prey-" + i / SESSIONS;
            SessionId session = SessionId.mint(new SubjectId(Given.REALM, name), clock.instant(), random);
            prey.add(new Prey(tokens.draft(name).with("sid", session.value()).verified()));
        }
    }

    /**
     * Hunts.
     *
     * @param time how long
     * @param disturbance goes on once beside it
     */
    public void hunt(Duration time, Runnable disturbance) {
        long end = System.nanoTime() + time.toNanos();
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int node = 0; node < nodes.size(); node++) {
            int number = node;
            for (int i = 0; i < CHECKERS; i++) {
                tasks.add(() -> check(number));
            }
            tasks.add(() -> revoke(number, time.toNanos() * nodes.size() * 9 / 10 / SUBJECTS, end));
        }
        tasks.add(() -> {
            disturbance.run();
            return null;
        });
        try (Threads threads = new Threads()) {
            threads.atOnce(tasks);
        }
        assertAllAgree();
    }

    /** How many checks were made, of which so many were answered by nobody. */
    public long checks() {
        return checks.get();
    }

    /** How many checks nobody could answer. */
    public long unanswered() {
        return unanswered.get();
    }

    private Void check(int node) {
        Random own = new Random(node);
        TokenRevocationChecker checker = checkers.get(node);
        long made = 0;
        while (!isOver) {
            Prey one = prey.get(own.nextInt(prey.size()));
            long doneAt = one.doneAt;
            boolean isDoneHere = one.doneOn == node;
            long begun = System.nanoTime();
            Outcome outcome = checker.check(one.token).outcome();
            made++;
            if (outcome == Outcome.UNKNOWN) {
                unanswered.incrementAndGet();
            } else if (outcome == Outcome.REVOKED && !one.isAttempted) {
                throw new AssertionError("a live token is refused");
            } else if (outcome == Outcome.ACTIVE && isDoneHere) {
                throw new AssertionError("a token passes after revoke returned on this node");
            } else if (outcome == Outcome.ACTIVE && doneAt != 0 && begun - doneAt > MAX_STALENESS.toNanos()) {
                throw new AssertionError("a token passes " + (begun - doneAt) / 1_000_000 + " ms after its revocation");
            }
        }
        checks.addAndGet(made);
        return null;
    }

    /** Subject by subject: single sessions, or all but the first. The first session of each stays alive. */
    private Void revoke(int node, long pauseNanos, long end) {
        for (int subject = nextSubject.getAndIncrement(); subject < SUBJECTS; subject = nextSubject.getAndIncrement()) {
            List<Prey> sessions = prey.subList(subject * SESSIONS, (subject + 1) * SESSIONS);
            if (subject % 3 == 0) {
                revoke(node, othersThan(sessions.get(0)), sessions.subList(1, SESSIONS));
            } else {
                for (Prey one : sessions.subList(1, SESSIONS - 1)) {
                    revoke(node, Given.act(sessionOf(one)), List.of(one));
                }
            }
            LockSupport.parkNanos(pauseNanos);
        }
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
        isOver = true;
        return null;
    }

    private void revoke(int node, RevocationRequest.Builder act, List<Prey> covered) {
        covered.forEach(one -> one.isAttempted = true);
        try {
            nodes.get(node).store().revoke(act.build(), Precondition.none(), clock.instant());
        } catch (StoreUnavailableException e) {
            // Not known to have happened: both answers are right from now on.
            return;
        }
        for (Prey one : covered) {
            one.doneAt = System.nanoTime();
            one.doneOn = node;
        }
    }

    private static RevocationRequest.Builder othersThan(Prey spared) {
        return Given.act(RevocationTarget.subject(spared.token.subject().orElseThrow()))
                .exempt(ExemptSession.of(SessionRef.of(Given.REALM, idOf(spared))));
    }

    private static RevocationTarget sessionOf(Prey one) {
        return RevocationTarget.session(SessionRef.of(Given.REALM, idOf(one)));
    }

    private static SessionId idOf(Prey one) {
        return (SessionId) one.token.session().orElseThrow().handle();
    }

    /** Once all have caught up, every node says the same of every token. */
    private void assertAllAgree() {
        long until = System.nanoTime() + TOO_LONG.toNanos();
        for (RevocationReplica node : nodes) {
            while (!node.catchUp(PATIENCE) || node.status().unrecorded() > 0) {
                if (System.nanoTime() - until > 0) {
                    throw new AssertionError("a node does not catch up: " + node.status());
                }
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
        for (TokenRevocationChecker checker : checkers) {
            for (Prey one : prey) {
                Outcome outcome = checker.requireFresh(one.token).outcome();
                if (one.doneAt != 0) {
                    assertThat(outcome).isEqualTo(Outcome.REVOKED);
                } else if (!one.isAttempted) {
                    assertThat(outcome).isEqualTo(Outcome.ACTIVE);
                }
            }
        }
    }

    @Override
    public void close() {
        isOver = true;
        nodes.forEach(RevocationReplica::close);
    }
}
