package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.crypto.SecretToken;
import dev.curfew.memory.InMemoryRateLimiter;
import dev.curfew.ratelimit.RateLimitDecision;
import dev.curfew.ratelimit.RateLimiter;
import dev.curfew.session.CredentialKind;
import dev.curfew.token.SessionAuthentication.Authenticated;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Random tokens that only the store can tell from good ones. */
class FloodOfTokensTest {
    private static final int PERMITS = 60;
    private static final String ATTACKER = "203.0.113.7";

    private final Host host = Host.create();
    private final SecretToken known = host.sessionToken(Host.ALICE);
    private final SecretToken unknown = host.sessionToken(Host.BOB);

    private SessionEndpoints endpoints(RateLimiter limiter) {
        return host.endpoints()
                .sessionTokens(Host.REALM)
                .credentialCookie(Host.COOKIE)
                .withoutTouch()
                .rateLimiter(limiter)
                .build();
    }

    private SessionEndpoints endpoints() {
        return endpoints(InMemoryRateLimiter.of(PERMITS, Duration.ofMinutes(1)));
    }

    private String random() {
        return host.invented(CredentialKind.SESSION_TOKEN).reveal();
    }

    private int list(SessionEndpoints endpoints, String token, String address) {
        return endpoints
                .listSessions(Host.get(token).clientAddress(address).build())
                .status();
    }

    private void flood(SessionEndpoints endpoints, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(list(endpoints, random(), ATTACKER)).isIn(401, 429);
        }
    }

    private long finds() {
        return host.store.calls().stream().filter("find"::equals).count();
    }

    @Test
    void a_hundred_thousand_from_one_address_cost_no_more_calls_than_the_limit_allows() {
        SessionEndpoints endpoints = endpoints();
        host.store.forgetCalls();

        flood(endpoints, 100_000);

        assertThat(host.store.calls()).hasSize(PERMITS).containsOnly("find");
    }

    @Test
    void as_time_goes_by_they_cost_as_many_as_the_limiter_permits() {
        SessionEndpoints endpoints = endpoints();
        flood(endpoints, 1_000);
        host.store.forgetCalls();

        for (int second = 0; second < 60; second++) {
            host.clock.advance(Duration.ofSeconds(1));
            flood(endpoints, 100);
        }

        assertThat(finds()).isEqualTo(PERMITS);
    }

    @Test
    void several_in_one_request_are_counted_one_by_one() {
        SessionEndpoints endpoints = endpoints();
        host.store.forgetCalls();

        for (int i = 0; i < 1_000; i++) {
            EndpointRequest.Builder request = EndpointRequest.of("GET").clientAddress(ATTACKER);
            for (int cookie = 0; cookie < 4; cookie++) {
                request.header("Cookie", "__Host-at=" + random());
            }
            assertThat(endpoints.listSessions(request.build()).status()).isIn(401, 429);
        }

        assertThat(finds()).isEqualTo(PERMITS);
    }

    @Test
    void a_limiter_that_does_not_know_its_quota_costs_one_call_more() {
        int[] asked = {0};
        SessionEndpoints endpoints = endpoints((key, now) -> ++asked[0] <= PERMITS
                ? RateLimitDecision.permitted()
                : RateLimitDecision.retryAfter(Duration.ofMinutes(1)));
        host.store.forgetCalls();

        flood(endpoints, 1_000);

        assertThat(finds()).isEqualTo(PERMITS + 1);
    }

    @Test
    void what_is_known_to_be_good_passes_from_the_same_address_and_what_is_not_has_to_wait() {
        SessionEndpoints endpoints = endpoints();
        assertThat(list(endpoints, known.reveal(), ATTACKER)).isEqualTo(200);
        flood(endpoints, 1_000);

        assertThat(list(endpoints, known.reveal(), ATTACKER)).isEqualTo(200);
        EndpointResponse wait = endpoints.listSessions(
                Host.get(unknown.reveal()).clientAddress(ATTACKER).build());
        assertThat(wait.status()).isEqualTo(429);
        assertThat(wait.headers("Retry-After")).containsExactly("1");
        assertThat(list(endpoints, unknown.reveal(), "203.0.113.8"))
                .as("elsewhere")
                .isEqualTo(200);
        assertThat(list(endpoints, unknown.reveal(), ATTACKER)).as("known now").isEqualTo(200);
    }

    @Test
    void what_is_known_to_be_good_is_asked_for_all_the_same() {
        SessionEndpoints endpoints = endpoints();
        list(endpoints, known.reveal(), ATTACKER);
        flood(endpoints, 1_000);
        host.service.logout(
                ((Authenticated) host.service.credentials().authenticate(Host.REALM, known.reveal())).caller());

        assertThat(list(endpoints, known.reveal(), ATTACKER)).isEqualTo(401);
    }

    @Test
    void nobody_is_kept_from_logging_out() {
        SessionEndpoints endpoints = endpoints();
        flood(endpoints, 1_000);

        assertThat(endpoints
                        .logout(Host.post(unknown.reveal())
                                .clientAddress(ATTACKER)
                                .build())
                        .status())
                .isEqualTo(200);
        assertThat(host.isLive(unknown)).isFalse();
    }

    @Test
    void who_sends_no_token_holds_nobody_back() {
        SessionEndpoints endpoints = endpoints();
        for (int i = 0; i < 1_000; i++) {
            endpoints.listSessions(
                    EndpointRequest.of("GET").clientAddress(ATTACKER).build());
        }

        assertThat(list(endpoints, unknown.reveal(), ATTACKER)).isEqualTo(200);
    }

    @Test
    void a_clock_that_was_set_back_holds_nobody_back_for_longer() {
        SessionEndpoints endpoints = endpoints();
        flood(endpoints, 1_000);
        host.clock.advance(Duration.ofSeconds(-1));

        assertThat(list(endpoints, unknown.reveal(), ATTACKER)).isEqualTo(200);
    }

    @Test
    void access_tokens_need_no_store_and_pass() {
        SessionEndpoints endpoints = endpoints();
        flood(endpoints, 1_000);

        assertThat(list(endpoints, host.token(host.login(Host.ALICE)), ATTACKER))
                .isEqualTo(200);
    }
}
