package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.check.TokenRevocationChecker;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionId;
import dev.curfew.session.SlowerClock;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ClocksDifferException;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.VerifiedToken;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * Nodes over one store, the clock of one of which is wrong for a while. One thread sets it, reads, sweeps and purges;
 * another one checks all that was revoked, without end, on every node: nothing of that may ever pass.
 */
final class ClockSteps implements AutoCloseable {
    private static final int REVOKED = 200;
    private static final int LIVE = 20;
    private static final int PLENTY = 10_000;

    /** So many that a sweep gets round to the whole index. */
    private static final int SWEEPS = 130;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A quick machine is done with the steps before the other thread has begun. */
    private static final long LEAST_CHECKS = 1_000;

    private final StoreFixture fixture;
    private final ManualClock truth;
    private final Random random;
    private final SessionStore bare;
    private final WrongClock wrongClock;
    private final TestTokens tokens;
    private final List<Node> nodes = new ArrayList<>();
    private final List<VerifiedToken> live = new ArrayList<>();
    private final List<VerifiedToken> doomed = new ArrayList<>();
    private final AtomicLong checks = new AtomicLong();
    private final AtomicReference<AssertionError> violation = new AtomicReference<>();
    private volatile boolean isOver;

    /** A clock that is apart from the right one. */
    private static final class WrongClock extends Clock {
        private final Clock right;
        private volatile Duration ahead = Duration.ZERO;

        WrongClock(Clock right) {
            this.right = right;
        }

        @Override
        public Instant instant() {
            return right.instant().plus(ahead);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    /** A node with what it must know to be revoked. */
    private static final class Node {
        final RevocationReplica replica;
        final TokenRevocationChecker checker;
        final TokenRevocationChecker authoritative;
        final List<VerifiedToken> revoked = new CopyOnWriteArrayList<>();
        private final Clock clock;
        private final SlowerClock slower;

        Node(SessionStore store, Clock clock, ManualClock elapsed) {
            store.open(Given.SETTINGS, clock.instant());
            this.clock = clock;
            this.slower = SlowerClock.start(clock, elapsed.ticker());
            this.replica = RevocationReplica.of(store, Given.SETTINGS)
                    .clock(clock, elapsed.ticker())
                    .patience(PATIENCE, 64)
                    .start();
            this.checker = replica.checker().build();
            this.authoritative =
                    TokenRevocationChecker.authoritative(store).clock(clock).build();
        }

        void purge() {
            try {
                Instant now = slower.forRemoval(clock.instant(), StoreSettings.PURGE_DELAY);
                while (replica.store().purge(now, PLENTY).hasMore()) {
                    Thread.onSpinWait();
                }
            } catch (ClocksDifferException e) {
                // As it should.
            }
        }
    }

    ClockSteps(StoreFixture fixture, SessionStore store, ManualClock truth, Random random) {
        this.fixture = fixture;
        this.truth = truth;
        this.random = random;
        this.bare = NodeOfServer.of(store, fixture, truth);
        this.wrongClock = new WrongClock(truth);
        this.tokens = TestTokens.ours(Given.REALM, truth);
        SecureRandom ids = new SecureRandom();
        for (int i = 0; i < REVOKED + LIVE; i++) {
            String name = "subject-" + i;
            SessionId session = SessionId.mint(new SubjectId(Given.REALM, name), truth.instant(), ids);
            (i < REVOKED ? doomed : live)
                    .add(tokens.draft(name).with("sid", session.value()).verified());
        }
    }

    /** Plays one history; answers how many checks were made beside it. */
    long play(Duration ahead, boolean fromTheStart) {
        boolean hasSeveral = fixture.capabilities().contains(StoreCapability.SEVERAL_NODES);
        List<VerifiedToken> before = hasSeveral ? doomed.subList(0, REVOKED / 2) : doomed;
        before.forEach(this::revoke);
        wrongClock.ahead = fromTheStart ? ahead : Duration.ZERO;
        Node wrong = start(bare, wrongClock);
        wrong.revoked.addAll(before);
        if (hasSeveral) {
            SessionStore second = fixture.secondNode();
            start(NodeOfServer.of(second, fixture, truth), truth).revoked.addAll(before);
        }
        Thread checking = new Thread(this::checkOnAndOn, "checks");
        checking.setDaemon(true);
        checking.start();
        try {
            wrongClock.ahead = ahead;
            goOn(wrong, SWEEPS);
            if (hasSeveral) {
                List<VerifiedToken> meanwhile = doomed.subList(REVOKED / 2, REVOKED);
                meanwhile.forEach(this::revoke);
                for (Node node : nodes) {
                    node.replica.catchUp(PATIENCE);
                    node.revoked.addAll(meanwhile);
                }
            }
            for (int i = 0; i < 10; i++) {
                wrongClock.ahead = ahead.multipliedBy(random.nextInt(4) - 1);
                assertNothingPasses();
                goOn(wrong, random.nextInt(8));
            }
            wrongClock.ahead = Duration.ZERO;
            assertNothingPasses();
            goOn(wrong, 5);
            assertNothingPasses();
            // Nobody but the node itself can tell such a store the time.
            if (!fromTheStart || fixture.capabilities().contains(StoreCapability.OWN_CLOCK)) {
                nodes.forEach(this::assertKnowsAgain);
            }
            await("checks beside", () -> checks.get() >= LEAST_CHECKS || violation.get() != null);
        } finally {
            isOver = true;
            join(checking);
        }
        if (violation.get() != null) {
            throw violation.get();
        }
        return checks.get();
    }

    private Node start(SessionStore store, Clock clock) {
        Node node = new Node(store, clock, truth);
        nodes.add(node);
        return node;
    }

    private void revoke(VerifiedToken token) {
        RevocationTarget target = switch (random.nextInt(3)) {
            case 0 -> RevocationTarget.token(token.facts());
            case 1 -> RevocationTarget.session(token.session().orElseThrow());
            default -> RevocationTarget.subject(token.subject().orElseThrow());
        };
        RevocationRequest.Builder act = Given.act(target);
        if (target.kind() == RevocationTarget.Kind.TOKEN) {
            act.forgetAfter(token.forgetAfter());
        }
        bare.revoke(act.build(), Precondition.none(), truth.instant());
    }

    /** Reads, sweeps and purges, and lets a little time pass. */
    private void goOn(Node node, int times) {
        for (int i = 0; i < times; i++) {
            node.replica.catchUp(PATIENCE);
            if (random.nextInt(20) == 0) {
                truth.advance(Duration.ofMillis(random.nextInt(1_000)));
            }
            if (random.nextInt(20) == 0) {
                node.purge();
            }
        }
    }

    private void assertNothingPasses() {
        for (Node node : nodes) {
            node.revoked.forEach(token -> assertDoesNotPass(node, token));
        }
    }

    private void assertDoesNotPass(Node node, VerifiedToken token) {
        assertThat(node.checker.checkNow(token).outcome()).as("checkNow").isNotEqualTo(Outcome.ACTIVE);
        assertThat(node.checker.check(token).outcome()).as("check").isNotEqualTo(Outcome.ACTIVE);
        if (random.nextInt(10) == 0) {
            assertThat(node.authoritative.check(token).outcome())
                    .as("authoritative")
                    .isNotEqualTo(Outcome.ACTIVE);
            try {
                assertThat(node.checker.requireFresh(token).outcome())
                        .as("requireFresh")
                        .isNotEqualTo(Outcome.ACTIVE);
            } catch (StoreUnavailableException e) {
                // Nobody can say.
            }
        }
    }

    private void checkOnAndOn() {
        try {
            while (!isOver) {
                for (Node node : nodes) {
                    for (VerifiedToken token : node.revoked) {
                        if (node.checker.checkNow(token).outcome() == Outcome.ACTIVE) {
                            throw new AssertionError("a revoked token is active");
                        }
                        checks.incrementAndGet();
                    }
                }
            }
        } catch (AssertionError e) {
            violation.compareAndSet(null, e);
        }
    }

    private void assertKnowsAgain(Node node) {
        await(
                "live tokens that are known again",
                () -> live.stream().allMatch(token -> node.checker.check(token).outcome() == Outcome.ACTIVE));
        await(
                "live tokens that are known without waiting",
                () -> live.stream()
                        .allMatch(token -> node.checker.checkNow(token).outcome() == Outcome.ACTIVE));
        for (VerifiedToken token : live) {
            assertThat(node.checker.requireFresh(token).outcome()).isEqualTo(Outcome.ACTIVE);
            assertThat(node.authoritative.check(token).outcome()).isEqualTo(Outcome.ACTIVE);
        }
        for (VerifiedToken token : node.revoked) {
            assertThat(node.checker.check(token).outcome()).isEqualTo(Outcome.REVOKED);
            assertThat(node.authoritative.check(token).outcome()).isEqualTo(Outcome.REVOKED);
        }
        assertThat(node.replica.status().isFresh()).isTrue();
        assertThat(node.replica.clockTrouble()).isEmpty();
    }

    private static void await(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - until > 0) {
                throw new AssertionError("no " + what + " within " + PATIENCE);
            }
            Thread.onSpinWait();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        isOver = true;
        nodes.forEach(node -> node.replica.close());
        if (fixture.capabilities().contains(StoreCapability.OWN_CLOCK)) {
            fixture.storeClockAhead(Duration.ZERO);
        }
    }
}
