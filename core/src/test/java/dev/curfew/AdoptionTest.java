package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.TestTokens;
import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.SessionCreated;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

/** A foreign issuer's sessions, listed here. */
class AdoptionTest {
    private final TestHost host = TestHost.start();
    private final SubjectId alice = host.partner.subject("alice");

    private VerifiedToken token(String subject, String sid) {
        return host.partner.draft(subject).with("sid", sid).verified();
    }

    @Test
    void an_adopted_session_is_listed_with_what_the_token_says() {
        VerifiedToken token = token("alice", "idp-1");

        AdoptionResult result = host.service.adopt(token, DeviceInfo.of("Safari on macOS"));

        assertThat(result).isInstanceOfSatisfying(AdoptionResult.Adopted.class, adopted -> {
            assertThat(adopted.isNew()).isTrue();
            assertThat(adopted.session().subject()).isEqualTo(alice);
            assertThat(adopted.session().handle()).isEqualTo(new ForeignSessionId("idp-1"));
            assertThat(adopted.session().client())
                    .hasValueSatisfying(client -> assertThat(client.value()).isEqualTo("web"));
            assertThat(adopted.session().authenticatedAt())
                    .isEqualTo(host.now().truncatedTo(ChronoUnit.SECONDS).minus(TestTokens.SKEW));
        });
        assertThat(host.handlesOf(alice)).containsExactly(new ForeignSessionId("idp-1"));
        assertThat(host.events(SessionCreated.class)).hasSize(1);
    }

    @Test
    void adopting_again_changes_nothing_and_is_not_reported() {
        host.adopt(token("alice", "idp-1"));
        host.clock.advance(Duration.ofMinutes(5));

        AdoptionResult again = host.service.adopt(token("alice", "idp-1"), DeviceInfo.of("another"));

        assertThat(again).isInstanceOfSatisfying(AdoptionResult.Adopted.class, adopted -> {
            assertThat(adopted.isNew()).isFalse();
            assertThat(adopted.session().device()).isEqualTo(DeviceInfo.unknown());
            assertThat(adopted.session().createdAt()).isEqualTo(host.now().minus(Duration.ofMinutes(5)));
        });
        assertThat(host.handlesOf(alice)).hasSize(1);
        assertThat(host.events(SessionCreated.class)).hasSize(1);
    }

    @Test
    void a_revoked_session_is_not_adopted() {
        VerifiedToken token = token("alice", "idp-1");
        host.service.logout(token);

        assertThat(host.service.adopt(token, DeviceInfo.unknown()))
                .isInstanceOfSatisfying(
                        AdoptionResult.Revoked.class,
                        revoked -> assertThat(revoked.by().reason()).isEqualTo(RevocationReason.USER_LOGOUT));
        assertThat(host.handlesOf(alice)).isEmpty();
    }

    @Test
    void what_began_before_a_cut_off_is_not_adopted() {
        VerifiedToken token = token("alice", "idp-1");
        host.service.revokeAllSessions(alice, TestHost.BY_ADMIN);

        assertThat(host.service.adopt(token, DeviceInfo.unknown())).isInstanceOf(AdoptionResult.Revoked.class);
    }

    /** As the Javadoc of AdoptionResult.Revoked says: "The token or its session is revoked". */
    @Test
    void a_revoked_token_adopts_nothing() {
        VerifiedToken stolen = token("alice", "idp-1");
        host.service.revokeToken(stolen, TestHost.BY_ADMIN);

        assertThat(host.service.adopt(stolen, DeviceInfo.unknown())).isInstanceOf(AdoptionResult.Revoked.class);
        assertThat(host.handlesOf(alice)).isEmpty();
    }

    @Test
    void a_token_of_a_revoked_key_adopts_nothing() {
        VerifiedToken forged = token("alice", "idp-1");
        host.service.revokeKey(TestTokens.thumbprint(), TestHost.BY_ADMIN);

        assertThat(host.service.adopt(forged, DeviceInfo.unknown())).isInstanceOf(AdoptionResult.Revoked.class);
    }

    @Test
    void a_session_id_that_the_provider_uses_again_after_the_end_is_a_new_session() {
        host.adopt(token("alice", "idp-1"));
        host.service.logout(token("alice", "idp-1"));
        host.clock.advance(Duration.ofMinutes(5));
        VerifiedToken again = token("alice", "idp-1");

        AdoptionResult result = host.service.adopt(again, DeviceInfo.unknown());

        assertThat(result)
                .isInstanceOfSatisfying(
                        AdoptionResult.Adopted.class,
                        adopted -> assertThat(adopted.isNew()).isTrue());
        host.assertActive(again);
        assertThat(host.handlesOf(alice)).hasSize(1);
    }

    @Test
    void each_life_of_a_reused_session_id_has_events_of_its_own_names() {
        for (int life = 0; life < 2; life++) {
            host.adopt(token("alice", "idp-1"));
            host.service.logout(token("alice", "idp-1"));
            host.clock.advance(Duration.ofMinutes(5));
        }

        assertThat(host.events(SessionCreated.class))
                .extracting(SessionEvent::id)
                .hasSize(2)
                .doesNotHaveDuplicates();
        assertThat(host.events(SessionEnded.class))
                .extracting(SessionEvent::id)
                .hasSize(2)
                .doesNotHaveDuplicates();
    }

    @Test
    void a_session_idle_for_too_long_is_adopted_anew() {
        host.adopt(token("alice", "idp-1"));
        host.clock.advance(TestHost.LIFETIMES.idle());

        assertThat(host.service.adopt(token("alice", "idp-1"), DeviceInfo.unknown()))
                .isInstanceOfSatisfying(
                        AdoptionResult.Adopted.class,
                        adopted -> assertThat(adopted.isNew()).isTrue());
    }

    @Test
    void a_session_of_ours_is_not_adoptable() {
        VerifiedToken ours = host.loginToken(host.alice);
        host.store.takeCalls();

        assertThat(host.service.adopt(ours, DeviceInfo.unknown())).isEqualTo(new AdoptionResult.NotAdoptable());
        assertThat(host.store.takeCalls()).isEmpty();
    }

    @Test
    void a_token_without_subject_or_session_is_not_adoptable() {
        VerifiedToken withoutSid = host.partner.draft("alice").verified();
        VerifiedToken withoutSub =
                host.partner.draft("x").without("sub").with("sid", "idp-1").verified();

        assertThat(host.service.adopt(withoutSid, DeviceInfo.unknown())).isEqualTo(new AdoptionResult.NotAdoptable());
        assertThat(host.service.adopt(withoutSub, DeviceInfo.unknown())).isEqualTo(new AdoptionResult.NotAdoptable());
    }

    @Test
    void a_login_older_than_a_session_may_last_is_not_adoptable() {
        VerifiedToken old = host.partner
                .draft("alice")
                .with("sid", "idp-1")
                .authenticatedAt(host.now().minus(TestHost.LIFETIMES.absolute()))
                .verified();

        assertThat(host.service.adopt(old, DeviceInfo.unknown())).isEqualTo(new AdoptionResult.NotAdoptable());
    }

    @Test
    void the_limit_counts_for_adopted_sessions_too() {
        TestHost limited = TestHost.start(builder -> builder.sessionLimit(SessionLimit.refuseBeyond(1)));
        limited.adopt(limited.partner.draft("alice").with("sid", "idp-1").verified());

        assertThat(limited.service.adopt(
                        limited.partner.draft("alice").with("sid", "idp-2").verified(), DeviceInfo.unknown()))
                .isEqualTo(new AdoptionResult.LimitReached(1));
    }

    /** One browser at the provider, two people one after the other: providers keep the session id. */
    @Test
    void a_session_id_that_somebody_else_holds_does_not_show_their_session() {
        Session ofAlice = host.adopt(token("alice", "shared-browser"));

        AdoptionResult result = host.service.adopt(token("bob", "shared-browser"), DeviceInfo.unknown());

        assertThat(ofAlice.subject()).isEqualTo(alice);
        if (result instanceof AdoptionResult.Adopted adopted) {
            assertThat(adopted.session().subject()).isEqualTo(host.partner.subject("bob"));
        }
    }
}
