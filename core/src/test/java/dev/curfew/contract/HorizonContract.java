package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.revocation.TokenId;
import dev.curfew.session.SessionLimit;
import dev.curfew.store.BeforeHorizonException;
import dev.curfew.store.ClocksDifferException;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.NewSession;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.StoreTimes;
import dev.curfew.store.Touch;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The instant up to which a store has removed what was forgotten, and what the clock of its server decides. */
@Tag("Horizons")
abstract class HorizonContract extends StoreContract {
    private static final int PLENTY = 10_000;
    private static final Duration TICK = Duration.ofMillis(1);
    private static final Duration SKEW = Given.SETTINGS.nodeSkew();

    HorizonContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    /** Servers are shared by tests. */
    @AfterEach
    void setServerRight() {
        if (fixture().capabilities().contains(StoreCapability.SECOND_OPINION)) {
            fixture().storeClockAhead(Duration.ZERO);
        }
    }

    private Instant removeSomething() {
        return RaisedHorizon.of(store(), clock);
    }

    private StoreTimes times() {
        return ((FeedRead.Page) store().feed().readAfter(FeedPosition.beginning(), PLENTY, now())).times();
    }

    @Test
    void what_has_forgotten_nothing_has_no_horizon() {
        needs(StoreCapability.HORIZON);
        loggedIn(alice);
        revoke(RevocationTarget.subject(bob));
        store().purge(now(), PLENTY);

        assertThat(times().horizon()).isBefore(Given.BIRTH);
        clock.set(Given.BIRTH);
        assertThat(isCovered(Given.token(alice, "t")
                        .issuedAt(now().plus(SKEW).plus(TICK))
                        .build()))
                .isFalse();
    }

    @Test
    void a_purge_leaves_a_horizon_that_each_read_of_the_feed_tells() {
        needs(StoreCapability.HORIZON);

        Instant horizon = removeSomething();

        assertThat(times().horizon()).isEqualTo(horizon);
        clock.set(Given.NOW);
        assertThat(times().horizon()).as("for a node whose clock is behind").isEqualTo(horizon);
    }

    @Test
    void a_later_purge_raises_the_horizon_and_an_earlier_one_does_not_lower_it() {
        needs(StoreCapability.HORIZON);
        Instant first = removeSomething();
        Instant second = removeSomething();
        assertThat(second).isAfter(first);

        store().purge(first, PLENTY);

        assertThat(times().horizon()).isEqualTo(second);
    }

    @Test
    void every_verb_that_judges_a_session_live_refuses_to_answer_before_the_horizon() {
        needs(StoreCapability.HORIZON);
        Instant horizon = removeSomething();
        GivenSession live = insert(session(alice).secret("old").build());
        GivenSession newcomer = session(alice).build();
        Touch touch = new Touch(live.ref(), now().plusSeconds(1));
        Rotation exchange = Given.exchange("old", "new");
        Map<String, Runnable> verbs = new LinkedHashMap<>();
        verbs.put("find", () -> store().find(live.ref(), now()));
        verbs.put("list", () -> store().list(alice, ListQuery.live(10), now()));
        verbs.put("insert", () -> store().insert(newcomer.row(), SessionLimit.unlimited(), now()));
        NewSession reLogin = new NewSession(newcomer.row(), SessionLimit.unlimited(), Optional.of(live.ref()));
        verbs.put("insert in the place of another", () -> store().insert(reLogin, now()));
        verbs.put("touch", () -> store().touch(List.of(touch), now()));
        verbs.put("rotate", () -> store().rotate(live.ref(), exchange, now()));
        verbs.put("revocationsCovering", () -> store().revocationsCovering(live.token("t"), now()));
        verbs.put(
                "revoke for a caller",
                () -> store().revoke(Given.act(live.target()).build(), Precondition.ownedBy(live.token("t")), now()));

        clock.set(horizon.minus(TICK));
        verbs.forEach((name, verb) -> assertThatExceptionOfType(BeforeHorizonException.class)
                .as(name)
                .isThrownBy(verb::run)
                .satisfies(e -> assertThat(e.isRetryable()).isTrue()));

        clock.set(horizon);
        assertThat(store().find(newcomer.ref(), now()))
                .as("nothing was written")
                .isEmpty();
        assertThat(isCovered(live.token("t"))).isFalse();
        assertThat(isLive(live)).isTrue();
        assertThat(live(alice)).containsExactly(live.row().key());
        assertThat(store().touch(List.of(touch), now())).containsExactly(touch);
        assertThat(store().rotate(live.ref(), exchange, now())).isEqualTo(new RotateResult.Rotated());
        assertThat(insert(newcomer, SessionLimit.unlimited())).isEqualTo(new InsertResult.Inserted(List.of()));
        assertThat(revoke(Given.act(live.target()).build(), Precondition.ownedBy(live.token("t"))))
                .isInstanceOf(RevokeResult.Recorded.class);
    }

    @Test
    void what_judges_nobody_is_done_before_the_horizon_too() {
        needs(StoreCapability.HORIZON);
        Instant horizon = removeSomething();
        GivenSession session = session(alice).build();
        clock.set(horizon.minus(TICK));

        Revocation entry = revoke(session.target()).entry();
        Revocation cutOff = Revocation.of(RevocationTarget.subject(bob))
                .revokedAt(now())
                .forgetAfter(horizon.plus(Duration.ofDays(100)))
                .build();
        store().record(List.of(cutOff), now());

        assertThat(store().newestCutOff(bob, now())).isEqualTo(cutOff.issuedBefore());
        clock.set(horizon);
        assertThat(covering(session.token("t"))).containsExactly(entry);
        assertThat(covering(
                        Given.token(bob, "t").issuedAt(cutOff.issuedBefore()).build()))
                .containsExactly(cutOff);
    }

    @Test
    void the_servers_clock_goes_with_each_read_of_the_feed() {
        needs(StoreCapability.OWN_CLOCK);
        assertThat(times().clock()).isEqualTo(now());

        for (Duration ahead : List.of(Duration.ofSeconds(30), Duration.ofSeconds(-30))) {
            fixture().storeClockAhead(ahead);
            assertThat(times().clock()).isEqualTo(now().plus(ahead));
        }
    }

    @Test
    void a_cut_off_that_means_now_takes_the_later_of_both_clocks() {
        needs(StoreCapability.OWN_CLOCK);
        List<RevocationTarget> targets = List.of(
                RevocationTarget.client(Given.client("web")),
                RevocationTarget.subject(alice),
                RevocationTarget.realm(Given.REALM));
        Duration ahead = Duration.ofSeconds(30);
        for (RevocationTarget target : targets) {
            fixture().storeClockAhead(ahead.negated());
            assertThat(revoke(target).entry().issuedBefore()).isEqualTo(now().plus(SKEW));

            clock.advance(Duration.ofMinutes(5));
            fixture().storeClockAhead(ahead);
            assertThat(revoke(target).entry().issuedBefore())
                    .isEqualTo(now().plus(ahead).plus(SKEW));
            clock.advance(Duration.ofMinutes(5));
        }
    }

    @Test
    void what_has_expired_by_a_nodes_clock_alone_is_revoked_all_the_same() {
        needs(StoreCapability.SECOND_OPINION);
        TokenFacts withSubject = Given.token(alice, "t").issuedAt(now()).build();
        TokenFacts withoutSubject = TokenFacts.in(Given.REALM)
                .token(TokenId.ofJti("u"))
                .issuedAt(now())
                .build();
        GivenSession session = insert(session(bob).lasting(Duration.ofHours(1)).build());
        Instant right = now();
        Instant end = right.plus(Duration.ofMinutes(10));
        FeedReader reader = caughtUpReader();

        clock.advance(Duration.ofDays(2));
        fixture().storeClockAhead(Duration.ofDays(-2));
        for (RevocationTarget target : List.of(
                RevocationTarget.token(withSubject), RevocationTarget.token(withoutSubject), session.target())) {
            assertThat(revoke(Given.act(target).forgetAfter(end).build()).changed())
                    .as("%s", target)
                    .isTrue();
        }
        clock.set(right);
        fixture().storeClockAhead(Duration.ZERO);

        assertThat(isCovered(withSubject)).isTrue();
        assertThat(isCovered(withoutSubject)).isTrue();
        assertThat(isLive(session)).isFalse();
        assertThat(reader.revocations()).hasSize(3);
    }

    @Test
    void what_is_recorded_again_is_forgotten_only_when_both_clocks_say_so() {
        needs(StoreCapability.SECOND_OPINION);
        TokenFacts token = Given.token(alice, "t").issuedAt(now()).build();
        TokenFacts other = Given.token(alice, "u").issuedAt(now()).build();
        Instant right = now();
        Instant end = right.plus(Duration.ofMinutes(10));

        clock.advance(Duration.ofDays(2));
        fixture().storeClockAhead(Duration.ofDays(-2));
        store().record(List.of(ended(token, end)), now());
        fixture().storeClockAhead(Duration.ZERO);
        store().record(List.of(ended(other, end)), now());
        clock.set(right);

        assertThat(isCovered(token)).isTrue();
        assertThat(isCovered(other)).as("over by both clocks").isFalse();
    }

    private Revocation ended(TokenFacts token, Instant end) {
        return Revocation.of(RevocationTarget.token(token))
                .revokedAt(end.minusSeconds(60))
                .forgetAfter(end)
                .build();
    }

    @Test
    void a_purge_is_refused_while_the_clocks_differ_by_more_than_the_node_skew_and_removes_nothing() {
        needs(StoreCapability.OWN_CLOCK);
        needs(StoreCapability.HORIZON);
        GivenSession over = insert(session(alice).lasting(Duration.ofDays(1)).build());
        TokenFacts token = Given.token(bob, "t").issuedAt(now()).build();
        Revocation entry = revoke(RevocationTarget.subject(bob)).entry();
        revoke(RevocationTarget.subject(Given.subject("carol")));
        RaisedHorizon.letFeedSettle(store(), now());
        clock.set(entry.forgetAfter().minusSeconds(1));

        for (Duration ahead : List.of(
                Duration.ofDays(2),
                Duration.ofDays(-102),
                SKEW.plus(TICK),
                SKEW.plus(TICK).negated())) {
            fixture().storeClockAhead(ahead);
            Instant atNode = now().plus(Duration.ofHours(2));
            assertThatExceptionOfType(ClocksDifferException.class)
                    .as("the server is " + ahead + " ahead")
                    .isThrownBy(() -> store().purge(atNode, PLENTY))
                    .satisfies(e -> assertThat(e.isRetryable()).isTrue());
        }

        fixture().storeClockAhead(Duration.ZERO);
        assertThat(times().horizon()).isBefore(Given.BIRTH);
        assertThat(find(over)).isPresent();
        assertThat(covering(token)).containsExactly(entry);
        fixture().storeClockAhead(SKEW);
        assertThat(store().purge(now(), PLENTY).sessions()).isEqualTo(1);
    }
}
