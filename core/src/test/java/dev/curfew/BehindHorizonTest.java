package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.event.SessionEvent.RevocationFailed;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.session.Session;
import dev.curfew.store.BeforeHorizonException;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node whose clock lies behind the store's horizon judges nobody, and lets everybody leave all the same. */
class BehindHorizonTest {
    private final TestHost host = TestHost.start();
    private final VerifiedToken token = host.loginToken(host.alice);
    private final Session other = host.login(host.alice);

    @BeforeEach
    void another_node_purged_by_a_clock_that_was_three_hours_ahead() {
        host.service.revokeToken(host.partner.draft("carol").verified(), TestHost.BY_ADMIN);
        assertThat(host.store.purge(host.now().plus(Duration.ofHours(3)), 1_000).revocations())
                .isEqualTo(1);
        host.events.clear();
        assertThatExceptionOfType(BeforeHorizonException.class).isThrownBy(() -> host.service.listSessions(token));
    }

    @Test
    void a_person_can_log_out() {
        assertThat(host.service.logout(token)).isEqualTo(TestHost.revoked(Kind.SESSION, 1, true));

        assertThat(host.service.logout(token))
                .as("whether the caller is revoked nobody can say")
                .isEqualTo(TestHost.revoked(Kind.SESSION, 0, false));
        host.clock.advance(Duration.ofHours(2));
        host.assertRevoked(token);
    }

    @Test
    void a_token_without_a_session_can_be_given_back() {
        VerifiedToken alone = host.partner.draft("dave").verified();

        assertThat(host.service.logout(alone)).isEqualTo(TestHost.revoked(Kind.TOKEN, 1, true));

        assertThat(host.events(RevocationFailed.class)).isEmpty();
        assertThat(host.events(RevocationRecorded.class)).hasSize(1);
    }

    @Test
    void what_is_not_the_callers_own_is_refused_and_told_and_nothing_is_written() {
        assertThatExceptionOfType(BeforeHorizonException.class)
                .isThrownBy(
                        () -> host.service.revokeSession(token, other.handle().value()))
                .satisfies(e -> assertThat(e.isRetryable()).isTrue());
        assertThatExceptionOfType(BeforeHorizonException.class)
                .isThrownBy(() -> host.service.revokeOtherSessions(token));

        assertThat(host.events(RevocationFailed.class)).hasSize(2);
        host.clock.advance(Duration.ofHours(2));
        assertThat(host.service.checker().explain(host.tokens.of(other))).isEmpty();
    }

    @Test
    void an_administrator_ends_whatever_there_is() {
        assertThat(host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN))
                .isEqualTo(TestHost.revoked(Kind.SUBJECT, 2, true));
    }
}
