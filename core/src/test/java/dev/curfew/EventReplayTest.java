package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.event.SessionEvent.SuspicionRaised;
import dev.curfew.event.SuspicionKind;
import dev.curfew.session.Session;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.suspicion.SuspicionAction;
import dev.curfew.suspicion.SuspicionRules;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node ended and told nobody, because it crashed: the next node that starts tells it. */
@Timeout(60)
class EventReplayTest {
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

    @Test
    void one_that_cannot_be_found_out_holds_up_no_other() {
        host.service.logout(host.loginToken(host.alice));
        host.service.logout(host.loginToken(host.bob));
        AtomicBoolean hasFailed = new AtomicBoolean();
        host.store.before(verb -> {
            if (verb.equals("sessionsOf") && !hasFailed.getAndSet(true)) {
                throw new StoreUnavailableException("a read", null);
            }
        });

        assertThat(idsOf(toldAtStart(), SessionEnded.class)).hasSize(1);
    }

    @Test
    void what_the_store_confirms_only_after_an_outage_is_told_then() {
        CountDownLatch told = new CountDownLatch(1);
        SessionService node = host.node(
                host.clock,
                service -> service.replica(replica -> replica.staleness(Duration.ofHours(1), Duration.ofMillis(20)))
                        .listener(event -> {
                            if (event instanceof SessionEnded) {
                                told.countDown();
                            }
                        }));
        VerifiedToken token = host.loginToken(host.alice);
        host.store.goDown();
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> node.logout(token));
        host.store.recover();

        assertThat(isReached(told)).isTrue();
        node.close();
    }

    @Test
    void it_is_no_reason_to_suspect_anybody_again() {
        List<SuspicionRaised> asked = new ArrayList<>();
        VerifiedToken current = host.loginToken(host.alice);
        for (int i = 0; i < 5; i++) {
            host.service.revokeSession(current, host.login(host.alice).handle().value());
        }

        host.node(
                        host.clock,
                        service -> service.replica(replica -> replica)
                                .suspicions(
                                        SuspicionRules.none()
                                                .moreThan(2, SuspicionKind.TERMINATIONS, Duration.ofHours(1)),
                                        suspicion -> {
                                            asked.add(suspicion);
                                            return SuspicionAction.END_ALL_SESSIONS;
                                        }))
                .close();

        assertThat(asked).isEmpty();
        host.assertActive(current);
    }

    private static boolean isReached(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
