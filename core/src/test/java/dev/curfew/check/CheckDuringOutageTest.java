package dev.curfew.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.check.RevocationDecision.Source;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.event.EventPublisher;
import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.CheckUnanswered;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.session.Realm;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What a check answers when nobody can say. */
@Timeout(60)
class CheckDuringOutageTest {
    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final WatchedStore store = new WatchedStore(InMemorySessionStore.create());
    private final List<SessionEvent> events = new CopyOnWriteArrayList<>();
    private final TestTokens tokens = TestTokens.foreign(Realm.of("partner"), clock);
    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final VerifiedToken token;

    CheckDuringOutageTest() {
        store.open(StoreSettings.defaults(), clock.instant());
        clock.advance(Duration.ofMinutes(1));
        token = tokens.draft("alice").verified();
        store.takeCalls();
    }

    @AfterEach
    void stopThreads() {
        pool.shutdownNow();
    }

    private TokenRevocationChecker.Builder builder() {
        return TokenRevocationChecker.authoritative(store)
                .clock(clock)
                .events(EventPublisher.on(List.of(events::add), Runnable::run));
    }

    /** Lets questions in and keeps them there until the latch opens. */
    private CountDownLatch blockStore(CountDownLatch open) {
        CountDownLatch entered = new CountDownLatch(1);
        store.before(verb -> {
            entered.countDown();
            await(open);
        });
        return entered;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void nobody_can_say_and_so_the_answer_is_unknown_and_denies() {
        store.goDown();

        RevocationDecision decision = builder().build().check(token);

        assertThat(decision.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(decision.permits()).isFalse();
        assertThat(decision.source()).isEqualTo(Source.NONE);
        assertThat(decision.reason()).isEmpty();
        assertThat(decision.isLiftedByReauthentication()).isFalse();
    }

    @Test
    void each_unanswered_check_is_reported() {
        store.goDown();
        TokenRevocationChecker checker = builder().build();

        checker.check(token);
        checker.check(token);

        assertThat(events)
                .hasSize(2)
                .allSatisfy(event -> assertThat(event).isInstanceOfSatisfying(CheckUnanswered.class, unanswered -> {
                    assertThat(unanswered.allowed()).isFalse();
                    assertThat(unanswered.at()).isEqualTo(clock.instant());
                }));
        assertThat(events).extracting(SessionEvent::id).doesNotHaveDuplicates();
    }

    @Test
    void the_host_may_let_requests_pass_by_name_and_each_is_reported_as_such() {
        store.goDown();

        RevocationDecision decision = builder()
                .duringOutages(OutagePolicy.ALLOW_REVOKED_TOKENS_DURING_OUTAGES)
                .build()
                .check(token);

        assertThat(decision.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(decision.permits()).isTrue();
        assertThat(events)
                .singleElement()
                .isInstanceOfSatisfying(
                        CheckUnanswered.class,
                        unanswered -> assertThat(unanswered.allowed()).isTrue());
    }

    @Test
    void letting_requests_pass_is_warned_of_when_the_checker_is_built() {
        Logger logger = (Logger) LoggerFactory.getLogger(TokenRevocationChecker.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);

        builder().build();
        assertThat(log.list).isEmpty();
        builder()
                .duringOutages(OutagePolicy.ALLOW_REVOKED_TOKENS_DURING_OUTAGES)
                .build();
        logger.detachAppender(log);

        assertThat(log.list).singleElement().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.WARN);
            assertThat(line.getFormattedMessage()).contains("ALLOW_REVOKED_TOKENS_DURING_OUTAGES");
        });
    }

    @Test
    void the_first_check_after_the_outage_is_answered() {
        TokenRevocationChecker checker = builder().inFlight(1, Duration.ZERO).build();
        store.goDown();
        for (int i = 0; i < 5; i++) {
            checker.check(token);
        }

        store.recover();

        assertThat(checker.check(token).outcome()).isEqualTo(Outcome.ACTIVE);
    }

    @Test
    void an_outage_is_one_line_in_the_log_and_its_end_another() {
        Logger logger = (Logger) LoggerFactory.getLogger(StoreSource.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        TokenRevocationChecker checker = builder().build();
        store.goDown();
        for (int i = 0; i < 5; i++) {
            checker.check(token);
        }
        store.recover();
        checker.check(token);
        checker.check(token);
        logger.detachAppender(log);

        assertThat(log.list)
                .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
                .extracting(ILoggingEvent::getLevel)
                .containsExactly(Level.WARN, Level.INFO);
    }

    @Test
    void explain_reports_an_outage() {
        store.goDown();

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> builder().build().explain(token));
    }

    @Test
    void a_mistake_in_the_store_is_neither_active_nor_an_outage_and_gives_its_place_back() {
        TokenRevocationChecker checker = builder()
                .inFlight(1, Duration.ZERO)
                .duringOutages(OutagePolicy.ALLOW_REVOKED_TOKENS_DURING_OUTAGES)
                .build();
        store.before(verb -> {
            throw new IllegalStateException("a bug");
        });

        for (int i = 0; i < 3; i++) {
            assertThatIllegalStateException().isThrownBy(() -> checker.check(token));
        }
        assertThat(events).isEmpty();
        store.recover();

        assertThat(checker.check(token).outcome()).isEqualTo(Outcome.ACTIVE);
    }

    @Test
    void a_question_too_many_is_unknown_at_once_and_does_not_reach_the_store()
            throws InterruptedException, ExecutionException {
        TokenRevocationChecker checker = builder().inFlight(1, Duration.ZERO).build();
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch entered = blockStore(open);
        Future<RevocationDecision> first = pool.submit(() -> checker.check(token));
        entered.await();

        RevocationDecision surplus = checker.check(token);

        assertThat(surplus.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(surplus.permits()).isFalse();
        assertThat(store.takeCalls()).hasSize(1);
        open.countDown();
        assertThat(first.get().outcome()).isEqualTo(Outcome.ACTIVE);
        assertThat(checker.check(token).outcome()).isEqualTo(Outcome.ACTIVE);
    }

    @Test
    void a_question_too_many_is_unknown_when_its_patience_is_over() throws InterruptedException, ExecutionException {
        TokenRevocationChecker checker =
                builder().inFlight(1, Duration.ofMillis(5)).build();
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch entered = blockStore(open);
        Future<RevocationDecision> first = pool.submit(() -> checker.check(token));
        entered.await();

        assertThat(checker.check(token).outcome()).isEqualTo(Outcome.UNKNOWN);

        open.countDown();
        assertThat(first.get().outcome()).isEqualTo(Outcome.ACTIVE);
    }

    @Test
    void a_patient_question_is_answered_in_its_turn() throws InterruptedException, ExecutionException {
        TokenRevocationChecker checker =
                builder().inFlight(1, Duration.ofSeconds(30)).build();
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch entered = blockStore(open);
        Future<RevocationDecision> first = pool.submit(() -> checker.check(token));
        entered.await();
        Future<RevocationDecision> second = pool.submit(() -> checker.check(token));

        open.countDown();

        assertThat(first.get().outcome()).isEqualTo(Outcome.ACTIVE);
        assertThat(second.get().outcome()).isEqualTo(Outcome.ACTIVE);
    }

    @Test
    void an_interrupted_thread_gets_unknown_and_stays_interrupted() {
        TokenRevocationChecker checker = builder().build();
        Thread.currentThread().interrupt();

        RevocationDecision decision = checker.check(token);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(decision.outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void too_many_questions_are_no_outage_that_a_policy_could_answer() throws InterruptedException, ExecutionException {
        TokenRevocationChecker checker = builder()
                .inFlight(1, Duration.ZERO)
                .duringOutages(OutagePolicy.ALLOW_REVOKED_TOKENS_DURING_OUTAGES)
                .build();
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch entered = blockStore(open);
        Future<RevocationDecision> first = pool.submit(() -> checker.check(token));
        entered.await();

        RevocationDecision surplus = checker.check(token);
        open.countDown();

        assertThat(surplus.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(surplus.permits()).isFalse();
        assertThat(first.get().outcome()).isEqualTo(Outcome.ACTIVE);
    }
}
