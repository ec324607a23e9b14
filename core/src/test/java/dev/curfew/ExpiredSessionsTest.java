package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.TestTokens;
import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.event.SessionEvent.SessionExpired;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The end by time, told when the row goes. LOG-01. */
class ExpiredSessionsTest {
    private static final Duration KEPT = Duration.ofDays(7);
    private final TestHost host = TestHost.start();

    private SessionExpired only() {
        assertThat(host.events(SessionExpired.class)).hasSize(1);
        return host.events(SessionExpired.class).get(0);
    }

    @Test
    void a_session_that_time_ended_is_told_once_with_the_instant_of_its_end() {
        Session session = host.login(host.alice);
        Instant end = host.now().plus(TestHost.LIFETIMES.idle());
        host.clock.advance(Duration.between(host.now(), end.plus(KEPT).minusMillis(1)));
        host.service.purge(100);
        assertThat(host.events(SessionExpired.class)).isEmpty();

        host.clock.advance(Duration.ofMillis(1));
        host.service.purge(100);
        host.service.purge(100);

        assertThat(only())
                .isEqualTo(
                        new SessionExpired("ended:" + session.ref().key(), end, host.alice, session.handle(), false));
    }

    @Test
    void it_is_proven_as_long_as_the_revocation_of_a_session_would_be_remembered() {
        TestHost longLived = TestHost.start(
                builder -> builder.lifetimes(new SessionLifetimes(Duration.ofDays(30), Duration.ofHours(1))));
        longLived.login(longLived.alice);
        longLived.clock.advance(Duration.ofHours(1).plus(KEPT));

        longLived.service.purge(100);

        assertThat(longLived.events(SessionExpired.class))
                .singleElement()
                .satisfies(expired -> assertThat(expired.proven()).isTrue());
    }

    @Test
    void what_was_logged_out_keeps_the_name_of_its_end() {
        VerifiedToken token = host.loginToken(host.alice);
        host.service.logout(token);
        host.clock.advance(Duration.ofDays(9));

        host.service.purge(100);

        // On another node, or later, it may be told again; whoever keeps records sees one name.
        assertThat(host.events)
                .filteredOn(event -> event instanceof SessionEnded || event instanceof SessionExpired)
                .extracting(SessionEvent::id)
                .containsOnly(host.events(SessionEnded.class).get(0).id());
    }

    @Test
    void a_foreign_session_is_told_by_its_handle_and_its_life() {
        VerifiedToken foreign = host.partner.draft("alice").with("sid", "idp-1").verified();
        Session adopted = host.adopt(foreign);
        host.clock.advance(Duration.ofDays(9));

        host.service.purge(100);

        assertThat(only().session()).isEqualTo(adopted.handle());
        assertThat(only().id())
                .isEqualTo("ended:" + adopted.ref().key() + ":"
                        + adopted.createdAt().toEpochMilli());
    }

    @Test
    void a_node_that_does_not_know_the_realm_tells_the_session_without_its_subject() {
        SubjectId stranger = new SubjectId(Realm.of("elsewhere"), "alice");
        Session session;
        try (SessionService other = SessionService.builder()
                .store(host.store)
                .lifetimes(TestHost.LIFETIMES)
                .maxTokenLifetime(TestTokens.LIFETIME)
                .clock(host.clock, host.clock.ticker())
                .authoritativeChecks()
                .withoutAuditLog()
                .build()) {
            session = other.beginLogin(stranger).complete(DeviceInfo.unknown()).orElseThrow();
        }
        host.clock.advance(Duration.ofDays(9));

        host.node(host.clock, builder -> builder).purge(100);

        assertThat(only().subject()).isNull();
        assertThat(only().session()).isEqualTo(session.handle());
    }

    @Test
    void a_foreign_session_of_a_realm_that_a_node_does_not_know_is_told_by_its_handle() {
        Session foreign =
                host.adopt(host.partner.draft("alice").with("sid", "idp-2").verified());
        List<SessionEvent> told = new ArrayList<>();
        try (SessionService other = SessionService.builder()
                .store(host.store)
                .lifetimes(TestHost.LIFETIMES)
                .maxTokenLifetime(TestTokens.LIFETIME)
                .clock(host.clock, host.clock.ticker())
                .authoritativeChecks()
                .withoutAuditLog()
                .listener(told::add)
                .eventExecutor(Runnable::run)
                .build()) {
            host.clock.advance(Duration.ofDays(30));
            other.purge(100);
        }

        assertThat(told).singleElement().isInstanceOfSatisfying(SessionExpired.class, expired -> {
            assertThat(expired.session()).isEqualTo(foreign.handle());
            assertThat(expired.subject()).isNull();
        });
    }
}
