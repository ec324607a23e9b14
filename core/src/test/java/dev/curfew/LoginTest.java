package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.event.SessionEvent.LoginRefusal;
import dev.curfew.event.SessionEvent.LoginRefused;
import dev.curfew.event.SessionEvent.SessionCreated;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Evidence;
import dev.curfew.session.Session;
import dev.curfew.session.SessionId;
import dev.curfew.store.ListQuery;
import dev.curfew.store.StoreFullException;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.VerifiedToken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How sessions begin, and on which side of a revocation. CUT-03, CUT-04, CUT-10, SES-05. */
class LoginTest {
    private final TestHost host = TestHost.start();

    @Test
    void the_session_id_carries_when_the_login_began() {
        LoginAttempt attempt = host.service.beginLogin(host.alice);
        Instant begun = host.now();
        host.clock.advance(Duration.ofSeconds(90));

        Session session = attempt.complete(DeviceInfo.unknown()).orElseThrow();

        SessionId id = (SessionId) session.handle();
        assertThat(id.authenticatedAt()).isEqualTo(begun);
        assertThat(session.authenticatedAt()).isEqualTo(begun);
        assertThat(attempt.authenticatedAt()).isEqualTo(begun);
        assertThat(session.createdAt()).isEqualTo(host.now());
        assertThat(session.expiresAt()).isEqualTo(begun.plus(TestHost.LIFETIMES.absolute()));
        assertThat(session.idleTimeout()).isEqualTo(TestHost.LIFETIMES.idle());
        assertThat(session.evidence()).isEqualTo(Evidence.at(begun));
        assertThat(host.tokens.of(session).facts().began()).contains(begun);
    }

    @Test
    void a_login_reads_the_cut_offs_when_it_begins_and_inserts_when_it_completes() {
        LoginAttempt attempt = host.service.beginLogin(host.alice);
        assertThat(host.store.takeCalls()).containsExactly("newestCutOff");

        attempt.complete(DeviceInfo.unknown()).orElseThrow();

        assertThat(host.store.takeCalls()).containsExactly("insert");
    }

    @Test
    void completing_twice_makes_two_sessions_with_two_ids() {
        LoginAttempt attempt = host.service.beginLogin(host.alice);

        Session first = attempt.complete(DeviceInfo.unknown()).orElseThrow();
        Session second = attempt.complete(DeviceInfo.unknown()).orElseThrow();

        assertThat(first.handle()).isNotEqualTo(second.handle());
        assertThat(host.handlesOf(host.alice)).containsExactlyInAnyOrder(first.handle(), second.handle());
    }

    @Test
    void what_was_said_at_login_comes_back_in_the_list() {
        DeviceInfo device =
                DeviceInfo.of("Firefox on Linux").withAddress("192.0.2.0/24").withUserAgent("Mozilla/5.0");
        ClientId web = new ClientId(TestHost.REALM, "web");
        Map<String, String> attributes = Map.of("tenant", "blue", "empty", "", "ключ", "значение");
        host.service.beginLogin(host.alice).client(web).attributes(attributes).complete(device);
        host.clock.advance(Duration.ofSeconds(1));

        Session listed = host.service
                .listSessions(host.alice, ListQuery.live(10))
                .entries()
                .get(0)
                .session();

        assertThat(listed.subject()).isEqualTo(host.alice);
        assertThat(listed.device()).isEqualTo(device);
        assertThat(listed.client()).contains(web);
        assertThat(listed.attributes()).isEqualTo(attributes);
        assertThat(listed.lastSeenAt()).isEqualTo(host.now().minusSeconds(1));
    }

    @Test
    void a_login_that_began_before_revoke_all_is_refused_with_the_advice() {
        LoginAttempt attempt = host.service.beginLogin(host.alice);
        host.clock.advance(Duration.ofSeconds(3));
        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);
        host.clock.advance(Duration.ofSeconds(3));

        LoginResult result = attempt.complete(DeviceInfo.unknown());

        assertThat(result).isInstanceOfSatisfying(LoginResult.Overtaken.class, overtaken -> {
            assertThat(overtaken.by().reason()).isEqualTo(RevocationReason.REVOKED_BY_ADMIN);
            assertThat(overtaken.by().target()).isEqualTo(RevocationTarget.subject(host.alice));
        });
        assertThatExceptionOfType(LoginRefusedException.class)
                .isThrownBy(result::orElseThrow)
                .withMessageContaining("beginLogin(subject)")
                .withMessageContaining("check the credentials again");
        assertThat(host.handlesOf(host.alice)).isEmpty();
        assertThat(host.events(SessionCreated.class)).isEmpty();
        assertThat(host.events(LoginRefused.class)).singleElement().satisfies(refused -> {
            assertThat(refused.subject()).isEqualTo(host.alice);
            assertThat(refused.refusal()).isEqualTo(LoginRefusal.OVERTAKEN);
        });
    }

    @Test
    void a_login_that_began_at_the_same_instant_after_revoke_all_lives() {
        VerifiedToken old = host.loginToken(host.alice);
        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);

        Session session = host.login(host.alice);

        host.assertActive(host.tokens.of(session));
        host.assertRevoked(old);
        assertThat(session.authenticatedAt())
                .isEqualTo(host.now().plus(TestHost.NODE_SKEW).plusMillis(1));
        assertThat(host.handlesOf(host.alice)).containsExactly(session.handle());
    }

    @Test
    void revoke_all_ends_a_session_that_an_earlier_one_has_pushed_ahead_of_the_clock() {
        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);
        VerifiedToken pushed = host.loginToken(host.alice);

        RevocationOutcome outcome = host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);

        assertThat(outcome).isEqualTo(TestHost.revoked(RevocationTarget.Kind.SUBJECT, 1, true));
        host.assertRevoked(pushed);
        host.assertActive(host.loginToken(host.alice));
    }

    @Test
    void a_login_right_after_the_creation_of_the_store_lives() {
        host.clock.set(TestHost.BIRTH);

        Session session = host.login(host.alice);

        host.assertActive(host.tokens.of(session));
        assertThat(session.authenticatedAt())
                .isEqualTo(TestHost.BIRTH.plus(TestHost.NODE_SKEW).plusMillis(1));
    }

    @Test
    void a_login_on_a_node_whose_clock_is_behind_lives() {
        SessionService behind = host.node(Clock.offset(host.clock, Duration.ofSeconds(-2)), builder -> builder);
        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);

        Session session =
                behind.beginLogin(host.alice).complete(DeviceInfo.unknown()).orElseThrow();

        host.assertActive(host.tokens.of(session));
    }

    @Test
    void a_login_that_began_on_a_node_whose_clock_is_ahead_does_not_escape() {
        SessionService ahead = host.node(Clock.offset(host.clock, Duration.ofSeconds(2)), builder -> builder);
        LoginAttempt attempt = ahead.beginLogin(host.alice);

        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);

        assertThat(attempt.complete(DeviceInfo.unknown())).isInstanceOf(LoginResult.Overtaken.class);
    }

    @Test
    void a_cut_off_of_the_realm_or_of_the_client_overtakes_a_login_too() {
        ClientId web = new ClientId(TestHost.REALM, "web");
        LoginAttempt overtakenByRealm = host.service.beginLogin(host.alice);
        host.service.revokeRealm(TestHost.REALM, TestHost.BY_ADMIN);
        LoginAttempt overtakenByClient = host.service.beginLogin(host.bob).client(web);
        LoginAttempt ofAnotherClient = host.service.beginLogin(host.bob);
        host.service.revokeClient(web, TestHost.BY_ADMIN);

        assertThat(overtakenByRealm.complete(DeviceInfo.unknown())).isInstanceOf(LoginResult.Overtaken.class);
        assertThat(overtakenByClient.complete(DeviceInfo.unknown())).isInstanceOf(LoginResult.Overtaken.class);
        assertThat(ofAnotherClient.complete(DeviceInfo.unknown())).isInstanceOf(LoginResult.LoggedIn.class);
    }

    @Test
    void a_login_without_a_subject_waits_for_one() {
        LoginAttempt attempt = host.service.beginLogin();
        assertThat(host.store.takeCalls()).isEmpty();
        assertThatIllegalStateException()
                .isThrownBy(() -> attempt.complete(DeviceInfo.unknown()))
                .withMessageContaining("identifiedAs(subject)");

        Session session =
                attempt.identifiedAs(host.alice).complete(DeviceInfo.unknown()).orElseThrow();

        assertThat(session.subject()).isEqualTo(host.alice);
        assertThat(session.authenticatedAt()).isEqualTo(attempt.authenticatedAt());
    }

    @Test
    void a_login_without_a_subject_within_the_node_skew_of_a_cut_off_is_refused_with_the_advice() {
        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);

        LoginResult tooClose =
                host.service.beginLogin().identifiedAs(host.alice).complete(DeviceInfo.unknown());
        host.clock.advance(TestHost.NODE_SKEW.plusMillis(1));
        LoginResult later = host.service.beginLogin().identifiedAs(host.alice).complete(DeviceInfo.unknown());

        assertThatExceptionOfType(LoginRefusedException.class)
                .isThrownBy(tooClose::orElseThrow)
                .withMessageContaining("beginLogin(subject)");
        assertThat(later).isInstanceOf(LoginResult.LoggedIn.class);
    }

    @Test
    void a_login_cannot_change_its_subject() {
        LoginAttempt attempt = host.service.beginLogin(host.alice);

        assertThat(attempt.identifiedAs(host.alice).complete(DeviceInfo.unknown()))
                .isInstanceOf(LoginResult.LoggedIn.class);
        assertThatIllegalStateException()
                .isThrownBy(() -> attempt.identifiedAs(host.bob))
                .withMessageContaining("begin again");
    }

    @Test
    void revoking_the_client_ends_the_sessions_begun_by_it_and_their_tokens() {
        ClientId app = new ClientId(TestHost.REALM, "app");
        Session session = host.service
                .beginLogin(host.alice)
                .client(app)
                .complete(DeviceInfo.unknown())
                .orElseThrow();
        VerifiedToken ofApp =
                host.tokens.draft(session).with("client_id", "app").verified();
        VerifiedToken ofWeb = host.loginToken(host.alice);

        assertThat(host.service.revokeClient(app, TestHost.BY_ADMIN))
                .isEqualTo(TestHost.revokedUncounted(RevocationTarget.Kind.CLIENT, true));

        host.assertRevoked(ofApp);
        host.assertActive(ofWeb);
        assertThat(host.handlesOf(host.alice))
                .containsExactly(ofWeb.session().orElseThrow().handle());
    }

    @Test
    void a_client_of_another_realm_is_refused() {
        ClientId elsewhere = new ClientId(TestHost.PARTNER, "web");

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        host.service.beginLogin(host.alice).client(elsewhere).complete(DeviceInfo.unknown()));
        assertThat(host.handlesOf(host.alice)).isEmpty();
    }

    @Test
    void an_outage_is_reported_at_either_step_and_the_attempt_survives_it() {
        LoginAttempt attempt = host.service.beginLogin(host.alice);
        host.store.goDown();

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> host.service.beginLogin(host.alice));
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> attempt.complete(DeviceInfo.unknown()));
        assertThat(host.events).isEmpty();
        host.store.recover();

        assertThat(attempt.complete(DeviceInfo.unknown())).isInstanceOf(LoginResult.LoggedIn.class);
    }

    @Test
    void a_full_store_refuses_a_login_by_name_and_ends_nobody() {
        TestHost small = TestHost.over(InMemorySessionStore.builder().maxSessions(1));
        VerifiedToken first = small.loginToken(small.alice);

        assertThatExceptionOfType(StoreFullException.class).isThrownBy(() -> small.login(small.bob));

        small.assertActive(first);
        assertThat(small.handlesOf(small.alice)).hasSize(1);
    }
}
