package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.token.ExpiredToken;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The user's own act on the current session. OUT, REV-08, REV-12. */
class LogoutTest {
    private final TestHost host = TestHost.start();

    @Test
    void logout_ends_the_session_with_every_token_of_it_and_nothing_else() {
        Session session = host.login(host.alice);
        VerifiedToken used = host.tokens.of(session);
        VerifiedToken another = host.tokens.of(session);
        VerifiedToken otherDevice = host.loginToken(host.alice);
        VerifiedToken somebodyElse = host.loginToken(host.bob);
        host.store.takeCalls();

        RevocationOutcome outcome = host.service.logout(used);

        assertThat(outcome).isEqualTo(TestHost.revoked(Kind.SESSION, 1, true));
        assertThat(host.store.takeCalls()).containsExactly("revoke");
        host.assertRevoked(used, another);
        host.assertActive(otherDevice, somebodyElse);
    }

    @Test
    void the_entry_says_that_the_user_logged_out() {
        VerifiedToken token = host.loginToken(host.alice);

        host.service.logout(token);

        assertThat(host.service.checker().explain(token)).singleElement().satisfies(entry -> {
            assertThat(entry.reason()).isEqualTo(RevocationReason.USER_LOGOUT);
            assertThat(entry.actor()).isEqualTo(Actor.user());
            assertThat(entry.revokedAt()).isEqualTo(host.now());
        });
    }

    @Test
    void a_session_stays_ended_until_no_token_of_it_can_be_valid() {
        Session session = host.login(host.alice);
        host.service.logout(host.tokens.of(session));

        Revocation entry =
                host.service.findSession(session.ref()).orElseThrow().endedBy().orElseThrow();

        assertThat(entry.forgetAfter())
                .isEqualTo(session.expiresAt()
                        .plus(Duration.ofMinutes(15))
                        .plus(Duration.ofSeconds(10))
                        .plus(TestHost.NODE_SKEW));
    }

    @Test
    void an_expired_token_still_ends_its_session() {
        Session session = host.login(host.alice);
        String compact = host.tokens.draft(session).compact();
        host.clock.advance(Duration.ofMinutes(50));
        VerifiedToken refreshed = host.tokens.of(session);
        ExpiredToken expired = host.tokens.expired(compact);

        assertThat(host.service.logout(expired)).isEqualTo(TestHost.revoked(Kind.SESSION, 1, true));

        host.assertRevoked(refreshed);
        assertThat(host.handlesOf(host.alice)).isEmpty();
    }

    @Test
    void a_token_without_a_session_is_revoked_itself_and_no_other() {
        VerifiedToken token = host.partner.draft("alice").verified();
        VerifiedToken another = host.partner.draft("alice").verified();

        assertThat(host.service.logout(token)).isEqualTo(TestHost.revoked(Kind.TOKEN, 1, true));

        host.assertRevoked(token);
        host.assertActive(another);
        assertThat(host.service.checker().explain(token))
                .extracting(Revocation::forgetAfter)
                .containsExactly(token.forgetAfter());
    }

    @Test
    void an_expired_token_without_a_session_writes_nothing_and_succeeds() {
        String compact = host.partner.draft("alice").compact();
        host.clock.advance(Duration.ofHours(1));
        ExpiredToken expired = host.partner.expired(compact);
        host.store.takeCalls();

        assertThat(host.service.logout(expired)).isEqualTo(TestHost.revoked(Kind.TOKEN, 0, false));

        assertThat(host.store.takeCalls()).as("the store may know better").hasSize(1);
        assertThat(host.events).isEmpty();
    }

    @Test
    void a_token_that_has_expired_by_this_nodes_clock_alone_is_revoked() {
        TestTokens.Draft draft = host.partner.draft("alice").with("jti", "same");
        VerifiedToken token = draft.verified();
        String compact = draft.compact();
        ManualClock ahead = ManualClock.at(host.now().plus(Duration.ofDays(1)));
        SessionService node = host.node(ahead, builder -> builder);
        ExpiredToken expired = TestTokens.foreign(TestHost.PARTNER, ahead).expired(compact);

        assertThat(node.logout(expired)).isEqualTo(TestHost.revoked(Kind.TOKEN, 1, true));

        host.assertRevoked(token);
        assertThat(host.events(RevocationRecorded.class)).hasSize(1);
    }

    @Test
    void a_foreign_session_that_was_never_listed_ends_all_the_same() {
        VerifiedToken token = host.partner.draft("alice").with("sid", "idp-1").verified();
        VerifiedToken sameSession =
                host.partner.draft("alice").with("sid", "idp-1").verified();
        VerifiedToken otherSession =
                host.partner.draft("alice").with("sid", "idp-2").verified();

        assertThat(host.service.logout(token)).isEqualTo(TestHost.revoked(Kind.FOREIGN_SESSION, 1, true));

        host.assertRevoked(token, sameSession);
        host.assertActive(otherSession);
    }

    @Test
    void the_second_logout_learns_that_the_caller_is_revoked() {
        VerifiedToken token = host.loginToken(host.alice);
        host.service.logout(token);
        host.clock.advance(Duration.ofSeconds(5));

        RevocationOutcome second = host.service.logout(token);

        assertThat(second).isInstanceOfSatisfying(RevocationOutcome.CallerRevoked.class, refused -> {
            assertThat(refused.by().reason()).isEqualTo(RevocationReason.USER_LOGOUT);
            assertThat(refused.by().revokedAt()).isEqualTo(host.now().minusSeconds(5));
        });
    }

    @Test
    void the_second_logout_with_an_expired_token_is_no_different() {
        Session session = host.login(host.alice);
        String compact = host.tokens.draft(session).compact();
        host.clock.advance(Duration.ofMinutes(50));

        host.service.logout(host.tokens.expired(compact));

        assertThat(host.service.logout(host.tokens.expired(compact)))
                .isInstanceOf(RevocationOutcome.CallerRevoked.class);
    }

    @Test
    void the_same_handle_in_another_realm_is_another_session() {
        VerifiedToken here = host.partner.draft("alice").with("sid", "same").verified();
        VerifiedToken there = TestTokens.foreign(Realm.of("else"), host.clock)
                .draft("alice")
                .with("sid", "same")
                .verified();

        host.service.logout(here);

        host.assertRevoked(here);
        host.assertActive(there);
    }
}
