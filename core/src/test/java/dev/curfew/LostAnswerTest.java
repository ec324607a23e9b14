package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.Session;
import dev.curfew.store.OperationId;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.token.VerifiedToken;
import org.junit.jupiter.api.Test;

/** The store has recorded a logout, its answer never came, and the client tries again. */
class LostAnswerTest {
    private final TestHost host = TestHost.start(builder -> builder);
    private final Session session = host.login(host.alice);
    private final VerifiedToken token = host.tokens.of(session);

    private void recordUnheard() {
        host.store.revoke(
                RevocationRequest.of(RevocationTarget.session(session.ref()), new OperationId(7, 7))
                        .because(
                                RevocationReason.USER_LOGOUT,
                                RevocationCause.byUser(RevocationReason.USER_LOGOUT)
                                        .actor())
                        .build(),
                Precondition.none(),
                host.now());
        host.events.clear();
    }

    @Test
    void the_second_try_tells_what_the_first_had_done() {
        recordUnheard();

        assertThat(host.service.logout(token)).isInstanceOf(RevocationOutcome.CallerRevoked.class);

        assertThat(host.events(RevocationRecorded.class)).hasSize(1);
        assertThat(host.events(SessionEnded.class))
                .extracting(SessionEnded::session)
                .containsExactly(session.handle());
    }

    @Test
    void the_third_try_tells_nothing_more() {
        recordUnheard();
        host.service.logout(token);
        host.events.clear();

        host.service.logout(token);

        assertThat(host.events(RevocationRecorded.class)).isEmpty();
        assertThat(host.events(SessionEnded.class)).isEmpty();
    }

    @Test
    void ending_another_session_again_tells_what_the_first_call_had_done() {
        Session other = host.login(host.alice);
        host.store.revoke(
                RevocationRequest.of(RevocationTarget.session(other.ref()), new OperationId(8, 8))
                        .because(
                                RevocationReason.REVOKED_BY_USER,
                                RevocationCause.byUser(RevocationReason.REVOKED_BY_USER)
                                        .actor())
                        .build(),
                Precondition.none(),
                host.now());
        host.events.clear();

        host.service.revokeSession(token, other.handle().value());

        assertThat(host.events(SessionEnded.class))
                .extracting(SessionEnded::session)
                .containsExactly(other.handle());
    }

    @Test
    void what_time_had_ended_is_not_told_as_a_logout_however_often_that_is_tried() {
        host.clock.advance(TestHost.LIFETIMES.idle().plusSeconds(1));
        VerifiedToken late = host.tokens.of(session);
        host.service.logout(late);
        host.service.logout(late);

        assertThat(host.events(SessionEnded.class)).isEmpty();
    }
}
