package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.session.Session;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node ended and told nobody, because it crashed: the next node that starts tells it. */
@Timeout(60)
class MissedEventsTest {
    private final TestHost host = TestHost.start();

    /** What a node tells while it starts. */
    private List<SessionEvent> toldAtStart() {
        List<SessionEvent> told = new ArrayList<>();
        host.node(host.clock, service -> service.replica(replica -> replica).listener(told::add))
                .close();
        return told;
    }

    private static <E extends SessionEvent> Stream<String> idsOf(List<SessionEvent> events, Class<E> sort) {
        return events.stream().filter(sort::isInstance).map(SessionEvent::id);
    }

    @Test
    void every_end_is_told_again_under_its_own_name() {
        VerifiedToken current = host.loginToken(host.alice);
        Session device = host.login(host.alice);
        host.login(host.alice);
        Session foreign =
                host.adopt(host.partner.draft("alice").with("sid", "idp-1").verified());
        host.service.revokeSession(current, device.handle().value());
        host.service.revokeOtherSessions(current);
        host.service.revokeSession(foreign.subject(), foreign.handle(), TestHost.BY_ADMIN);
        host.service.logout(host.loginToken(host.bob));
        List<SessionEvent> before = List.copyOf(host.events);

        List<SessionEvent> told = toldAtStart();

        assertThat(idsOf(before, SessionEnded.class)).hasSize(4);
        assertThat(idsOf(told, SessionEnded.class))
                .containsExactlyInAnyOrderElementsOf(
                        idsOf(before, SessionEnded.class).toList());
        assertThat(idsOf(told, RevocationRecorded.class))
                .containsExactlyInAnyOrderElementsOf(
                        idsOf(before, RevocationRecorded.class).toList());
        assertThat(told).filteredOn(SessionEnded.class::isInstance).allSatisfy(event -> {
            SessionEnded ended = (SessionEnded) event;
            assertThat(before)
                    .filteredOn(same -> same.id().equals(ended.id()))
                    .singleElement()
                    .isInstanceOfSatisfying(SessionEnded.class, same -> {
                        assertThat(ended.subject()).isEqualTo(same.subject());
                        assertThat(ended.session()).isEqualTo(same.session());
                        assertThat(ended.by()).isEqualTo(same.by());
                    });
        });
    }

    @Test
    void what_lives_on_and_what_time_had_ended_is_not_told() {
        host.login(host.bob);
        Session old = host.login(host.alice);
        host.clock.advance(TestHost.LIFETIMES.absolute().plusSeconds(1));
        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);

        assertThat(toldAtStart()).filteredOn(SessionEnded.class::isInstance).isEmpty();
        assertThat(host.service.findSession(old.ref())).isPresent();
    }

    @Test
    void what_is_more_than_ten_minutes_ago_is_not_told() {
        host.service.logout(host.loginToken(host.alice));
        host.clock.advance(Duration.ofMinutes(10).plusMillis(1));

        assertThat(toldAtStart()).isEmpty();
    }
}
