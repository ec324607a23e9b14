package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.Session;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Ended sessions are looked up after the act, while other acts go on. */
class EndedEventsRaceTest {
    private final TestHost host = TestHost.start();
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final SessionService slowToReport = host.node(host.clock, builder -> builder.eventExecutor(waiting::add));

    private void report() {
        while (!waiting.isEmpty()) {
            waiting.remove().run();
        }
    }

    @Test
    void a_later_act_does_not_take_the_end_of_a_session_away() {
        Session session = host.login(host.alice);
        slowToReport.revokeAllSessions(host.alice, TestHost.BY_ADMIN);
        host.clock.advance(Duration.ofSeconds(1));
        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);

        report();

        assertThat(host.events(SessionEnded.class))
                .extracting(SessionEnded::session)
                .containsExactly(session.handle());
    }

    @Test
    void a_later_act_of_a_node_whose_clock_is_behind_does_not_either() {
        SessionService behind = host.node(Clock.offset(host.clock, Duration.ofSeconds(-1)), builder -> builder);
        Session session = host.login(host.alice);
        slowToReport.revokeAllSessions(host.alice, TestHost.BY_ADMIN);
        behind.revokeAllSessions(host.alice, TestHost.BY_ADMIN);

        report();

        assertThat(host.events(SessionEnded.class))
                .extracting(SessionEnded::session)
                .containsExactly(session.handle());
    }

    @Test
    void a_later_act_at_the_same_instant_does_not_either() {
        Session session = host.login(host.alice);
        slowToReport.revokeAllSessions(
                host.alice, RevocationCause.of(RevocationReason.SUSPICIOUS_ACTIVITY, Actor.system()));
        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);

        report();

        assertThat(host.events(SessionEnded.class))
                .extracting(SessionEnded::session)
                .containsExactly(session.handle());
    }

    @Test
    void a_session_that_was_ended_at_the_same_instant_is_not_ended_again() {
        Session loggedOut = host.login(host.alice);
        host.login(host.alice);
        host.service.revokeSession(
                host.alice, loggedOut.handle(), RevocationCause.of(RevocationReason.POLICY, Actor.policy("p-1")));

        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);

        assertThat(host.events(SessionEnded.class))
                .extracting(SessionEnded::session)
                .containsOnlyOnce(loggedOut.handle());
    }
}
