package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.contract.TestTokens;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.session.ClientId;
import dev.curfew.session.Session;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Revoking a token, a subject, a client, a realm, a key. CUT-01, CUT-02, CUT-11, CUT-12. */
class CutOffTest {
    private final TestHost host = TestHost.start();

    @Test
    void revoke_all_ends_every_session_of_the_subject_and_of_nobody_else() {
        VerifiedToken one = host.loginToken(host.alice);
        VerifiedToken two = host.loginToken(host.alice);
        VerifiedToken bob = host.loginToken(host.bob);
        VerifiedToken sameName = host.sibling.of(host.login(host.sibling.subject("alice")));

        assertThat(host.service.revokeAllSessions(host.alice, TestHost.cause(RevocationReason.ACCOUNT_DISABLED)))
                .isEqualTo(TestHost.revoked(Kind.SUBJECT, 2, true));

        host.assertRevoked(one, two);
        host.assertActive(bob, sameName);
        assertThat(host.handlesOf(host.alice)).isEmpty();
    }

    @Test
    void a_token_refreshed_after_the_cut_off_stays_covered() {
        Session session = host.login(host.alice);
        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);

        host.clock.advance(Duration.ofHours(3));

        host.assertRevoked(host.tokens.of(session));
    }

    @Test
    void tokens_of_the_same_second_stand_on_either_side_of_the_cut_off() {
        host.clock.set(Instant.parse("2026-03-01T12:16:40.100Z"));
        VerifiedToken before = host.loginToken(host.alice);
        host.clock.set(Instant.parse("2026-03-01T12:16:40.500Z"));
        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);
        host.clock.set(Instant.parse("2026-03-01T12:16:40.900Z"));
        VerifiedToken after = host.loginToken(host.alice);

        assertThat(before.claims().get("iat")).isEqualTo(after.claims().get("iat"));
        host.assertRevoked(before);
        host.assertActive(after);
    }

    @Test
    void a_token_is_revoked_alone() {
        Session session = host.login(host.alice);
        VerifiedToken leaked = host.tokens.of(session);
        VerifiedToken other = host.tokens.of(session);

        assertThat(host.service.revokeToken(leaked, TestHost.BY_ADMIN))
                .isEqualTo(TestHost.revoked(Kind.TOKEN, 1, true));

        host.assertRevoked(leaked);
        host.assertActive(other);
        assertThat(host.handlesOf(host.alice)).containsExactly(session.handle());
    }

    @Test
    void a_token_revoked_twice_was_revoked_before() {
        VerifiedToken leaked = host.loginToken(host.alice);
        host.service.revokeToken(leaked, TestHost.cause(RevocationReason.TOKEN_REUSE));

        assertThat(host.service.revokeToken(leaked, TestHost.BY_ADMIN))
                .isInstanceOfSatisfying(
                        RevocationOutcome.CallerRevoked.class,
                        refused -> assertThat(refused.by().reason()).isEqualTo(RevocationReason.TOKEN_REUSE));
    }

    @Test
    void a_verified_token_whose_time_has_come_meanwhile_writes_nothing() {
        VerifiedToken token = host.loginToken(host.alice);
        host.clock.advance(Duration.between(host.now(), token.forgetAfter()));
        host.events.clear();

        assertThat(host.service.revokeToken(token, TestHost.BY_ADMIN))
                .isEqualTo(TestHost.revoked(Kind.TOKEN, 0, false));
        assertThat(host.service.checker().explain(token)).isEmpty();
        assertThat(host.events).isEmpty();
    }

    @Test
    void for_want_of_room_the_subject_is_revoked_instead() {
        TestHost small = TestHost.over(InMemorySessionStore.builder().maxRevocations(2));
        VerifiedToken first = small.loginToken(small.alice);
        VerifiedToken second = small.loginToken(small.alice);
        VerifiedToken bob = small.loginToken(small.bob);

        assertThat(small.service.logout(first)).isEqualTo(TestHost.revoked(Kind.SESSION, 1, true));
        VerifiedToken third = small.loginToken(small.alice);
        assertThat(small.service.logout(second)).isEqualTo(TestHost.revoked(Kind.SUBJECT, 2, true));

        small.assertRevoked(first, second, third);
        small.assertActive(bob);
    }

    @Test
    void a_client_is_revoked_for_all_subjects() {
        ClientId web = new ClientId(TestHost.REALM, "web");
        VerifiedToken webToken = host.partner.draft("alice").verified();
        VerifiedToken ofWeb = host.loginToken(host.alice);
        VerifiedToken ofApp =
                host.tokens.draft(host.login(host.bob)).with("client_id", "app").verified();

        assertThat(host.service.revokeClient(web, TestHost.BY_ADMIN))
                .isEqualTo(TestHost.revokedUncounted(Kind.CLIENT, true));

        host.assertRevoked(ofWeb);
        host.assertActive(ofApp, webToken, host.loginToken(host.alice));
    }

    @Test
    void a_realm_is_revoked_with_everybody_in_it_and_nobody_else() {
        VerifiedToken one = host.loginToken(host.alice);
        VerifiedToken two = host.loginToken(host.bob);
        VerifiedToken elsewhere = host.partner.draft("alice").verified();

        assertThat(host.service.revokeRealm(TestHost.REALM, TestHost.BY_ADMIN))
                .isEqualTo(TestHost.revokedUncounted(Kind.REALM, true));

        host.assertRevoked(one, two);
        host.assertActive(elsewhere, host.loginToken(host.alice));
        assertThat(host.handlesOf(host.bob)).isEmpty();
    }

    @Test
    void a_key_is_revoked_in_every_realm_for_old_and_new_tokens() {
        VerifiedToken here = host.loginToken(host.alice);
        VerifiedToken there = host.partner.draft("alice").verified();

        assertThat(host.service.revokeKey(TestTokens.thumbprint(), TestHost.cause(RevocationReason.KEY_COMPROMISED)))
                .isEqualTo(TestHost.revokedUncounted(Kind.SIGNING_KEY, true));
        host.clock.advance(Duration.ofDays(365));

        host.assertRevoked(here, there, host.loginToken(host.alice));
        assertThat(host.service.revokeKey(TestTokens.thumbprint(), TestHost.BY_ADMIN))
                .isEqualTo(TestHost.revokedUncounted(Kind.SIGNING_KEY, false));
    }

    @Test
    void another_key_is_not_touched() {
        VerifiedToken token = host.loginToken(host.alice);

        host.service.revokeKey("another-thumbprint", TestHost.BY_ADMIN);

        host.assertActive(token);
    }

    @Test
    void an_explicit_cut_off_covers_what_began_at_that_instant_and_not_what_began_after() {
        VerifiedToken at = host.loginToken(host.alice);
        Instant cutOff = host.now();
        host.clock.advance(Duration.ofMillis(1));
        VerifiedToken after = host.loginToken(host.alice);
        host.clock.advance(Duration.ofSeconds(30));

        RevocationOutcome outcome = host.service.revokeIssuedBefore(host.alice, cutOff, TestHost.BY_ADMIN);

        assertThat(outcome).isEqualTo(TestHost.revoked(Kind.SUBJECT, 1, true));
        host.assertRevoked(at);
        host.assertActive(after);
    }

    @Test
    void an_explicit_cut_off_may_mean_this_very_instant() {
        VerifiedToken token = host.loginToken(host.alice);

        host.service.revokeIssuedBefore(RevocationTarget.realm(TestHost.REALM), host.now(), TestHost.BY_ADMIN);

        host.assertRevoked(token);
    }

    @Test
    void an_explicit_cut_off_in_the_future_is_refused_without_a_call() {
        host.store.takeCalls();

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        host.service.revokeIssuedBefore(host.alice, host.now().plusNanos(1), TestHost.BY_ADMIN))
                .withMessageContaining("in the future");
        assertThat(host.store.takeCalls()).isEmpty();
    }

    @Test
    void an_explicit_cut_off_by_target_needs_a_client_or_a_realm() {
        VerifiedToken token = host.loginToken(host.alice);
        Session session = host.login(host.alice);
        RevocationTarget[] wrong = {
            RevocationTarget.token(token.facts()),
            RevocationTarget.subject(host.alice),
            RevocationTarget.session(session.ref()),
            RevocationTarget.signingKey("k"),
            RevocationTarget.birth(0, 1)
        };
        host.store.takeCalls();

        for (RevocationTarget target : wrong) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> host.service.revokeIssuedBefore(target, host.now(), TestHost.BY_ADMIN))
                    .withMessageContaining("a client or a realm, or a SubjectId");
        }
        assertThat(host.store.takeCalls()).isEmpty();
    }

    @Test
    void an_older_cut_off_never_lowers_a_newer_one() {
        VerifiedToken token = host.loginToken(host.alice);
        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);

        host.service.revokeIssuedBefore(host.alice, host.now().minusSeconds(3600), TestHost.BY_ADMIN);

        host.assertRevoked(token);
    }

    @Test
    void an_explicit_cut_off_behind_a_later_one_ends_nothing_and_is_written_only_to_be_remembered_longer() {
        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);
        Instant earlier = host.now().minusSeconds(60);

        assertThat(host.service.revokeIssuedBefore(host.alice, earlier, TestHost.BY_ADMIN))
                .isEqualTo(TestHost.revoked(Kind.SUBJECT, 0, false));

        host.clock.advance(Duration.ofSeconds(10));
        assertThat(host.service.revokeIssuedBefore(host.alice, earlier, TestHost.BY_ADMIN))
                .isEqualTo(TestHost.revoked(Kind.SUBJECT, 0, true));
    }

    @Test
    void the_clock_may_step_back_without_uncovering_anything() {
        VerifiedToken token = host.loginToken(host.alice);
        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);

        host.clock.advance(Duration.ofHours(-1));
        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);

        host.assertRevoked(token);
        assertThat(host.login(host.alice).authenticatedAt()).isAfter(host.now());
        assertThat(host.handlesOf(host.alice)).hasSize(1);
    }
}
