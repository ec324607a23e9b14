package dev.curfew.jdbc;

import dev.curfew.LoginResult;
import dev.curfew.RevocationCause;
import dev.curfew.SessionService;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.contract.Given;
import dev.curfew.contract.TestTokens;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.session.SubjectId;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/**
 * The node of a twin run that goes on: threads check tokens, log in and revoke without end, and each verdict is judged
 * at once. Only what the machine itself kept waiting is excused, and never that a revoked token passes.
 */
final class TwinLoad implements AutoCloseable {
    private static final Duration MAX_STALENESS = Duration.ofSeconds(5);

    /** Far from stale: a poll is due each second, and a read takes no time. */
    private static final Duration OLDEST = Duration.ofSeconds(3);

    private static final RevocationCause CAUSE = RevocationCause.byAdmin(RevocationReason.REVOKED_BY_ADMIN, "admin-7");

    private static final int WORKERS = 2;
    private static final int CHECKERS = 2;

    private final SessionService service;
    private final TestTokens tokens;
    private final RevocationReplica replica;
    private final List<Pulse> pulses;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicReferenceArray<Prey> prey = new AtomicReferenceArray<>(2_000);
    private final AtomicInteger logins = new AtomicInteger();
    private final AtomicLong acts = new AtomicLong();
    private final AtomicLong checks = new AtomicLong();
    private volatile boolean isOver;

    /** One session's token, and what has been done about it; the instant by {@link System#nanoTime}. */
    static final class Prey {
        final Session session;
        final VerifiedToken token;
        volatile boolean isAttempted;
        volatile boolean isDone;
        volatile long doneAt;

        Prey(Session session, VerifiedToken token) {
            this.session = session;
            this.token = token;
        }

        boolean isRevokedSince(Duration time) {
            return isDone && System.nanoTime() - doneAt > time.toNanos();
        }
    }

    /** A pulse of the machine, and one of the server, which knows nothing of the store. */
    private TwinLoad(SessionService service, TestTokens tokens, Pulse.Beat ofServer) {
        this.service = service;
        this.tokens = tokens;
        this.replica = service.replica().orElseThrow();
        this.pulses = List.of(Pulse.start(() -> {}, this::fail), Pulse.start(ofServer, this::fail));
    }

    static TwinLoad start(SessionService service, TestTokens tokens, Pulse.Beat ofServer) {
        TwinLoad load = new TwinLoad(service, tokens, ofServer);
        for (int i = 0; i < WORKERS; i++) {
            int worker = i;
            load.busy(number -> load.act(worker, number));
        }
        for (int i = 0; i < CHECKERS; i++) {
            Random random = new Random(i);
            load.busy(number -> load.check(random));
        }
        load.busy(load::contend);
        return load;
    }

    private interface Act {
        void go(int number);
    }

    private void busy(Act act) {
        Stores.OWN_THREADS.execute(() -> {
            try {
                for (int number = 0; !isOver; number++) {
                    act.go(number);
                    LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
                }
            } catch (RuntimeException | AssertionError e) {
                fail(e);
            }
        });
    }

    private void fail(Throwable e) {
        failure.compareAndSet(null, e);
        isOver = true;
    }

    /** Throws what went wrong, if anything has. */
    void assertRight() {
        Throwable first = failure.get();
        if (first != null) {
            throw new AssertionError("the node that was not stopped: " + first.getMessage(), first);
        }
    }

    long acts() {
        return acts.get();
    }

    long checks() {
        return checks.get();
    }

    /** What was logged in lately. */
    List<Prey> prey() {
        List<Prey> all = new ArrayList<>();
        for (int i = 0; i < prey.length(); i++) {
            Prey one = prey.get(i);
            if (one != null) {
                all.add(one);
            }
        }
        return all;
    }

    /** Three sessions of a subject of this node's own, of which some end. */
    private void act(int worker, int number) {
        SubjectId subject = Given.subject("own-" + worker + "-" + number);
        List<Prey> three = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            succeeds(() -> three.add(login(subject)));
        }
        if (three.size() < 3) {
            return;
        }
        Prey first = three.get(0);
        switch (number % 4) {
            case 0 -> revoke(three, () -> service.revokeAllSessions(subject, CAUSE));
            case 1 -> revoke(three.subList(1, 3), () -> service.revokeOtherSessions(first.token));
            case 2 -> revoke(List.of(first), () -> service.revokeSession(subject, first.session.handle(), CAUSE));
            default -> revoke(List.of(first), () -> service.logout(first.token));
        }
    }

    private Prey login(SubjectId subject) {
        Session session =
                service.beginLogin(subject).complete(DeviceInfo.unknown()).orElseThrow();
        Prey one = new Prey(session, tokens.of(session));
        prey.set(logins.getAndIncrement() % prey.length(), one);
        return one;
    }

    private void revoke(List<Prey> covered, Runnable act) {
        covered.forEach(one -> one.isAttempted = true);
        if (succeeds(act)) {
            for (Prey one : covered) {
                one.doneAt = System.nanoTime();
                one.isDone = true;
            }
        }
    }

    private boolean succeeds(Runnable act) {
        long begin = System.nanoTime();
        try {
            act.run();
            acts.incrementAndGet();
            return true;
        } catch (StoreUnavailableException e) {
            if (!isExcused(begin)) {
                throw new AssertionError("an act fails whose subject nobody else is busy with", e);
            }
            return false;
        }
    }

    /** On subjects that the other node is busy with: it may hold their locks, until the server ends its transaction. */
    private void contend(int number) {
        SubjectId subject = TwinNode.shared(number / 2);
        mayWait(() -> {
            if (number % 20 < 2) {
                service.revokeAllSessions(subject, CAUSE);
            } else {
                service.beginLogin(subject).complete(DeviceInfo.unknown());
            }
        });
    }

    /** A login, and then the end of all sessions, of the subject whose lock the other node holds; false if not done. */
    boolean loginAndRevoke(SubjectId subject) {
        boolean[] isIn = {false};
        return mayWait(() -> isIn[0] =
                        service.beginLogin(subject).complete(DeviceInfo.unknown()) instanceof LoginResult.LoggedIn)
                && isIn[0]
                && mayWait(() -> service.revokeAllSessions(subject, CAUSE));
    }

    /** False if it failed typed and in time. */
    private static boolean mayWait(Runnable act) {
        long begin = System.nanoTime();
        try {
            act.run();
            return true;
        } catch (StoreUnavailableException e) {
            Duration taken = Duration.ofNanos(System.nanoTime() - begin);
            // A login is two calls.
            Duration bound = Stores.TIMEOUT.multipliedBy(2).plus(Stores.GRACE);
            if (taken.compareTo(bound) > 0) {
                throw new AssertionError("an act fails after " + taken, e);
            }
            return false;
        }
    }

    private void check(Random random) {
        long earlier = System.nanoTime() - MAX_STALENESS.toNanos();
        Duration age = replica.status().age();
        if (age.compareTo(OLDEST) > 0 && !isExcused(earlier)) {
            throw new AssertionError("the replica is " + age + " old");
        }
        for (int i = 0; i < 200; i++) {
            Prey one = prey.get(random.nextInt(prey.length()));
            if (one != null) {
                check(one, i % 2 == 0);
            }
        }
    }

    private void check(Prey one, boolean waits) {
        boolean isDone = one.isDone;
        long earlier = System.nanoTime() - MAX_STALENESS.toNanos();
        Outcome outcome =
                (waits ? service.checker().check(one.token) : service.checker().checkNow(one.token)).outcome();
        if (outcome == Outcome.ACTIVE && isDone) {
            throw new AssertionError("a token passes after its revocation was acknowledged");
        } else if (outcome == Outcome.REVOKED && !one.isAttempted) {
            throw new AssertionError("a live token is refused");
        } else if (outcome == Outcome.UNKNOWN && !isExcused(earlier)) {
            throw new AssertionError("nobody can say whether a token is live; the replica: " + replica.status());
        }
        checks.incrementAndGet();
    }

    private boolean isExcused(long since) {
        return pulses.stream().anyMatch(pulse -> pulse.wasLateSince(since));
    }

    @Override
    public void close() {
        isOver = true;
        pulses.forEach(Pulse::close);
    }
}
