package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** "End all other sessions". CUT-08, CUT-09, ALL. */
class RevokeOtherSessionsTest {
    private final TestHost host = TestHost.start();

    @Test
    void it_ends_all_but_the_current_one_and_counts_them_exactly() {
        VerifiedToken one = host.loginToken(host.alice);
        VerifiedToken two = host.loginToken(host.alice);
        host.service.logout(host.loginToken(host.alice));
        VerifiedToken caller = host.loginToken(host.alice);
        VerifiedToken bob = host.loginToken(host.bob);
        host.store.takeCalls();

        RevocationOutcome outcome = host.service.revokeOtherSessions(caller);

        assertThat(outcome).isEqualTo(TestHost.revoked(Kind.SUBJECT, 2, true));
        assertThat(host.store.takeCalls()).startsWith("revoke").containsOnlyOnce("revoke");
        host.assertRevoked(one, two);
        host.assertActive(caller, bob);
        assertThat(host.handlesOf(host.alice))
                .containsExactly(caller.session().orElseThrow().handle());
    }

    @Test
    void the_current_sessions_old_tokens_live_on_and_so_do_new_ones() {
        Session current = host.login(host.alice);
        VerifiedToken old = host.tokens.of(current);
        host.clock.advance(Duration.ofMinutes(5));
        VerifiedToken caller = host.tokens.of(current);
        host.login(host.alice);

        host.service.revokeOtherSessions(caller);
        host.clock.advance(Duration.ofMinutes(5));

        host.assertActive(old, caller, host.tokens.of(current));
    }

    @Test
    void a_token_refreshed_later_by_a_session_that_was_ended_stays_covered() {
        Session other = host.login(host.alice);
        VerifiedToken caller = host.loginToken(host.alice);

        host.service.revokeOtherSessions(caller);
        host.clock.advance(Duration.ofHours(2));

        VerifiedToken refreshed = host.tokens.of(other);
        host.assertRevoked(refreshed);
    }

    @Test
    void without_others_it_ends_none_and_succeeds() {
        VerifiedToken caller = host.loginToken(host.alice);

        assertThat(host.service.revokeOtherSessions(caller)).isEqualTo(TestHost.revoked(Kind.SUBJECT, 0, true));

        host.assertActive(caller);
        assertThat(host.events(SessionEnded.class)).isEmpty();
    }

    @Test
    void a_repeat_ends_none_and_the_current_session_still_lives() {
        host.login(host.alice);
        VerifiedToken caller = host.loginToken(host.alice);
        host.service.revokeOtherSessions(caller);

        RevocationOutcome repeat = host.service.revokeOtherSessions(caller);

        assertThat(repeat)
                .isInstanceOfSatisfying(
                        RevocationOutcome.Revoked.class,
                        revoked -> assertThat(revoked.count()).hasValue(0));
        host.assertActive(caller);
    }

    @Test
    void a_login_after_it_lives_and_one_under_way_does_not() {
        LoginAttempt underWay = host.service.beginLogin(host.alice);
        VerifiedToken caller = host.loginToken(host.alice);
        host.service.revokeOtherSessions(caller);

        VerifiedToken later = host.loginToken(host.alice);

        assertThat(underWay.complete(DeviceInfo.unknown())).isInstanceOf(LoginResult.Overtaken.class);
        host.assertActive(caller, later);
    }

    @Test
    void the_next_session_that_does_it_ends_the_one_that_did_it_before() {
        VerifiedToken first = host.loginToken(host.alice);
        host.service.revokeOtherSessions(first);
        VerifiedToken second = host.loginToken(host.alice);

        assertThat(host.service.revokeOtherSessions(second)).isEqualTo(TestHost.revoked(Kind.SUBJECT, 1, true));

        host.assertRevoked(first);
        host.assertActive(second);
    }

    @Test
    void a_cause_is_recorded() {
        VerifiedToken other = host.loginToken(host.alice);
        VerifiedToken caller = host.loginToken(host.alice);

        host.service.revokeOtherSessions(caller, RevocationCause.byUser(RevocationReason.CREDENTIAL_CHANGED));

        assertThat(host.service.checker().check(other).reason()).contains(RevocationReason.CREDENTIAL_CHANGED);
    }

    @Test
    void a_caller_without_a_session_is_told_so_and_nothing_is_asked_or_revoked() {
        VerifiedToken other = host.loginToken(host.alice);
        VerifiedToken withoutSid = host.tokens.draft("alice").verified();
        VerifiedToken withoutSub =
                host.tokens.draft(host.login(host.alice)).without("sub").verified();
        host.store.takeCalls();

        assertThat(host.service.revokeOtherSessions(withoutSid)).isEqualTo(new RevocationOutcome.NoCurrentSession());
        assertThat(host.service.revokeOtherSessions(withoutSub)).isEqualTo(new RevocationOutcome.NoCurrentSession());

        assertThat(host.store.takeCalls()).isEmpty();
        host.assertActive(other, withoutSid, withoutSub);
    }

    @Test
    void a_revoked_caller_ends_nothing() {
        VerifiedToken other = host.loginToken(host.alice);
        VerifiedToken caller = host.loginToken(host.alice);
        host.service.logout(caller);

        assertThat(host.service.revokeOtherSessions(caller)).isInstanceOf(RevocationOutcome.CallerRevoked.class);

        host.assertActive(other);
    }

    @Test
    void a_foreign_issuers_current_session_is_spared_by_its_handle() {
        VerifiedToken caller = host.partner.draft("alice").with("sid", "idp-1").verified();
        VerifiedToken other = host.partner.draft("alice").with("sid", "idp-2").verified();
        VerifiedToken neverListed =
                host.partner.draft("alice").with("sid", "idp-3").verified();
        host.adopt(caller);
        host.adopt(other);

        assertThat(host.service.revokeOtherSessions(caller)).isEqualTo(TestHost.revoked(Kind.SUBJECT, 1, true));

        host.assertActive(caller);
        host.assertRevoked(other, neverListed);
    }
}
