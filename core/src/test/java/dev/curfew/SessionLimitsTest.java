package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.event.SessionEvent.LoginRefusal;
import dev.curfew.event.SessionEvent.LoginRefused;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.SessionCreated;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLimit;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** How many sessions a subject may have, and what the login beyond them does. SES-09. */
class SessionLimitsTest {
    private static LoginResult loginTo(TestHost host) {
        host.clock.advance(Duration.ofSeconds(1));
        return host.service.beginLogin(host.alice).complete(DeviceInfo.unknown());
    }

    @Test
    void a_login_over_the_limit_is_refused_and_says_how_many_live() {
        TestHost host = TestHost.start(builder -> builder.sessionLimit(SessionLimit.refuseBeyond(2)));
        Session first = loginTo(host).orElseThrow();
        Session second = loginTo(host).orElseThrow();

        LoginResult third = loginTo(host);

        assertThat(third).isEqualTo(new LoginResult.LimitReached(2));
        assertThatExceptionOfType(LoginRefusedException.class)
                .isThrownBy(third::orElseThrow)
                .withMessageContaining("2 live sessions");
        assertThat(host.handlesOf(host.alice)).containsExactly(second.handle(), first.handle());
        assertThat(host.events(SessionCreated.class)).hasSize(2);
        assertThat(host.events(LoginRefused.class)).singleElement().satisfies(refused -> {
            assertThat(refused.refusal()).isEqualTo(LoginRefusal.LIMIT_REACHED);
            assertThat(refused.subject()).isEqualTo(host.alice);
            assertThat(refused.at()).isEqualTo(host.now());
        });
    }

    @Test
    void the_limit_is_each_subjects_own_and_an_ended_session_makes_room() {
        TestHost host = TestHost.start(builder -> builder.sessionLimit(SessionLimit.refuseBeyond(1)));
        VerifiedToken first = host.loginToken(host.alice);
        assertThat(loginTo(host)).isEqualTo(new LoginResult.LimitReached(1));

        host.login(host.bob);
        host.service.logout(first);

        assertThat(loginTo(host)).isInstanceOf(LoginResult.LoggedIn.class);
    }

    @Test
    void a_login_over_the_limit_ends_the_oldest() {
        TestHost host = TestHost.start(builder -> builder.sessionLimit(SessionLimit.endOldestBeyond(2)));
        Session oldest = loginTo(host).orElseThrow();
        Session second = loginTo(host).orElseThrow();

        LoginResult third = loginTo(host);

        assertThat(third).isInstanceOfSatisfying(LoginResult.LoggedIn.class, loggedIn -> {
            assertThat(loggedIn.ended()).containsExactly(oldest.handle());
            assertThat(host.handlesOf(host.alice))
                    .containsExactly(loggedIn.session().handle(), second.handle());
        });
        host.assertRevoked(host.tokens.of(oldest));
        host.assertActive(host.tokens.of(second), host.tokens.of(third.orElseThrow()));
    }

    @Test
    void ending_the_oldest_has_its_two_events_with_the_limit_as_reason() {
        TestHost host = TestHost.start(builder -> builder.sessionLimit(SessionLimit.endOldestBeyond(1)));
        Session oldest = loginTo(host).orElseThrow();

        loginTo(host).orElseThrow();

        assertThat(host.events(RevocationRecorded.class)).singleElement().satisfies(recorded -> {
            assertThat(recorded.target()).isEqualTo(RevocationTarget.session(oldest.ref()));
            assertThat(recorded.subject()).isEqualTo(host.alice);
            assertThat(recorded.session()).isEqualTo(oldest.handle());
            assertThat(recorded.count()).isEqualTo(OptionalLong.of(1));
            assertThat(recorded.entry().reason()).isEqualTo(RevocationReason.LIMIT_EXCEEDED);
            assertThat(recorded.entry().actor()).isEqualTo(Actor.system());
        });
        assertThat(host.events(SessionEnded.class)).singleElement().satisfies(ended -> {
            assertThat(ended.session()).isEqualTo(oldest.handle());
            assertThat(ended.by().reason()).isEqualTo(RevocationReason.LIMIT_EXCEEDED);
        });
    }

    @Test
    void a_session_that_the_limit_ended_is_not_ended_again() {
        TestHost host = TestHost.start(builder -> builder.sessionLimit(SessionLimit.endOldestBeyond(1)));
        Session oldest = loginTo(host).orElseThrow();
        loginTo(host).orElseThrow();
        host.clock.advance(Duration.ofMillis(1));

        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);

        assertThat(host.events(SessionEnded.class)).hasSize(2);
        assertThat(host.events(SessionEnded.class))
                .extracting(SessionEnded::session)
                .containsOnlyOnce(oldest.handle());
    }
}
