package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.token.VerifiedToken;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a service does after its end: it begins no session, and ends what is to be ended. */
class ServiceClosedTest {
    private final TestHost host = TestHost.start();

    private static void isRefused(ThrowingCallable login) {
        assertThatExceptionOfType(ServiceClosedException.class)
                .isThrownBy(login)
                .withMessageStartingWith("the service is closed, and begins no session any more")
                .satisfies(refusal -> assertThat(refusal.isRetryable()).isTrue());
    }

    @Test
    void no_session_begins_at_a_service_that_is_closed() {
        VerifiedToken foreign = host.partner
                .draft("alice")
                .with("sid", "idp-1")
                .with("auth_time", host.now().getEpochSecond())
                .verified();
        LoginAttempt begun = host.service.beginLogin(host.alice);
        String sealed = host.service.beginLogin(host.bob).seal();
        host.service.close();
        host.store.takeCalls();

        isRefused(() -> host.service.beginLogin(host.alice));
        isRefused(() -> host.service.beginLogin());
        isRefused(() -> begun.complete(DeviceInfo.unknown()));
        isRefused(() -> host.service.resumeLogin(sealed).orElseThrow().complete(DeviceInfo.unknown()));
        isRefused(() -> host.service.adopt(foreign, DeviceInfo.unknown()));
        assertThat(host.store.takeCalls()).as("the store is not asked").isEmpty();
    }

    @Test
    void what_is_in_flight_when_it_is_closed_still_ends_sessions_and_lists_them() {
        VerifiedToken token = host.loginToken(host.alice);
        Session other = host.login(host.alice);
        host.service.close();

        assertThat(host.service.listSessions(token).entries()).hasSize(2);
        assertThat(host.service.revokeSession(token, other.handle().value()))
                .isInstanceOf(RevocationOutcome.Revoked.class);
        assertThat(host.service.logout(token)).isInstanceOf(RevocationOutcome.Revoked.class);
        assertThat(host.service.checker().check(token).permits()).isFalse();
    }

    @Test
    void it_is_closed_as_often_as_one_likes() {
        host.service.close();
        host.service.close();

        isRefused(() -> host.service.beginLogin());
    }
}
