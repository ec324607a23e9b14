package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.curfew.event.SessionEvent.SessionRenewed;
import dev.curfew.session.Session;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Signs of life. SES-13, SES-14, REV-11. */
class TouchTest {
    private final TestHost host = TestHost.start();
    private final Session session = host.login(host.alice);
    private final VerifiedToken token = host.tokens.of(session);

    private Instant lastSeen() {
        Instant seen =
                host.service.findSession(session.ref()).orElseThrow().session().lastSeenAt();
        host.store.takeCalls();
        return seen;
    }

    @Test
    void a_sign_of_life_that_was_written_is_told_and_one_that_was_not_is_not() {
        host.events.clear();
        host.service.touch(token);
        assertThat(host.events).isEmpty();

        host.clock.advance(Duration.ofMinutes(1));
        host.service.touch(token);
        host.service.touch(token);
        assertThat(host.events)
                .containsExactly(new SessionRenewed(
                        "renewed:" + session.ref().key() + ":" + host.now().toEpochMilli(),
                        host.now(),
                        host.alice,
                        session.handle()));

        host.service.logout(token);
        host.events.clear();
        host.clock.advance(Duration.ofMinutes(1));
        host.service.touch(token);
        assertThat(host.events).isEmpty();
    }

    @Test
    void a_sign_of_life_is_written_at_most_once_a_minute() {
        host.clock.advance(Duration.ofSeconds(30));
        host.store.takeCalls();
        Instant first = host.now();

        host.service.touch(token);
        host.clock.advance(Duration.ofMinutes(1).minusMillis(1));
        host.service.touch(token);
        assertThat(host.store.takeCalls()).containsExactly("touch");
        assertThat(lastSeen()).isEqualTo(first);

        host.clock.advance(Duration.ofMillis(1));
        host.service.touch(token);
        assertThat(host.store.takeCalls()).containsExactly("touch");
        assertThat(lastSeen()).isEqualTo(first.plus(Duration.ofMinutes(1)));
    }

    @Test
    void sessions_are_throttled_apart_and_tokens_of_one_session_together() {
        VerifiedToken sameSession = host.tokens.of(session);
        VerifiedToken other = host.loginToken(host.alice);
        host.store.takeCalls();

        host.service.touch(token);
        host.service.touch(sameSession);
        host.service.touch(other);

        assertThat(host.store.takeCalls()).containsExactly("touch", "touch");
    }

    @Test
    void another_interval_may_be_set() {
        TestHost eager = TestHost.start(builder -> builder.lastSeenEvery(Duration.ZERO));
        VerifiedToken caller = eager.loginToken(eager.alice);
        eager.store.takeCalls();

        eager.service.touch(caller);
        eager.service.touch(caller);

        assertThat(eager.store.takeCalls()).containsExactly("touch", "touch");
    }

    @Test
    void an_outage_does_not_fail_the_request_and_the_next_one_tries_again() {
        host.clock.advance(Duration.ofSeconds(30));
        host.store.goDown();
        assertThatCode(() -> host.service.touch(token)).doesNotThrowAnyException();
        host.store.recover();

        host.clock.advance(Duration.ofSeconds(1));
        host.service.touch(token);

        assertThat(lastSeen()).isEqualTo(host.now());
        assertThat(host.events(SessionRenewed.class))
                .singleElement()
                .satisfies(renewed -> assertThat(renewed.at()).isEqualTo(host.now()));
        assertThat(host.events).hasSize(2);
    }

    @Test
    void activity_moves_the_idle_end_and_never_the_absolute_one() {
        for (int minutes = 0; minutes < 24 * 60; minutes += 30) {
            assertThat(host.handlesOf(host.alice)).hasSize(1);
            host.service.touch(token);
            host.clock.advance(Duration.ofMinutes(30));
        }

        assertThat(host.now()).isEqualTo(session.expiresAt());
        host.service.touch(token);
        assertThat(host.handlesOf(host.alice)).isEmpty();
    }

    @Test
    void it_does_not_revive_what_was_revoked_or_was_idle_for_too_long() {
        VerifiedToken idle = host.loginToken(host.bob);
        host.service.logout(token);
        host.service.touch(token);
        assertThat(host.handlesOf(host.alice)).isEmpty();

        host.clock.advance(TestHost.LIFETIMES.idle());
        host.service.touch(idle);

        assertThat(host.handlesOf(host.bob)).isEmpty();
    }

    @Test
    void a_clock_that_steps_back_takes_no_activity_away() {
        host.clock.advance(Duration.ofMinutes(10));
        host.service.touch(token);
        Instant seen = lastSeen();

        host.clock.advance(Duration.ofMinutes(-5));
        host.service.touch(token);

        assertThat(lastSeen()).isEqualTo(seen);
    }

    @Test
    void a_token_without_a_session_costs_no_call() {
        VerifiedToken withoutSid = host.tokens.draft("alice").verified();
        host.store.takeCalls();

        host.service.touch(withoutSid);

        assertThat(host.store.takeCalls()).isEmpty();
    }

    @Test
    void a_foreign_session_is_touched_too() {
        VerifiedToken foreign = host.partner.draft("alice").with("sid", "idp-1").verified();
        Session adopted = host.adopt(foreign);
        host.clock.advance(Duration.ofMinutes(3));

        host.service.touch(foreign);

        assertThat(host.service
                        .findSession(adopted.ref())
                        .orElseThrow()
                        .session()
                        .lastSeenAt())
                .isEqualTo(host.now());
    }
}
