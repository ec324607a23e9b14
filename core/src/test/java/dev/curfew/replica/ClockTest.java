package dev.curfew.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.curfew.check.OutagePolicy;
import dev.curfew.check.RevocationDecision;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.check.RevocationDecision.Source;
import dev.curfew.check.TokenRevocationChecker;
import dev.curfew.check.WatchedStore;
import dev.curfew.contract.Given;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.store.ClocksDifferException;
import dev.curfew.store.FeedRead;
import dev.curfew.store.Precondition;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreTimes;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** A node whose clock is wrong, or whose store's is: what it says, and when it says more again. */
@Timeout(60)
class ClockTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LONG = Duration.ofDays(200);

    private final ManualClock clock = ManualClock.at(Given.NOW);
    private final SessionStore real = InMemorySessionStore.create();
    private final WatchedStore store = new WatchedStore(real);
    private final TestTokens tokens = TestTokens.ours(Given.REALM, clock);
    private final VerifiedToken revoked = tokens.draft("alice").verified();
    private final VerifiedToken live = tokens.draft("bob").verified();
    private final RevocationReplica replica;
    private final TokenRevocationChecker checker;

    ClockTest() {
        real.open(Given.SETTINGS, Given.BIRTH);
        real.revoke(
                Given.act(RevocationTarget.subject(tokens.subject("alice"))).build(),
                Precondition.none(),
                clock.instant());
        replica = RevocationReplica.of(store, Given.SETTINGS)
                .clock(clock, clock.ticker())
                .staleness(Duration.ofHours(1), Duration.ofMinutes(20))
                .patience(PATIENCE, 64)
                .start();
        checker = replica.checker().build();
        store.takeCalls();
    }

    @AfterEach
    void close() {
        store.recover();
        replica.close();
    }

    private TokenRevocationChecker checker(OutagePolicy policy) {
        return replica.checker().duringOutages(policy).build();
    }

    private static void await(BooleanSupplier condition) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("it never came");
            }
            Thread.onSpinWait();
        }
    }

    /** Time passes until everything is forgotten and swept, and then it turns out that the clock was wrong. */
    private void forgetAndSetBack() {
        clock.advance(LONG);
        for (int i = 0; i < 130; i++) {
            assertThat(replica.catchUp(PATIENCE)).isTrue();
        }
        assertThat(replica.status().entries()).isZero();
        clock.set(Given.NOW);
    }

    private void storeTimes(UnaryOperator<StoreTimes> change) {
        store.changeReads(read -> read instanceof FeedRead.Page page
                ? new FeedRead.Page(
                        page.entries(), page.next(), page.isCaughtUp(), page.undecodable(), change.apply(page.times()))
                : read);
    }

    @Test
    void what_was_swept_by_a_wrong_clock_is_asked_of_the_store_until_it_is_loaded_again() {
        forgetAndSetBack();
        CountDownLatch reading = new CountDownLatch(1);
        store.before(verb -> {
            if (verb.equals("readAfter")) {
                awaitLatch(reading);
            }
        });

        assertThat(checker.checkNow(revoked).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(checker.checkNow(live).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(checker.check(revoked).outcome()).isEqualTo(Outcome.REVOKED);
        RevocationDecision decision = checker.check(live);
        assertThat(decision.outcome()).isEqualTo(Outcome.ACTIVE);
        assertThat(decision.source()).isEqualTo(Source.STORE);

        reading.countDown();
        await(() -> checker.checkNow(live).source() == Source.INDEX);
        RevocationDecision known = checker.checkNow(revoked);
        assertThat(known.outcome()).isEqualTo(Outcome.REVOKED);
        assertThat(known.source()).isEqualTo(Source.INDEX);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_clock_that_is_set_back_within_the_hour_changes_nothing() {
        clock.advance(LONG);
        replica.catchUp(PATIENCE);
        replica.store()
                .revoke(
                        Given.act(RevocationTarget.subject(tokens.subject("carol")))
                                .build(),
                        Precondition.none(),
                        clock.instant());
        clock.advance(Duration.ofMinutes(-59));
        VerifiedToken carols = tokens.draft("carol").verified();
        VerifiedToken bobs = tokens.draft("bob").verified();
        store.takeCalls();

        assertThat(checker.check(carols).outcome()).isEqualTo(Outcome.REVOKED);
        assertThat(checker.check(bobs).source()).isEqualTo(Source.INDEX);
        assertThat(store.takeCalls()).isEmpty();
    }

    @Test
    void no_policy_for_outages_lets_pass_what_was_swept_by_a_wrong_clock() {
        forgetAndSetBack();
        store.goDown();
        replica.catchUp(PATIENCE);

        for (OutagePolicy policy :
                List.of(OutagePolicy.ALLOW_REVOKED_TOKENS_DURING_OUTAGES, OutagePolicy.lastKnownGood(LONG))) {
            for (VerifiedToken token : List.of(revoked, live)) {
                assertThat(checker(policy).check(token).permits()).isFalse();
                assertThat(checker(policy).checkNow(token).permits()).isFalse();
            }
        }
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> checker.requireFresh(live));
        store.recover();
        await(() -> checker.check(live).outcome() == Outcome.ACTIVE);
        assertThat(checker.check(revoked).outcome()).isEqualTo(Outcome.REVOKED);
    }

    /**
     * The store refuses too, and only its own word is lost with the clock: a node goes on recording what it wants
     * recorded.
     */
    @Test
    void what_the_store_has_not_confirmed_is_not_swept() {
        store.before(verb -> {
            if (!verb.equals("readAfter")) {
                throw new StoreUnavailableException(verb, null);
            }
        });
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> replica.store()
                        .revoke(
                                Given.act(RevocationTarget.subject(tokens.subject("bob")))
                                        .build(),
                                Precondition.none(),
                                clock.instant()));
        clock.advance(LONG);
        for (int i = 0; i < 130; i++) {
            assertThat(replica.catchUp(PATIENCE)).isTrue();
        }
        clock.set(Given.NOW);

        assertThat(checker.check(live).outcome()).isEqualTo(Outcome.REVOKED);
        assertThat(replica.status().unrecorded()).isEqualTo(1);
    }

    @Test
    void before_the_horizon_of_the_store_nothing_is_active_whatever_the_policy() {
        Instant horizon = clock.instant().plus(Duration.ofDays(102));
        storeTimes(times -> new StoreTimes(horizon, times.clock()));
        assertThat(replica.catchUp(PATIENCE)).isTrue();

        assertThat(checker.check(live).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(checker.check(revoked).outcome()).isEqualTo(Outcome.REVOKED);
        assertThat(checker.checkNow(live).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> checker.requireFresh(live))
                .withMessageContaining("clock");
        TokenRevocationChecker loose = checker(OutagePolicy.ALLOW_REVOKED_TOKENS_DURING_OUTAGES);
        assertThat(loose.check(live).permits()).isFalse();
        store.goDown();
        replica.catchUp(PATIENCE);
        assertThat(loose.check(live).permits()).isFalse();
        assertThat(checker(OutagePolicy.lastKnownGood(LONG)).check(live).permits())
                .isFalse();
        store.recover();
        await(() -> replica.catchUp(PATIENCE));

        // The first instant at which nothing is missing.
        clock.set(horizon.minusMillis(1));
        replica.catchUp(PATIENCE);
        assertThat(checker.check(tokens.draft("bob").verified()).outcome()).isEqualTo(Outcome.UNKNOWN);
        clock.set(horizon);
        replica.catchUp(PATIENCE);
        assertThat(checker.check(tokens.draft("bob").verified()).outcome()).isEqualTo(Outcome.ACTIVE);
    }

    @Test
    void an_administrator_who_resets_the_horizon_of_the_store_ends_the_refusals() {
        storeTimes(times -> new StoreTimes(clock.instant().plus(Duration.ofDays(102)), times.clock()));
        replica.catchUp(PATIENCE);
        assertThat(checker.check(live).outcome()).isEqualTo(Outcome.UNKNOWN);

        storeTimes(times -> times);
        replica.catchUp(PATIENCE);

        assertThat(checker.check(live).outcome()).isEqualTo(Outcome.ACTIVE);
    }

    @Test
    void the_store_says_itself_what_it_cannot_say() {
        clock.advance(LONG);
        assertThat(real.purge(clock.instant(), 100).revocations()).isEqualTo(1);
        clock.set(Given.NOW);
        for (OutagePolicy policy : List.of(OutagePolicy.DENY, OutagePolicy.ALLOW_REVOKED_TOKENS_DURING_OUTAGES)) {
            TokenRevocationChecker authoritative = TokenRevocationChecker.authoritative(real)
                    .clock(clock)
                    .duringOutages(policy)
                    .build();

            RevocationDecision decision = authoritative.check(live);

            assertThat(decision.outcome()).isEqualTo(Outcome.UNKNOWN);
            assertThat(decision.permits()).isFalse();
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> authoritative.requireFresh(live));
        }
    }

    @Test
    void clocks_that_differ_are_told_once_when_it_begins_and_once_when_it_ends() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger(ClockComparison.class);
        logger.addAppender(log);
        Duration skew = Given.SETTINGS.nodeSkew();
        try {
            storeTimes(times -> new StoreTimes(times.horizon(), times.clock().minus(skew)));
            replica.catchUp(PATIENCE);
            assertThat(replica.clockTrouble()).isEmpty();
            assertThat(replica.status().clockDifference()).contains(skew);

            for (Duration ahead : List.of(skew.plusMillis(1), Duration.ofDays(-102))) {
                storeTimes(
                        times -> new StoreTimes(times.horizon(), times.clock().minus(ahead)));
                for (int i = 0; i < 3; i++) {
                    replica.catchUp(PATIENCE);
                }
                assertThat(replica.clockTrouble()).contains(ahead);
                assertThatExceptionOfType(ClocksDifferException.class)
                        .isThrownBy(() -> replica.store().purge(clock.instant(), 10));
                storeTimes(times -> times);
                replica.catchUp(PATIENCE);
                assertThat(replica.clockTrouble()).isEmpty();
                replica.store().purge(clock.instant(), 10);
            }
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list)
                .extracting(ILoggingEvent::getLevel)
                .containsExactly(Level.ERROR, Level.INFO, Level.ERROR, Level.INFO);
    }

    /** What a read takes is no difference. */
    @Test
    void a_reading_within_the_time_of_the_read_is_no_difference() {
        ClockComparison clocks = new ClockComparison(Duration.ofSeconds(2));
        Instant sent = Given.NOW;
        assertThat(clocks.difference()).isEmpty();

        clocks.compare(sent, sent.plusSeconds(30), sent.plusSeconds(60));
        assertThat(clocks.difference()).contains(Duration.ZERO);

        clocks.compare(sent, sent.plusSeconds(63), sent.plusSeconds(60));
        assertThat(clocks.tooLarge()).contains(Duration.ofSeconds(-3));

        clocks.compare(sent, sent.minusSeconds(2), sent.plusSeconds(60));
        assertThat(clocks.difference()).contains(Duration.ofSeconds(2));
        assertThat(clocks.tooLarge()).isEmpty();
    }
}
