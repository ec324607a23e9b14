package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.RevocationDenied;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.SessionCreated;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.session.SessionHandle;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One event for each revocation and one for each ended session, on every path. LOG-01. */
class RevocationEventsTest {
    private final TestHost host = TestHost.start();

    private RevocationRecorded onlyRecorded() {
        assertThat(host.events(RevocationRecorded.class)).hasSize(1);
        return host.events(RevocationRecorded.class).get(0);
    }

    @Test
    void a_login_is_reported_with_its_session() {
        Session session = host.login(host.alice);

        assertThat(host.events).singleElement().isInstanceOfSatisfying(SessionCreated.class, created -> {
            assertThat(created.session().handle()).isEqualTo(session.handle());
            assertThat(created.at()).isEqualTo(host.now());
        });
    }

    @Test
    void a_logout_is_one_revocation_and_one_ended_session() {
        Session session = host.login(host.alice);
        host.events.clear();

        host.service.logout(host.tokens.of(session));

        RevocationRecorded recorded = onlyRecorded();
        assertThat(recorded.target()).isEqualTo(RevocationTarget.session(session.ref()));
        assertThat(recorded.subject()).isEqualTo(host.alice);
        assertThat(recorded.session()).isEqualTo(session.handle());
        assertThat(recorded.entry().reason()).isEqualTo(RevocationReason.USER_LOGOUT);
        assertThat(recorded.count()).isEqualTo(OptionalLong.of(1));
        assertThat(recorded.at()).isEqualTo(host.now());
        assertThat(host.events(SessionEnded.class)).singleElement().satisfies(ended -> {
            assertThat(ended.subject()).isEqualTo(host.alice);
            assertThat(ended.session()).isEqualTo(session.handle());
            assertThat(ended.by()).isEqualTo(recorded.entry());
        });
        assertThat(host.events).hasSize(2);
    }

    @Test
    void the_logout_of_a_foreign_session_names_it_too() {
        VerifiedToken token = host.partner.draft("alice").with("sid", "idp-1").verified();

        host.service.logout(token);

        assertThat(onlyRecorded().target().kind()).isEqualTo(Kind.FOREIGN_SESSION);
        assertThat(host.events(SessionEnded.class))
                .singleElement()
                .satisfies(ended -> assertThat(ended.session().value()).isEqualTo("idp-1"));
    }

    @Test
    void a_session_ended_by_handle_is_reported_by_that_handle_for_a_user_and_an_administrator() {
        VerifiedToken caller = host.loginToken(host.alice);
        Session one = host.login(host.alice);
        Session two = host.login(host.alice);
        host.events.clear();

        host.service.revokeSession(caller, one.handle().value());
        host.service.revokeSession(host.alice, two.handle(), TestHost.BY_ADMIN);

        assertThat(host.events(RevocationRecorded.class))
                .extracting(RevocationRecorded::session)
                .containsExactly(one.handle(), two.handle());
        assertThat(host.events(SessionEnded.class))
                .extracting(SessionEnded::session)
                .containsExactly(one.handle(), two.handle());
    }

    @Test
    void a_revoked_token_ends_no_session() {
        VerifiedToken token = host.loginToken(host.alice);
        host.events.clear();

        host.service.revokeToken(token, TestHost.BY_ADMIN);

        assertThat(onlyRecorded().target()).isEqualTo(RevocationTarget.token(token.facts()));
        assertThat(host.events).hasSize(1);
    }

    @Test
    void a_client_a_realm_and_a_key_are_one_revocation_each_without_a_count() {
        host.login(host.alice);
        host.events.clear();

        host.service.revokeClient(new ClientId(TestHost.REALM, "web"), TestHost.BY_ADMIN);
        host.service.revokeRealm(TestHost.REALM, TestHost.BY_ADMIN);
        host.service.revokeKey("k", TestHost.BY_ADMIN);

        assertThat(host.events(RevocationRecorded.class))
                .extracting(recorded -> recorded.target().kind())
                .containsExactly(Kind.CLIENT, Kind.REALM, Kind.SIGNING_KEY);
        assertThat(host.events(RevocationRecorded.class))
                .extracting(RevocationRecorded::count)
                .containsOnly(OptionalLong.empty());
        assertThat(host.events).hasSize(3);
    }

    @Test
    void revoke_others_reports_each_of_the_others_and_not_the_current_one() {
        Session one = host.login(host.alice);
        Session two = host.login(host.alice);
        VerifiedToken caller = host.loginToken(host.alice);
        host.events.clear();

        host.service.revokeOtherSessions(caller);

        assertThat(onlyRecorded().count()).isEqualTo(OptionalLong.of(2));
        assertThat(host.events(SessionEnded.class))
                .extracting(SessionEnded::session)
                .containsExactlyInAnyOrder(one.handle(), two.handle());
    }

    @Test
    void revoke_all_reports_only_what_it_ended_itself() {
        VerifiedToken loggedOut = host.loginToken(host.alice);
        host.login(host.alice);
        host.clock.advance(TestHost.LIFETIMES.idle());
        VerifiedToken alsoLoggedOut = host.loginToken(host.alice);
        Session live = host.login(host.alice);
        host.service.logout(loggedOut);
        host.service.logout(alsoLoggedOut);
        host.clock.advance(Duration.ofSeconds(1));
        host.events.clear();

        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);

        assertThat(onlyRecorded().count()).isEqualTo(OptionalLong.of(1));
        assertThat(host.events(SessionEnded.class))
                .extracting(SessionEnded::session)
                .containsExactly(live.handle());
    }

    @Test
    void a_second_revoke_all_reports_the_sessions_begun_since() {
        host.login(host.alice);
        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);
        host.clock.advance(Duration.ofMinutes(1));
        Session since = host.login(host.alice);
        host.events.clear();

        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);

        assertThat(host.events(SessionEnded.class))
                .extracting(SessionEnded::session)
                .containsExactly(since.handle());
    }

    @Test
    void twelve_hundred_sessions_are_reported_one_by_one_each_once() {
        Set<SessionHandle> handles = new HashSet<>();
        for (int i = 0; i < 1_200; i++) {
            handles.add(host.login(host.alice).handle());
            host.clock.advance(Duration.ofMillis(i % 3));
        }
        host.events.clear();
        host.store.takeCalls();

        RevocationOutcome outcome = host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);

        assertThat(outcome).isEqualTo(TestHost.revoked(Kind.SUBJECT, 1_200, true));
        assertThat(host.store.takeCalls()).containsExactly("revoke", "list", "list", "list");
        assertThat(host.events(SessionEnded.class))
                .hasSize(1_200)
                .extracting(SessionEnded::session)
                .containsExactlyInAnyOrderElementsOf(handles);
        assertThat(host.events).extracting(SessionEvent::id).doesNotHaveDuplicates();
        assertThat(onlyRecorded().count()).isEqualTo(OptionalLong.of(1_200));
    }

    @Test
    void the_name_of_an_end_is_the_same_whoever_reports_it() {
        Session session = host.login(host.alice);
        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);

        assertThat(host.events(SessionEnded.class))
                .extracting(SessionEvent::id)
                .containsExactly("ended:" + session.ref().key());
    }

    @Test
    void for_want_of_room_the_event_names_what_was_revoked_instead() {
        TestHost small = TestHost.over(InMemorySessionStore.builder().maxRevocations(1));
        Session one = small.login(small.alice);
        Session two = small.login(small.alice);
        small.events.clear();

        small.service.logout(small.tokens.of(one));

        assertThat(small.events(RevocationRecorded.class))
                .singleElement()
                .satisfies(recorded -> assertThat(recorded.target()).isEqualTo(RevocationTarget.subject(small.alice)));
        assertThat(small.events(SessionEnded.class))
                .extracting(SessionEnded::session)
                .containsExactlyInAnyOrder(one.handle(), two.handle());
    }

    @Test
    void an_explicit_cut_off_of_a_subject_reports_each_session_that_it_ended() {
        Session session = host.login(host.alice);
        host.events.clear();

        host.service.revokeIssuedBefore(host.alice, host.now(), TestHost.BY_ADMIN);

        assertThat(onlyRecorded().count()).isEqualTo(OptionalLong.of(1));
        assertThat(host.events(SessionEnded.class))
                .extracting(SessionEnded::session)
                .containsExactly(session.handle());
    }

    @Test
    void what_ended_nothing_and_changed_nothing_is_not_reported() {
        VerifiedToken caller = host.loginToken(host.alice);
        Session other = host.login(host.alice);
        host.service.revokeSession(caller, other.handle().value());
        host.events.clear();

        host.service.revokeSession(caller, other.handle().value());
        host.service.revokeSession(caller, "malformed");
        host.service.listSessions(caller);
        host.service.touch(caller);
        host.service.checker().check(caller);

        assertThat(host.events).isEmpty();
    }

    @Test
    void an_overtaken_login_leaves_no_session_events() {
        LoginAttempt attempt = host.service.beginLogin(host.alice);
        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);
        attempt.complete(DeviceInfo.unknown());

        assertThat(host.events(SessionCreated.class)).isEmpty();
        assertThat(host.events(SessionEnded.class)).isEmpty();
        assertThat(host.events(RevocationDenied.class)).isEmpty();
    }
}
