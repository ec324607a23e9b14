package dev.curfew.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.check.RevocationDecision.Source;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.event.EventPublisher;
import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.CheckUnanswered;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.meter.Meter;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.Realm;
import dev.curfew.store.OperationId;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.VerifiedToken;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What was last known to be good, during an outage, up to the age that the host has stated. */
@Timeout(60)
class LastKnownGoodTest {
    private static final Duration STALENESS = Duration.ofMinutes(3);
    private static final Duration MAX_AGE = Duration.ofMinutes(10);

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final AtomicLong nanos = new AtomicLong();
    private final SessionStore real = InMemorySessionStore.create();
    private final WatchedStore store = new WatchedStore(real);
    private final TestTokens tokens = TestTokens.foreign(Realm.of("partner"), clock);
    private final List<SessionEvent> events = new CopyOnWriteArrayList<>();
    private final RevocationReplica replica;
    private final TokenRevocationChecker checker;
    private final VerifiedToken token;

    LastKnownGoodTest() {
        real.open(StoreSettings.defaults(), clock.instant());
        clock.advance(Duration.ofMinutes(1));
        token = tokens.draft("alice").verified();
        replica = node();
        checker = checker(replica);
    }

    private RevocationReplica node() {
        return RevocationReplica.of(store, StoreSettings.defaults())
                .clock(clock, nanos::get)
                .staleness(STALENESS, Duration.ofMinutes(1))
                .start();
    }

    private TokenRevocationChecker checker(RevocationReplica of) {
        return of.checker()
                .events(EventPublisher.on(List.of(events::add), Runnable::run))
                .duringOutages(OutagePolicy.lastKnownGood(MAX_AGE))
                .build();
    }

    @AfterEach
    void close() {
        store.recover();
        replica.close();
    }

    /** The store is asked once and does not answer, and time goes on. */
    private void outageOf(Duration age) {
        store.goDown();
        replica.catchUp(Duration.ofSeconds(20));
        clock.advance(age);
    }

    @Test
    void passes_while_it_is_young_enough_and_says_how_old_it_is() {
        outageOf(MAX_AGE);

        RevocationDecision decision = checker.check(token);

        assertThat(decision.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(decision.permits()).isTrue();
        assertThat(decision.source()).isEqualTo(Source.INDEX);
        assertThat(decision.staleness()).isEqualTo(MAX_AGE);
        assertThat(checker.checkNow(token).permits()).isTrue();
    }

    @Test
    void does_not_pass_a_millisecond_later() {
        outageOf(MAX_AGE.plusMillis(1));

        RevocationDecision decision = checker.check(token);

        assertThat(decision.permits()).isFalse();
        assertThat(decision.source()).isEqualTo(Source.NONE);
    }

    @Test
    void its_age_is_what_the_slower_clock_says() {
        outageOf(Duration.ofMinutes(4));
        nanos.addAndGet(MAX_AGE.plusMillis(1).toNanos());

        assertThat(checker.check(token).permits()).isFalse();
    }

    @Test
    void what_is_known_to_be_revoked_is_refused() {
        replica.store()
                .revoke(
                        RevocationRequest.of(
                                        RevocationTarget.token(token.facts()), OperationId.random(new SecureRandom()))
                                .because(RevocationReason.REVOKED_BY_ADMIN, Actor.system())
                                .forgetAfter(token.forgetAfter())
                                .build(),
                        Precondition.none(),
                        clock.instant());
        outageOf(Duration.ofMinutes(4));

        assertThat(checker.check(token).outcome()).isEqualTo(Outcome.REVOKED);
    }

    @Test
    void each_answer_is_an_event_and_is_counted() {
        outageOf(Duration.ofMinutes(4));

        checker.check(token);
        checker.check(token);

        assertThat(events)
                .hasSize(2)
                .allSatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                CheckUnanswered.class,
                                unanswered -> assertThat(unanswered.allowed()).isTrue()));
        assertThat(checker.meters())
                .filteredOn(meter -> meter.tags().get("outcome").equals("unknown")
                        && meter.tags().get("source").equals("index"))
                .singleElement()
                .isInstanceOfSatisfying(
                        Meter.Counter.class,
                        counter -> assertThat(counter.count().getAsLong()).isEqualTo(2));
    }

    @Test
    void while_the_store_answers_the_policy_has_no_say() {
        clock.advance(Duration.ofMinutes(4));

        assertThat(checker.checkNow(token).permits()).isFalse();
        assertThat(checker.check(token).outcome()).isEqualTo(Outcome.ACTIVE);
    }

    @Test
    void a_check_that_must_be_fresh_knows_no_policy() {
        outageOf(Duration.ofMinutes(1));

        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> checker.requireFresh(token));
    }

    @Test
    void a_node_that_never_loaded_knows_nothing_good() {
        store.goDown();
        RevocationReplica young = RevocationReplica.of(store, StoreSettings.defaults())
                .clock(clock, nanos::get)
                .staleness(STALENESS, Duration.ofMinutes(1))
                .loadWithin(Duration.ZERO)
                .start();
        young.catchUp(Duration.ofSeconds(20));

        assertThat(checker(young).check(token).permits()).isFalse();
        young.close();
    }

    @Test
    void an_authoritative_checker_keeps_nothing_that_could_be_good() {
        TokenRevocationChecker.Builder builder =
                TokenRevocationChecker.authoritative(real).duringOutages(OutagePolicy.lastKnownGood(MAX_AGE));

        assertThatIllegalStateException()
                .isThrownBy(builder::build)
                .withMessageContaining("lastKnownGood")
                .withMessageContaining("replicated");
    }

    @Test
    void an_age_that_is_none_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> OutagePolicy.lastKnownGood(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> OutagePolicy.lastKnownGood(Duration.ofSeconds(-1)));
        assertThat(OutagePolicy.lastKnownGood(MAX_AGE)).hasToString("LAST_KNOWN_GOOD up to PT10M");
    }
}
