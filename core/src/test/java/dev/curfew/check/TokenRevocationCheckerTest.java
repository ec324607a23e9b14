package dev.curfew.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.check.RevocationDecision.Source;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.event.EventPublisher;
import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.RevokedTokenUsed;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.OperationId;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.StoreSettings;
import dev.curfew.token.VerifiedToken;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a check finds, when the store answers. REV-14, REV-15, SES-12. */
class TokenRevocationCheckerTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final WatchedStore store = new WatchedStore(InMemorySessionStore.create());
    private final List<SessionEvent> events = new ArrayList<>();
    private final TestTokens ours = TestTokens.ours(Realm.of("shop"), clock);
    private final TestTokens foreign = TestTokens.foreign(Realm.of("partner"), clock);
    private final SubjectId alice = ours.subject("alice");
    private final TokenRevocationChecker checker = TokenRevocationChecker.authoritative(store)
            .clock(clock)
            .events(EventPublisher.on(List.of(events::add), Runnable::run))
            .build();

    TokenRevocationCheckerTest() {
        store.open(StoreSettings.defaults(), clock.instant());
        clock.advance(Duration.ofMinutes(1));
        store.takeCalls();
    }

    private void revoke(RevocationTarget target, RevocationReason reason) {
        RevocationRequest request = RevocationRequest.of(target, OperationId.random(RANDOM))
                .because(reason, Actor.system())
                .build();
        store.revoke(request, Precondition.none(), clock.instant());
        store.takeCalls();
    }

    private SessionId newSession() {
        return SessionId.mint(alice, clock.instant(), RANDOM);
    }

    private VerifiedToken token(SessionId session) {
        return ours.draft("alice").with("sid", session.value()).verified();
    }

    @Test
    void a_token_that_nothing_covers_is_active_at_the_price_of_one_question() {
        VerifiedToken token = token(newSession());

        RevocationDecision decision = checker.check(token);

        assertThat(decision.outcome()).isEqualTo(Outcome.ACTIVE);
        assertThat(decision.permits()).isTrue();
        assertThat(decision.source()).isEqualTo(Source.STORE);
        assertThat(decision.reason()).isEmpty();
        assertThat(decision.isLiftedByReauthentication()).isFalse();
        assertThat(decision.staleness()).isEqualTo(Duration.ZERO);
        assertThat(store.takeCalls()).containsExactly("revocationsCovering");
        assertThat(events).isEmpty();
    }

    @Test
    void active_is_one_shared_value() {
        RevocationDecision first = checker.check(token(newSession()));

        assertThat(checker.check(foreign.draft("bob").verified())).isSameAs(first);
    }

    @Test
    void a_revoked_token_is_revoked_with_the_reason() {
        SessionId session = newSession();
        VerifiedToken token = token(session);
        revoke(RevocationTarget.session(SessionRef.of(ours.realm(), session)), RevocationReason.REVOKED_BY_ADMIN);

        RevocationDecision decision = checker.check(token);

        assertThat(decision.outcome()).isEqualTo(Outcome.REVOKED);
        assertThat(decision.permits()).isFalse();
        assertThat(decision.reason()).contains(RevocationReason.REVOKED_BY_ADMIN);
        assertThat(decision.source()).isEqualTo(Source.STORE);
        assertThat(decision.isLiftedByReauthentication()).isFalse();
        assertThat(decision).hasToString("RevocationDecision[REVOKED REVOKED_BY_ADMIN from STORE]");
    }

    @Test
    void of_several_reasons_it_is_the_one_recorded_first() {
        SessionId session = newSession();
        VerifiedToken token = token(session);
        revoke(RevocationTarget.subject(alice), RevocationReason.SUSPICIOUS_ACTIVITY);
        clock.advance(Duration.ofSeconds(1));
        revoke(RevocationTarget.session(SessionRef.of(ours.realm(), session)), RevocationReason.USER_LOGOUT);
        clock.advance(Duration.ofSeconds(1));
        revoke(RevocationTarget.token(token.facts()), RevocationReason.TOKEN_REUSE);

        assertThat(checker.check(token).reason()).contains(RevocationReason.SUSPICIOUS_ACTIVITY);
        assertThat(checker.explain(token))
                .extracting(Revocation::reason)
                .containsExactly(
                        RevocationReason.SUSPICIOUS_ACTIVITY,
                        RevocationReason.USER_LOGOUT,
                        RevocationReason.TOKEN_REUSE);
    }

    @Test
    void a_token_older_than_the_store_is_revoked() {
        clock.advance(Duration.ofMinutes(-2));
        VerifiedToken older = token(newSession());
        clock.advance(Duration.ofMinutes(2));

        assertThat(checker.check(older).reason()).contains(RevocationReason.STORE_CREATED);
    }

    @Test
    void a_new_login_lifts_a_cut_off_that_matches_only_through_auth_time() {
        Instant loggedIn = clock.instant();
        clock.advance(Duration.ofMinutes(5));
        VerifiedToken before = foreign.draft("alice").authenticatedAt(loggedIn).verified();
        revoke(RevocationTarget.subject(foreign.subject("alice")), RevocationReason.CREDENTIAL_CHANGED);
        clock.advance(Duration.ofMinutes(5));

        VerifiedToken refreshed =
                foreign.draft("alice").authenticatedAt(loggedIn).verified();
        VerifiedToken newLogin = foreign.draft("alice").verified();

        assertThat(checker.check(refreshed).outcome()).isEqualTo(Outcome.REVOKED);
        assertThat(checker.check(refreshed).isLiftedByReauthentication()).isTrue();
        assertThat(checker.check(before).outcome()).isEqualTo(Outcome.REVOKED);
        assertThat(checker.check(before).isLiftedByReauthentication()).isFalse();
        assertThat(checker.check(newLogin).outcome()).isEqualTo(Outcome.ACTIVE);
    }

    @Test
    void a_new_login_lifts_the_end_of_a_foreign_session() {
        VerifiedToken token = foreign.draft("alice").with("sid", "idp-1").verified();
        revoke(
                RevocationTarget.session(SessionRef.of(foreign.subject("alice"), new ForeignSessionId("idp-1"))),
                RevocationReason.BACKCHANNEL_LOGOUT);

        assertThat(checker.check(token).isLiftedByReauthentication()).isTrue();
        clock.advance(Duration.ofMinutes(1));
        assertThat(checker.check(foreign.draft("alice").with("sid", "idp-1").verified())
                        .outcome())
                .isEqualTo(Outcome.ACTIVE);
    }

    @Test
    void a_new_login_lifts_nothing_if_something_else_covers_too() {
        Instant loggedIn = clock.instant();
        clock.advance(Duration.ofMinutes(1));
        revoke(RevocationTarget.subject(foreign.subject("alice")), RevocationReason.CREDENTIAL_CHANGED);
        clock.advance(Duration.ofMinutes(1));
        VerifiedToken refreshed =
                foreign.draft("alice").authenticatedAt(loggedIn).verified();
        revoke(RevocationTarget.token(refreshed.facts()), RevocationReason.TOKEN_REUSE);

        assertThat(checker.check(refreshed).isLiftedByReauthentication()).isFalse();
    }

    @Test
    void explain_answers_nothing_for_a_token_that_may_be_used() {
        assertThat(checker.explain(token(newSession()))).isEmpty();
    }

    @Test
    void the_use_of_a_revoked_token_is_reported_once_however_often_it_is_tried() {
        SessionId session = newSession();
        VerifiedToken token = token(session);
        VerifiedToken another = token(session);
        revoke(RevocationTarget.subject(alice), RevocationReason.ACCOUNT_DISABLED);

        for (int i = 0; i < 100; i++) {
            assertThat(checker.check(token).outcome()).isEqualTo(Outcome.REVOKED);
        }
        assertThat(events).singleElement().isInstanceOfSatisfying(RevokedTokenUsed.class, used -> {
            assertThat(used.subject()).isEqualTo(alice);
            assertThat(used.session()).isEqualTo(session);
            assertThat(used.by()).isEqualTo(RevocationReason.ACCOUNT_DISABLED);
            assertThat(used.at()).isEqualTo(clock.instant());
        });

        checker.check(another);
        assertThat(events).hasSize(2).extracting(SessionEvent::id).doesNotHaveDuplicates();
    }

    @Test
    void without_anybody_to_tell_it_only_answers() {
        VerifiedToken token = token(newSession());
        revoke(RevocationTarget.subject(alice), RevocationReason.ACCOUNT_DISABLED);

        assertThat(TokenRevocationChecker.authoritative(store)
                        .clock(clock)
                        .build()
                        .check(token)
                        .outcome())
                .isEqualTo(Outcome.REVOKED);
    }

    @Test
    void a_store_that_was_not_opened_is_a_mistake_and_not_active() {
        TokenRevocationChecker unopened = TokenRevocationChecker.authoritative(InMemorySessionStore.create())
                .clock(clock)
                .build();

        assertThatIllegalStateException().isThrownBy(() -> unopened.check(token(newSession())));
    }

    @Test
    void at_least_one_question_must_be_allowed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenRevocationChecker.authoritative(store).inFlight(0, Duration.ZERO))
                .withMessageContaining("maxInFlight");
    }
}
