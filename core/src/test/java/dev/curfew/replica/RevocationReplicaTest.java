package dev.curfew.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.check.OutagePolicy;
import dev.curfew.check.RevocationDecision;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.check.RevocationDecision.Source;
import dev.curfew.check.TokenRevocationChecker;
import dev.curfew.check.WatchedStore;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FeedRead;
import dev.curfew.store.OperationId;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.UndecodableRevocationException;
import dev.curfew.token.VerifiedToken;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node's replica over a real store: what it knows when, and what it says when it does not know. */
@Timeout(60)
class RevocationReplicaTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration MAX_STALENESS = Duration.ofHours(1);

    /** So long that no poll comes in between: whatever is read was asked for. */
    private static final Duration NO_POLL = Duration.ofMinutes(20);

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final AtomicLong nanos = new AtomicLong();
    private final SessionStore real = InMemorySessionStore.create();
    private final WatchedStore store = new WatchedStore(real);
    private final TestTokens tokens = TestTokens.ours(Realm.of("shop"), clock);
    private final SubjectId alice = tokens.subject("alice");
    private final List<RevocationReplica> started = new ArrayList<>();
    private final ExecutorService pool = Executors.newCachedThreadPool();

    RevocationReplicaTest() {
        real.open(StoreSettings.defaults(), clock.instant());
        clock.advance(Duration.ofMinutes(1));
    }

    @AfterEach
    void stopThreads() {
        store.recover();
        started.forEach(RevocationReplica::close);
        pool.shutdownNow();
    }

    private RevocationReplica node() {
        return node(settings -> settings);
    }

    private RevocationReplica node(UnaryOperator<RevocationReplica.Builder> settings) {
        RevocationReplica replica = settings.apply(RevocationReplica.of(store, StoreSettings.defaults())
                        .clock(clock, nanos::get)
                        .staleness(MAX_STALENESS, NO_POLL)
                        .patience(PATIENCE, 64))
                .start();
        started.add(replica);
        store.takeCalls();
        return replica;
    }

    private TokenRevocationChecker checker(RevocationReplica replica) {
        return replica.checker().clock(clock).build();
    }

    private VerifiedToken token() {
        return token(newSession());
    }

    private VerifiedToken token(SessionId session) {
        return tokens.draft("alice").with("sid", session.value()).verified();
    }

    private SessionId newSession() {
        return SessionId.mint(alice, clock.instant(), RANDOM);
    }

    private static RevocationRequest request(RevocationTarget target) {
        return RevocationRequest.of(target, OperationId.random(RANDOM))
                .because(RevocationReason.REVOKED_BY_ADMIN, Actor.system())
                .build();
    }

    private static RevocationTarget sessionOf(VerifiedToken token) {
        return RevocationTarget.session(SessionRef.of(token.realm(), sessionIdOf(token)));
    }

    private void revokeElsewhere(RevocationTarget target) {
        real.revoke(request(target), Precondition.none(), clock.instant());
    }

    private void becomeStale() {
        clock.advance(MAX_STALENESS.plusMillis(1));
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

    @Test
    void a_fresh_replica_answers_without_asking_the_store() {
        TokenRevocationChecker checker = checker(node());

        RevocationDecision decision = checker.check(token());

        assertThat(decision.outcome()).isEqualTo(Outcome.ACTIVE);
        assertThat(decision.source()).isEqualTo(Source.INDEX);
        assertThat(decision.staleness()).isEqualTo(MAX_STALENESS);
        assertThat(checker.check(token())).isSameAs(decision);
        assertThat(store.takeCalls()).isEmpty();
    }

    @Test
    void what_was_revoked_before_the_start_is_known_from_the_start() {
        VerifiedToken token = token();
        revokeElsewhere(sessionOf(token));

        RevocationDecision decision = checker(node()).check(token);

        assertThat(decision.outcome()).isEqualTo(Outcome.REVOKED);
        assertThat(decision.reason()).contains(RevocationReason.REVOKED_BY_ADMIN);
        assertThat(decision.source()).isEqualTo(Source.INDEX);
    }

    @Test
    void what_this_node_revokes_is_known_here_before_revoke_returns() {
        RevocationReplica replica = node();
        TokenRevocationChecker checker = checker(replica);
        for (RevocationTarget target :
                List.of(sessionOf(token()), RevocationTarget.subject(alice), RevocationTarget.realm(tokens.realm()))) {
            VerifiedToken token = token();
            RevocationTarget of = target.kind() == RevocationTarget.Kind.SESSION ? sessionOf(token) : target;
            assertThat(checker.check(token).outcome()).isEqualTo(Outcome.ACTIVE);

            replica.store().revoke(request(of), Precondition.none(), clock.instant());

            assertThat(checker.check(token).outcome()).isEqualTo(Outcome.REVOKED);
            assertThat(store.takeCalls()).containsExactly("revoke");
            clock.advance(Duration.ofMinutes(1));
        }
    }

    @Test
    void what_another_node_revokes_is_known_after_a_catch_up() {
        RevocationReplica replica = node();
        TokenRevocationChecker checker = checker(replica);
        VerifiedToken token = token();
        revokeElsewhere(sessionOf(token));
        assertThat(checker.check(token).outcome()).isEqualTo(Outcome.ACTIVE);

        assertThat(replica.catchUp(PATIENCE)).isTrue();

        assertThat(checker.check(token).outcome()).isEqualTo(Outcome.REVOKED);
        assertThat(replica.status().propagation()).contains(Duration.ZERO);
    }

    @Test
    void polls_without_being_asked() {
        RevocationReplica replica = node(settings -> settings.staleness(Duration.ofSeconds(1), Duration.ofMillis(5)));
        TokenRevocationChecker checker = checker(replica);
        VerifiedToken token = token();
        revokeElsewhere(sessionOf(token));

        await(() -> checker.checkNow(token).outcome() == Outcome.REVOKED);
    }

    @Test
    void require_fresh_sees_what_was_revoked_elsewhere_a_moment_ago() {
        TokenRevocationChecker checker = checker(node());
        VerifiedToken token = token();
        assertThat(checker.requireFresh(token).outcome()).isEqualTo(Outcome.ACTIVE);
        revokeElsewhere(sessionOf(token));

        assertThat(checker.requireFresh(token).outcome()).isEqualTo(Outcome.REVOKED);
    }

    @Test
    void require_fresh_throws_if_the_store_is_down_whatever_the_policy() {
        TokenRevocationChecker checker = node().checker()
                .clock(clock)
                .duringOutages(OutagePolicy.ALLOW_REVOKED_TOKENS_DURING_OUTAGES)
                .build();
        store.goDown();

        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> checker.requireFresh(token()));
    }

    @Test
    void an_old_replica_is_caught_up_before_it_answers() {
        TokenRevocationChecker checker = checker(node());
        VerifiedToken revoked = token();
        revokeElsewhere(sessionOf(revoked));
        becomeStale();

        VerifiedToken other = token();
        assertThat(checker.check(other).outcome()).isEqualTo(Outcome.ACTIVE);

        assertThat(checker.check(token(sessionIdOf(revoked))).outcome()).isEqualTo(Outcome.REVOKED);
        assertThat(store.takeCalls()).containsExactly("readAfter");
    }

    private static SessionId sessionIdOf(VerifiedToken token) {
        return (SessionId) token.session().orElseThrow().handle();
    }

    @Test
    void a_ticker_that_ran_on_makes_the_replica_old_too() {
        TokenRevocationChecker checker = checker(node());
        nanos.addAndGet(MAX_STALENESS.toNanos() + 1);

        assertThat(checker.checkNow(token()).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(checker.check(token()).outcome()).isEqualTo(Outcome.ACTIVE);
        assertThat(checker.checkNow(token()).outcome()).isEqualTo(Outcome.ACTIVE);
    }

    @Test
    void check_now_neither_waits_nor_asks() {
        TokenRevocationChecker checker = checker(node());
        becomeStale();

        RevocationDecision decision = checker.checkNow(token());

        assertThat(decision.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(decision.permits()).isFalse();
        assertThat(store.takeCalls()).isEmpty();
    }

    @Test
    void a_thousand_threads_that_find_the_replica_old_cause_one_read() throws Exception {
        TokenRevocationChecker checker = checker(node());
        becomeStale();
        CountDownLatch open = new CountDownLatch(1);
        store.before(verb -> awaitLatch(open));
        int threads = 1_000;
        CountDownLatch running = new CountDownLatch(threads);
        List<Future<Outcome>> answers = new ArrayList<>();
        VerifiedToken token = token();
        for (int i = 0; i < threads; i++) {
            answers.add(pool.submit(() -> {
                running.countDown();
                return checker.check(token).outcome();
            }));
        }
        running.await();
        open.countDown();

        for (Future<Outcome> answer : answers) {
            assertThat(answer.get()).isEqualTo(Outcome.ACTIVE);
        }
        assertThat(store.takeCalls().stream().filter("readAfter"::equals).count())
                .isLessThanOrEqualTo(2);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void past_its_age_and_without_a_store_it_refuses_at_once_and_knows_what_it_knew() {
        RevocationReplica replica = node();
        TokenRevocationChecker checker = checker(replica);
        VerifiedToken revoked = token();
        replica.store().revoke(request(sessionOf(revoked)), Precondition.none(), clock.instant());
        SessionId session = sessionIdOf(revoked);
        store.goDown();
        assertThat(checker.check(token()).outcome()).as("still fresh").isEqualTo(Outcome.ACTIVE);

        becomeStale();

        assertThat(checker.check(token()).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(checker.check(token(session)).outcome()).isEqualTo(Outcome.REVOKED);
        assertThat(checker.requireFresh(token(session)).outcome()).isEqualTo(Outcome.REVOKED);
        assertThat(replica.status().isFresh()).isFalse();
        await(() -> replica.status().lastError().isPresent());
        assertThat(replica.status().lastError().orElseThrow()).isInstanceOf(StoreUnavailableException.class);

        store.recover();
        await(() -> checker.check(token()).outcome() == Outcome.ACTIVE);
        // The reader forgets it a moment after what it has read counts.
        await(() -> replica.status().lastError().isEmpty());
    }

    @Test
    void survives_whatever_a_read_throws() {
        RevocationReplica replica = node();
        TokenRevocationChecker checker = checker(replica);
        for (RuntimeException trouble : List.of(new IllegalStateException("a bug"), new NullPointerException())) {
            becomeStale();
            store.changeReads(read -> {
                throw trouble;
            });
            assertThat(checker.check(token()).outcome()).isEqualTo(Outcome.UNKNOWN);
            store.changeReads(UnaryOperator.identity());
            await(() -> checker.check(token()).outcome() == Outcome.ACTIVE);
        }
        store.changeReads(read -> {
            throw new AssertionError("not even an exception");
        });
        assertThat(replica.catchUp(PATIENCE)).isFalse();
        store.changeReads(UnaryOperator.identity());
        await(() -> replica.catchUp(PATIENCE));
    }

    @Test
    void a_store_that_lost_its_data_is_told_again_what_this_node_remembers() {
        RevocationReplica replica = node();
        TokenRevocationChecker checker = checker(replica);
        VerifiedToken session = token();
        VerifiedToken subject = tokens.draft("bob")
                .with(
                        "sid",
                        SessionId.mint(tokens.subject("bob"), clock.instant(), RANDOM)
                                .value())
                .verified();
        revokeElsewhere(RevocationTarget.subject(tokens.subject("bob")));
        clock.advance(Duration.ofMinutes(5));
        revokeElsewhere(RevocationTarget.signingKey("leaked"));
        revokeElsewhere(sessionOf(session));
        assertThat(replica.catchUp(PATIENCE)).isTrue();
        SessionStore empty = InMemorySessionStore.create();
        empty.open(StoreSettings.defaults(), clock.instant().minus(Duration.ofDays(1)));
        assertThat(empty.revocationsCovering(session.facts(), clock.instant())).isEmpty();

        store.replaceBy(empty);
        assertThat(replica.catchUp(PATIENCE)).isTrue();

        assertThat(checker.check(session).outcome()).as("nothing is dropped").isEqualTo(Outcome.REVOKED);
        await(() -> !empty.revocationsCovering(session.facts(), clock.instant()).isEmpty());
        assertThat(empty.revocationsCovering(subject.facts(), clock.instant()))
                .singleElement()
                .isEqualTo(real.revocationsCovering(subject.facts(), clock.instant())
                        .get(0));
    }

    /** A failover to a server that had all but the newest entry, which nobody had read: there is no gap to be seen. */
    @Test
    void an_acknowledged_entry_that_the_feed_never_brings_is_recorded_again() {
        RevocationReplica replica = node();
        isRecordedAgainUnlessTheFeedBringsIt(replica);
    }

    /** What a check has shown the node meanwhile is not on the feed by that. */
    @Test
    void nor_does_a_check_that_meets_it_before_it_is_acknowledged_hide_that_it_was_lost() {
        RevocationReplica replica = node();
        VerifiedToken token = token();
        store.after(verb -> {
            if (verb.equals("revoke")) {
                assertThat(replica.store().revocationsCovering(token.facts(), clock.instant()))
                        .hasSize(1);
            }
        });
        isRecordedAgainUnlessTheFeedBringsIt(replica);
    }

    private void isRecordedAgainUnlessTheFeedBringsIt(RevocationReplica replica) {
        store.changeReads(read ->
                new FeedRead.Page(List.of(), ((FeedRead.Page) read).next(), true, 0, ((FeedRead.Page) read).times()));
        replica.store().revoke(request(RevocationTarget.subject(alice)), Precondition.none(), clock.instant());
        store.takeCalls();

        assertThat(replica.catchUp(PATIENCE)).isTrue();
        assertThat(store.takeCalls())
                .as("sent when it was acknowledged, not after")
                .containsExactly("readAfter");
        CountDownLatch recorded = new CountDownLatch(1);
        store.before(verb -> {
            if (verb.equals("record")) {
                recorded.countDown();
            }
        });
        nanos.incrementAndGet();
        assertThat(replica.catchUp(PATIENCE)).isTrue();

        awaitLatch(recorded);
        await(() -> replica.status().unrecorded() == 0);
    }

    @Test
    void an_acknowledged_entry_that_the_feed_brings_is_not_recorded_again() {
        RevocationReplica replica = node();
        replica.store().revoke(request(RevocationTarget.subject(alice)), Precondition.none(), clock.instant());
        for (int i = 0; i < 3; i++) {
            nanos.incrementAndGet();
            assertThat(replica.catchUp(PATIENCE)).isTrue();
        }

        assertThat(store.takeCalls()).containsOnly("revoke", "readAfter");
    }

    @Test
    void of_tokens_and_sessions_it_remembers_ten_minutes_and_of_cut_offs_all() {
        RevocationReplica replica = node();
        VerifiedToken session = token();
        revokeElsewhere(sessionOf(session));
        revokeElsewhere(RevocationTarget.subject(tokens.subject("bob")));
        assertThat(replica.catchUp(PATIENCE)).isTrue();
        clock.advance(Duration.ofMinutes(11));
        nanos.addAndGet(Duration.ofMinutes(11).toNanos());
        SessionStore empty = InMemorySessionStore.create();
        empty.open(StoreSettings.defaults(), clock.instant().minus(Duration.ofDays(1)));

        store.replaceBy(empty);
        assertThat(replica.catchUp(PATIENCE)).isTrue();

        await(() -> empty.newestCutOff(tokens.subject("bob"), clock.instant())
                .isAfter(clock.instant().minus(Duration.ofHours(1))));
        assertThat(empty.revocationsCovering(session.facts(), clock.instant())).isEmpty();
    }

    @Test
    void an_entry_that_cannot_be_decoded_leaves_the_answers_to_the_store() {
        RevocationReplica replica = node();
        TokenRevocationChecker checker = checker(replica);
        store.changeReads(read -> read instanceof FeedRead.Page page
                ? new FeedRead.Page(page.entries(), page.next(), page.isCaughtUp(), 1, page.times())
                : read);
        assertThat(replica.catchUp(PATIENCE)).isFalse();
        store.changeReads(UnaryOperator.identity());
        VerifiedToken revoked = token();
        revokeElsewhere(sessionOf(revoked));
        store.takeCalls();

        assertThat(replica.status().isComplete()).isFalse();
        assertThat(checker.check(token()).source()).isEqualTo(Source.STORE);
        assertThat(checker.check(revoked).outcome()).isEqualTo(Outcome.REVOKED);
        assertThat(checker.checkNow(token()).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(replica.catchUp(PATIENCE)).as("not before half a minute").isFalse();

        nanos.addAndGet(Duration.ofSeconds(31).toNanos());
        assertThat(replica.catchUp(PATIENCE)).isTrue();
        assertThat(checker.check(token()).source()).isEqualTo(Source.INDEX);
    }

    @Test
    void a_revocation_of_ones_own_session_that_timed_out_holds_here_and_is_recorded_until_the_store_answers() {
        RevocationReplica replica = node();
        TokenRevocationChecker checker = checker(replica);
        VerifiedToken token = token();
        store.goDown();

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> replica.store()
                        .revoke(request(sessionOf(token)), Precondition.ownedBy(token.facts()), clock.instant()));

        assertThat(checker.check(token).outcome()).isEqualTo(Outcome.REVOKED);
        assertThat(replica.status().unrecorded()).isEqualTo(1);
        store.recover();
        await(() -> replica.catchUp(PATIENCE) && replica.status().unrecorded() == 0);
        assertThat(real.revocationsCovering(token.facts(), clock.instant())).isNotEmpty();
    }

    @Test
    void a_revocation_that_needs_a_precondition_and_timed_out_changes_nothing_here() {
        RevocationReplica replica = node();
        VerifiedToken caller = token();
        VerifiedToken other = token();
        store.goDown();

        for (RevocationTarget target : List.of(sessionOf(other), RevocationTarget.subject(alice))) {
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> replica.store()
                            .revoke(request(target), Precondition.ownedBy(caller.facts()), clock.instant()));
        }

        assertThat(checker(replica).check(other).outcome()).isEqualTo(Outcome.ACTIVE);
        assertThat(replica.status().unrecorded()).isZero();
    }

    @Test
    void an_administrators_revocation_that_timed_out_holds_here() {
        RevocationReplica replica = node();
        VerifiedToken token = token();
        store.goDown();

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> replica.store()
                        .revoke(request(RevocationTarget.subject(alice)), Precondition.none(), clock.instant()));

        assertThat(checker(replica).check(token).outcome()).isEqualTo(Outcome.REVOKED);
        store.recover();
        await(() -> replica.catchUp(PATIENCE) && replica.status().unrecorded() == 0);
        assertThat(real.newestCutOff(alice, clock.instant())).isAfterOrEqualTo(clock.instant());
    }

    @Test
    void a_login_begins_after_what_this_node_knows_also_if_the_store_forgot_it() {
        RevocationReplica replica = node();
        Instant cutOff = clock.instant().plusSeconds(30);
        replica.store()
                .record(
                        List.of(Revocation.of(RevocationTarget.subject(alice))
                                .issuedBefore(cutOff)
                                .revokedAt(clock.instant())
                                .forgetAfter(clock.instant().plus(Duration.ofDays(1)))
                                .build()),
                        clock.instant());
        SessionStore empty = InMemorySessionStore.create();
        empty.open(StoreSettings.defaults(), clock.instant().minus(Duration.ofDays(1)));
        store.replaceBy(empty);

        assertThat(replica.store().newestCutOff(alice, clock.instant())).isEqualTo(cutOff);
    }

    @Test
    void checks_ask_the_store_until_all_is_loaded_if_the_host_says_so() {
        CountDownLatch open = new CountDownLatch(1);
        store.before(verb -> {
            if (verb.equals("readAfter")) {
                awaitLatch(open);
            }
        });
        VerifiedToken revoked = token();
        revokeElsewhere(sessionOf(revoked));

        RevocationReplica replica = node(settings -> settings.loadWithin(Duration.ZERO));
        TokenRevocationChecker checker = checker(replica);

        assertThat(checker.check(token()).source()).isEqualTo(Source.STORE);
        assertThat(checker.check(revoked).source()).isEqualTo(Source.STORE);
        assertThat(checker.checkNow(token()).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(replica.status().isComplete()).isFalse();
        open.countDown();
        await(() -> checker.check(token()).source() == Source.INDEX);
    }

    @Test
    void a_load_that_does_not_end_in_time_is_refused_with_the_name_of_the_setting() {
        store.goDown();

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> node(settings -> settings.loadWithin(Duration.ofMillis(50))))
                .withMessageContaining("loadWithin")
                .withCauseInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void a_load_that_no_waiting_mends_is_refused_at_once_with_its_cause() {
        store.before(verb -> {
            throw new StoreUnavailableException(verb, new UndecodableRevocationException("it is another table"));
        });

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> node(settings -> settings.loadWithin(Duration.ofDays(1))))
                .withMessageContaining("it is another table")
                .withMessageNotContaining("loadWithin")
                .withCauseInstanceOf(StoreUnavailableException.class);
    }

    /** Of a long list, so that reading goes on between the batches; the store fails in the middle. */
    @Test
    void reminding_goes_on_where_it_was_interrupted_and_holds_up_no_read() {
        RevocationReplica replica = node();
        int count = 1_000;
        for (int i = 0; i < count; i++) {
            revokeElsewhere(RevocationTarget.subject(tokens.subject("user-" + i)));
        }
        assertThat(replica.catchUp(PATIENCE)).isTrue();
        SessionStore empty = InMemorySessionStore.create();
        empty.open(StoreSettings.defaults(), clock.instant().minus(Duration.ofDays(1)));
        AtomicLong records = new AtomicLong();
        store.before(verb -> {
            if (verb.equals("record") && records.incrementAndGet() == 3) {
                throw new StoreUnavailableException(verb, null);
            }
        });

        store.replaceBy(empty);
        assertThat(replica.catchUp(PATIENCE)).isTrue();

        await(() -> records.get() >= 3);
        await(() -> replica.catchUp(PATIENCE)
                && empty.newestCutOff(tokens.subject("user-0"), clock.instant()).equals(knownCutOff("user-0"))
                && records.get() >= count / 100 + 1);
        for (int i = 0; i < count; i++) {
            String name = "user-" + i;
            await(() ->
                    empty.newestCutOff(tokens.subject(name), clock.instant()).equals(knownCutOff(name)));
        }
    }

    private Instant knownCutOff(String name) {
        return real.newestCutOff(tokens.subject(name), clock.instant());
    }

    @Test
    void letting_tokens_pass_during_outages_lets_none_pass_while_nothing_has_failed() {
        CountDownLatch open = new CountDownLatch(1);
        store.before(verb -> {
            if (verb.equals("readAfter")) {
                awaitLatch(open);
            }
        });
        RevocationReplica replica = node(settings -> settings.loadWithin(Duration.ZERO));
        TokenRevocationChecker checker = replica.checker()
                .duringOutages(OutagePolicy.ALLOW_REVOKED_TOKENS_DURING_OUTAGES)
                .build();

        assertThat(checker.checkNow(token()).permits()).isFalse();
        open.countDown();
        await(() -> checker.checkNow(token()).outcome() == Outcome.ACTIVE);

        store.goDown();
        becomeStale();
        await(() -> checker.check(token()).permits());
        assertThat(checker.check(token()).outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void what_could_not_be_recorded_is_recorded_once_however_often_it_was_tried() {
        RevocationReplica replica = node();
        VerifiedToken token = token();
        store.goDown();
        for (int i = 0; i < 5; i++) {
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> replica.store()
                            .revoke(request(sessionOf(token)), Precondition.ownedBy(token.facts()), clock.instant()));
        }

        assertThat(replica.status().unrecorded()).isEqualTo(1);
    }

    @Test
    void a_load_of_several_pages_is_complete_and_begins_again_if_one_fails() {
        int count = 25_000;
        List<Revocation> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(Revocation.of(RevocationTarget.subject(tokens.subject("user-" + i)))
                    .revokedAt(clock.instant())
                    .forgetAfter(clock.instant().plus(Duration.ofDays(1)))
                    .build());
        }
        real.record(entries, clock.instant());
        AtomicLong reads = new AtomicLong();
        store.before(verb -> {
            if (verb.equals("readAfter") && reads.incrementAndGet() == 2) {
                throw new StoreUnavailableException(verb, null);
            }
        });

        RevocationReplica replica = node();

        assertThat(replica.status().entries()).isEqualTo(count);
        assertThat(reads.get()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void a_load_goes_on_when_the_store_comes_back() throws Exception {
        CountDownLatch tried = new CountDownLatch(1);
        store.before(verb -> {
            tried.countDown();
            throw new StoreUnavailableException(verb, null);
        });
        Future<RevocationReplica> starting = pool.submit(() -> node());
        awaitLatch(tried);

        store.recover();

        assertThat(starting.get(20, TimeUnit.SECONDS).status().isComplete()).isTrue();
    }

    @Test
    void a_poll_period_must_leave_room_for_a_lost_poll() {
        RevocationReplica.Builder builder = RevocationReplica.of(store, StoreSettings.defaults());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.staleness(Duration.ofSeconds(5), Duration.ofSeconds(2)))
                .withMessageContaining("pollPeriod")
                .withMessageContaining("maxStaleness");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.staleness(Duration.ofSeconds(5), Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.patience(PATIENCE, 0));
    }

    @Test
    void a_closed_replica_refuses_once_it_is_old() {
        RevocationReplica replica = node();
        TokenRevocationChecker checker = checker(replica);
        replica.close();
        assertThat(checker.check(token()).outcome()).isEqualTo(Outcome.ACTIVE);

        becomeStale();

        assertThat(checker.check(token()).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(store.takeCalls()).isEmpty();
    }

    @Test
    void tells_how_it_keeps_up() {
        RevocationReplica replica = node();
        replica.store().revoke(request(RevocationTarget.subject(alice)), Precondition.none(), clock.instant());
        clock.advance(Duration.ofSeconds(3));

        IndexStatus status = replica.status();

        assertThat(status.isComplete()).isTrue();
        assertThat(status.isFresh()).isTrue();
        assertThat(status.age()).isEqualTo(Duration.ofSeconds(3));
        assertThat(status.entries()).isEqualTo(1);
        assertThat(status.position().marks()).isNotEmpty();
        assertThat(status.unrecorded()).isZero();
        assertThat(status.propagation()).isEmpty();
        assertThat(status.lastError()).isEmpty();
    }
}
