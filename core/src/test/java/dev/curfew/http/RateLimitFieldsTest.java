package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.memory.InMemoryRateLimiter;
import dev.curfew.ratelimit.RateLimit;
import dev.curfew.ratelimit.RateLimitDecision;
import dev.curfew.ratelimit.RateLimitKey.Action;
import dev.curfew.ratelimit.RateLimiter;
import dev.curfew.ratelimit.RateLimits;
import dev.curfew.session.Session;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code RateLimit-Policy} and {@code RateLimit}, draft-ietf-httpapi-ratelimit-headers-10. RAT-02, RAT-03. */
class RateLimitFieldsTest {
    /** RFC 9651: a List with one String Item whose parameters are non-negative Integers of at most 15 digits. */
    private static final Pattern POLICY = Pattern.compile("\"[a-z]+\";q=[0-9]{1,15};w=[1-9][0-9]{0,14}");

    private static final Pattern STATE = Pattern.compile("\"[a-z]+\";r=[0-9]{1,15};t=[0-9]{1,15}");

    private final Host host = Host.create();
    private final Session session = host.login(Host.ALICE);
    private final String token = host.token(session);
    private final RateLimits limits = RateLimits.defaults().with(Action.LIST, RateLimit.perMinute(3));

    private SessionEndpoints endpoints(Profile profile, RateLimiter limiter) {
        return host.endpoints().profile(profile).rateLimiter(limiter).build();
    }

    private SessionEndpoints standards() {
        return endpoints(Profile.STANDARDS, InMemoryRateLimiter.of(limits));
    }

    private static void assertFields(EndpointResponse response, String policy, String state) {
        assertThat(response.headers("RateLimit-Policy")).containsExactly(policy).allMatch(POLICY.asMatchPredicate());
        assertThat(response.headers("RateLimit")).containsExactly(state).allMatch(STATE.asMatchPredicate());
        assertThat(response.headers("Cache-Control")).containsExactly("no-store");
    }

    private static void assertNoFields(EndpointResponse response) {
        assertThat(response.headers()).noneMatch(header -> header.name().startsWith("RateLimit"));
    }

    @Test
    void every_counted_answer_tells_what_is_left() {
        SessionEndpoints endpoints = standards();

        for (String state : List.of("\"list\";r=2;t=20", "\"list\";r=1;t=20", "\"list\";r=0;t=20")) {
            EndpointResponse list = endpoints.listSessions(Host.get(token).build());
            assertThat(list.status()).isEqualTo(200);
            assertThat(list.header("Retry-After")).isEmpty();
            assertFields(list, "\"list\";q=3;w=60", state);
        }
        EndpointResponse tooMany = endpoints.listSessions(Host.get(token).build());

        assertThat(tooMany.status()).isEqualTo(429);
        assertFields(tooMany, "\"list\";q=3;w=60", "\"list\";r=0;t=20");
        assertThat(tooMany.headers("Retry-After")).containsExactly("20");
        assertThat(tooMany.headers("Content-Type")).containsExactly("application/problem+json");
        assertThat(tooMany.bodyText())
                .startsWith("{\"type\":\"https://iana.org/assignments/http-problem-types#quota-exceeded\",")
                .endsWith(",\"violated-policies\":[\"list\"]}");
    }

    @Test
    void seconds_are_rounded_up_so_that_whoever_waits_as_told_is_served() {
        SessionEndpoints endpoints = standards();
        for (int i = 0; i < 3; i++) {
            endpoints.listSessions(Host.get(token).build());
        }
        host.clock.advance(Duration.ofMillis(500));
        EndpointResponse tooMany = endpoints.listSessions(Host.get(token).build());

        assertThat(tooMany.headers("RateLimit")).containsExactly("\"list\";r=0;t=20");
        assertThat(tooMany.headers("Retry-After")).containsExactly("20");
        host.clock.advance(Duration.ofSeconds(20));
        assertThat(endpoints.listSessions(Host.get(token).build()).status()).isEqualTo(200);
    }

    @Test
    void answers_without_a_body_and_refusals_after_the_count_have_the_fields_too() {
        SessionEndpoints endpoints = standards();

        EndpointResponse unknown =
                endpoints.revokeSession(Host.delete(token).pathId("unknown").build());
        EndpointResponse others =
                endpoints.revokeOtherSessions(Host.delete(token).build());
        EndpointResponse logout = endpoints.logout(Host.post(token).build());
        EndpointResponse revoked = endpoints.listSessions(Host.get(token).build());

        assertThat(List.of(unknown.status(), others.status(), logout.status(), revoked.status()))
                .containsExactly(404, 204, 204, 401);
        assertFields(unknown, "\"revoke\";q=60;w=60", "\"revoke\";r=59;t=1");
        assertFields(others, "\"revoke\";q=60;w=60", "\"revoke\";r=58;t=1");
        assertFields(logout, "\"logout\";q=30;w=60", "\"logout\";r=29;t=2");
        assertFields(revoked, "\"list\";q=3;w=60", "\"list\";r=2;t=20");
    }

    @Test
    void bad_tokens_are_told_their_quota_where_their_address_is_known() {
        SessionEndpoints endpoints = standards();
        EndpointRequest known =
                EndpointRequest.of("GET").clientAddress("203.0.113.7").build();

        assertFields(
                endpoints.logout(Host.post("bad").clientAddress("203.0.113.7").build()),
                "\"unauthenticated\";q=60;w=60",
                "\"unauthenticated\";r=59;t=1");
        AuthenticationResult refused = endpoints.authentication().authenticate(known);
        assertThat(refused).isInstanceOf(AuthenticationResult.Refused.class);
        assertFields(
                ((AuthenticationResult.Refused) refused).response(),
                "\"unauthenticated\";q=60;w=60",
                "\"unauthenticated\";r=58;t=1");
        assertNoFields(endpoints.logout(Host.post("bad").build()));
    }

    @Test
    void a_cookie_that_is_cleared_does_not_hide_the_quota() {
        SessionEndpoints endpoints = host.endpoints()
                .profile(Profile.STANDARDS)
                .credentialCookie(Host.COOKIE)
                .rateLimiter(InMemoryRateLimiter.of(1, Duration.ofMinutes(1)))
                .build();
        EndpointRequest bad = EndpointRequest.of("POST")
                .header("Cookie", "__Host-at=bad")
                .header("Sec-Fetch-Site", "same-origin")
                .clientAddress("203.0.113.7")
                .build();

        EndpointResponse first = endpoints.logout(bad);
        EndpointResponse second = endpoints.logout(bad);

        assertThat(first.status()).isEqualTo(401);
        assertThat(first.headers("Set-Cookie")).hasSize(1);
        assertFields(first, "\"unauthenticated\";q=1;w=60", "\"unauthenticated\";r=0;t=60");
        assertThat(second.status()).isEqualTo(429);
        assertThat(second.headers("Set-Cookie")).isEmpty();
        assertThat(second.headers("Retry-After")).containsExactly("60");
    }

    @Test
    void periods_that_are_no_whole_seconds_are_told_as_longer_ones() {
        SessionEndpoints endpoints =
                endpoints(Profile.STANDARDS, InMemoryRateLimiter.of(Integer.MAX_VALUE, Duration.ofMillis(2_500)));

        assertFields(
                endpoints.listSessions(Host.get(token).build()),
                "\"list\";q=2147483647;w=3",
                "\"list\";r=2147483646;t=1");
    }

    @Test
    void the_guides_profile_says_nothing_but429_and_when_to_come_back() {
        SessionEndpoints endpoints = endpoints(Profile.GUIDE, InMemoryRateLimiter.of(1, Duration.ofMinutes(1)));

        assertNoFields(endpoints.listSessions(Host.get(token).build()));
        EndpointResponse tooMany = endpoints.listSessions(Host.get(token).build());
        assertThat(tooMany.status()).isEqualTo(429);
        assertThat(tooMany.headers("Retry-After")).containsExactly("60");
        assertThat(tooMany.headers("Cache-Control")).containsExactly("no-store");
        assertThat(tooMany.bodyText()).doesNotContain("violated");
        assertNoFields(tooMany);
        assertNoFields(
                endpoints.logout(Host.post("x").clientAddress("203.0.113.7").build()));
    }

    @Test
    void a_limiter_that_knows_no_quota_works_without_the_fields() {
        EndpointResponse permitted = endpoints(Profile.STANDARDS, (key, now) -> RateLimitDecision.permitted())
                .listSessions(Host.get(token).build());
        EndpointResponse refused = endpoints(
                        Profile.STANDARDS, (key, now) -> RateLimitDecision.retryAfter(Duration.ofSeconds(5)))
                .listSessions(Host.get(token).build());

        assertThat(permitted.status()).isEqualTo(200);
        assertNoFields(permitted);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.headers("Retry-After")).containsExactly("5");
        assertThat(refused.bodyText()).contains("\"violated-policies\":[\"list\"]");
        assertNoFields(refused);
        assertNoFields(endpoints(Profile.STANDARDS, RateLimiter.unlimited())
                .logout(Host.post(token).build()));
    }

    /** A limiter of the host's own may answer what no header can say. */
    @ParameterizedTest
    @EnumSource
    void a_limiter_that_says_for_ever_is_answered_in_numbers_that_clients_can_read(Profile profile) {
        Duration forEver = ChronoUnit.FOREVER.getDuration();
        RateLimit limit = RateLimit.perMinute(Integer.MAX_VALUE);
        for (RateLimitDecision decision : List.of(
                RateLimitDecision.retryAfter(forEver),
                RateLimitDecision.retryAfter(forEver, limit),
                RateLimitDecision.retryAfter(Duration.ofSeconds(Long.MAX_VALUE)))) {
            SessionEndpoints endpoints = endpoints(profile, (key, now) -> decision);
            for (EndpointResponse answer : List.of(
                    endpoints.listSessions(Host.get(token).build()),
                    endpoints.logout(Host.post(token).build()),
                    endpoints.logout(Host.post("x").clientAddress("203.0.113.7").build()))) {
                assertThat(answer.status()).isEqualTo(429);
                assertThat(answer.headers("Retry-After")).containsExactly("2147483647");
                assertThat(answer.headers("RateLimit")).allMatch(STATE.asMatchPredicate());
            }
        }
        assertThat(host.isLive(session)).isTrue();
        SessionEndpoints never = endpoints(
                profile,
                (key, now) -> RateLimitDecision.permitted(new RateLimitDecision.Quota(limit, Long.MAX_VALUE, forEver)));

        assertThat(never.listSessions(Host.get(token).build()).status()).isEqualTo(200);
        EndpointResponse logout = never.logout(Host.post(token).build());
        assertThat(logout.status())
                .as("what was revoked is acknowledged")
                .isEqualTo(profile == Profile.GUIDE ? 200 : 204);
        assertThat(logout.headers("RateLimit-Policy")).allMatch(POLICY.asMatchPredicate());
        assertThat(logout.headers("RateLimit")).allMatch(STATE.asMatchPredicate());
        assertThat(host.isLive(session)).isFalse();
    }

    @Test
    void a_limiter_that_answers_nothing_is_a_broken_one_and_locks_nobody_out() {
        SessionEndpoints endpoints = endpoints(Profile.STANDARDS, (key, now) -> null);

        assertThat(endpoints.logout(Host.post(token).build()).status()).isEqualTo(204);
    }

    @Test
    void who_is_counted_is_not_told() {
        EndpointResponse response = standards()
                .listSessions(Host.get(token).clientAddress("203.0.113.7").build());

        assertThat(response.headers("RateLimit-Policy")).noneMatch(value -> value.contains("pk="));
        assertThat(response.headers("RateLimit")).noneMatch(value -> value.contains("pk="));
    }
}
