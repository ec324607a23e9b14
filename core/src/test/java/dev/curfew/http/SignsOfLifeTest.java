package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.event.SessionEvent.SessionRenewed;
import dev.curfew.meter.Meter;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that are let pass keep their session in the list. SES-13. */
class SignsOfLifeTest {
    private final Host host = Host.create();
    private final Session session = host.login(Host.ALICE);

    private Instant lastSeen(Session of) {
        return host.service.findSession(of.ref()).orElseThrow().session().lastSeenAt();
    }

    private boolean isAuthenticated(SessionEndpoints endpoints) {
        return endpoints
                        .authentication()
                        .authenticate(Host.get(host.token(session)).build())
                instanceof AuthenticationResult.Authenticated;
    }

    private static EndpointRequest get(String token) {
        return Host.get(token).build();
    }

    @Test
    void a_session_in_use_stays_in_the_list_however_long_its_idle_time() {
        SessionEndpoints endpoints = host.endpoints().build();
        Duration idle = SessionLifetimes.aal2().idle();
        Session other = host.login(Host.ALICE);

        for (int i = 0; i < 5; i++) {
            host.clock.advance(idle.minusSeconds(2));
            assertThat(isAuthenticated(endpoints)).isTrue();
        }

        assertThat(host.isLive(session)).isTrue();
        assertThat(host.isLive(other)).as("nobody used it").isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void what_is_let_pass_is_a_sign_of_life_once_a_minute(Profile profile) {
        SessionEndpoints endpoints = host.endpoints(profile);
        List<Function<String, EndpointResponse>> calls = List.of(
                token -> endpoints.listSessions(get(token)),
                token -> endpoints.revokeSession(Host.delete(token)
                        .pathId(host.login(Host.ALICE).handle().value())
                        .build()),
                token -> endpoints.revokeOtherSessions(Host.delete(token).build()));
        for (Function<String, EndpointResponse> call : calls) {
            host.clock.advance(Duration.ofMinutes(2));

            assertThat(call.apply(host.token(session)).status()).isLessThan(300);

            Instant seen = lastSeen(session);
            assertThat(Duration.between(seen, host.clock.instant())).isLessThan(Duration.ofSeconds(2));
            host.clock.advance(Duration.ofSeconds(30));
            assertThat(call.apply(host.token(session)).status()).isLessThan(300);
            assertThat(lastSeen(session)).isEqualTo(seen);
        }
        assertThat(host.count(SessionRenewed.class)).isEqualTo(3);
    }

    @Test
    void what_is_refused_is_none() {
        SessionEndpoints endpoints = host.endpoints().build();
        Instant begun = lastSeen(session);
        Session foreign = host.login(Host.BOB);
        host.clock.advance(Duration.ofMinutes(2));

        endpoints.revokeSession(Host.delete(host.token(session))
                .pathId(foreign.handle().value())
                .build());
        endpoints.listSessions(get(host.forged(session)));
        endpoints.listSessions(
                Host.get(host.token(session)).queryParameter("limit", "x").build());
        endpoints.authentication().authenticate(get(host.expired(host.token(session))));

        assertThat(lastSeen(session)).isEqualTo(begun);
        endpoints.logout(Host.post(host.token(session)).build());
        assertThat(endpoints.listSessions(get(host.token(session))).status()).isEqualTo(401);
        assertThat(lastSeen(session)).isEqualTo(begun);
        assertThat(host.count(SessionRenewed.class)).isZero();
    }

    @Test
    void it_revives_nothing() {
        SessionEndpoints endpoints = host.endpoints().build();
        host.clock.advance(SessionLifetimes.aal2().idle());

        assertThat(isAuthenticated(endpoints)).as("idle does not refuse tokens").isTrue();

        assertThat(host.isLive(session)).isFalse();
    }

    @Test
    void a_host_that_calls_it_by_itself_switches_it_off() {
        SessionEndpoints endpoints = host.endpoints().withoutTouch().build();
        Instant begun = lastSeen(session);
        host.clock.advance(Duration.ofMinutes(2));

        assertThat(isAuthenticated(endpoints)).isTrue();
        assertThat(endpoints.listSessions(get(host.token(session))).status()).isEqualTo(200);

        assertThat(lastSeen(session)).isEqualTo(begun);
    }

    @ParameterizedTest
    @EnumSource
    void one_that_cannot_be_written_fails_no_call_and_is_counted(Profile profile) {
        SessionEndpoints endpoints = host.endpoints(profile);
        for (int i = 0; i < 2; i++) {
            host.store.cut("touch");
            host.clock.advance(Duration.ofMinutes(2));
            assertThat(isAuthenticated(endpoints)).isTrue();
            assertThat(endpoints.listSessions(get(host.token(session))).status())
                    .isEqualTo(200);
        }

        assertThat(host.service.meters().stream()
                        .filter(meter -> meter.name().equals("curfew.store.errors")
                                && meter.tags().containsValue("touch"))
                        .mapToLong(meter -> ((Meter.Counter) meter).count().getAsLong())
                        .sum())
                .isPositive();
    }
}
