package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.ratelimit.RateLimitDecision;
import dev.curfew.ratelimit.RateLimitKey;
import dev.curfew.ratelimit.RateLimitKey.Action;
import dev.curfew.session.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Too many calls, and that nobody's logout is locked out by others. */
class CallLimitsTest {
    private final Host host = Host.create();
    private final Session session = host.login(Host.ALICE);
    private final String token = host.token(session);
    private final List<RateLimitKey> asked = new ArrayList<>();
    private final Set<RateLimitKey> exhausted = new HashSet<>();
    private Duration delay = Duration.ofMillis(1500);

    private SessionEndpoints endpoints(Profile profile) {
        return host.endpoints()
                .profile(profile)
                .rateLimiter((key, now) -> {
                    assertThat(now).isEqualTo(host.clock.instant());
                    asked.add(key);
                    return exhausted.contains(key)
                            ? RateLimitDecision.retryAfter(delay)
                            : RateLimitDecision.permitted();
                })
                .build();
    }

    @Test
    void each_endpoint_has_its_own_bucket() {
        SessionEndpoints endpoints = endpoints(Profile.GUIDE);
        endpoints.listSessions(Host.get(token).build());
        endpoints.revokeSession(Host.delete(token).pathId("x").build());
        endpoints.revokeOtherSessions(Host.delete(token).build());
        endpoints.revokeSession(
                Host.delete(token).pathId(session.handle().value()).build());
        endpoints.logout(Host.post(token).build());

        assertThat(asked)
                .extracting(RateLimitKey::action)
                .containsExactly(Action.LIST, Action.REVOKE, Action.REVOKE, Action.LOGOUT, Action.LOGOUT);
        assertThat(asked).extracting(RateLimitKey::caller).doesNotContain(token).hasSize(5);
        assertThat(new HashSet<>(asked)).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource
    void too_many_calls_change_nothing_and_say_when_to_come_back(Profile profile) {
        SessionEndpoints endpoints = endpoints(profile);
        endpoints.revokeOtherSessions(Host.delete(token).build());
        exhausted.addAll(asked);
        Session other = host.login(Host.ALICE);
        host.store.forgetCalls();

        EndpointResponse response =
                endpoints.revokeOtherSessions(Host.delete(token).build());

        assertThat(response.status()).isEqualTo(429);
        assertThat(response.headers("Retry-After")).containsExactly("2");
        assertThat(response.headers("Cache-Control")).containsExactly("no-store");
        assertThat(host.store.calls()).isEmpty();
        assertThat(host.isLive(other)).isTrue();
        if (profile == Profile.STANDARDS) {
            assertThat(response.bodyText())
                    .contains("\"type\":\"https://iana.org/assignments/http-problem-types#quota-exceeded\"");
        }
    }

    @ParameterizedTest
    @CsvSource({"PT0.000000001S, 1", "PT1S, 1", "PT1.000000001S, 2", "PT1H, 3600"})
    void seconds_are_rounded_up(Duration until, String seconds) {
        delay = until;
        exhausted.add(new RateLimitKey(Action.UNAUTHENTICATED, "203.0.113.7"));

        assertThat(endpoints(Profile.GUIDE)
                        .logout(Host.post("x").clientAddress("203.0.113.7").build())
                        .headers("Retry-After"))
                .containsExactly(seconds);
    }

    @Test
    void bad_tokens_are_counted_by_address_and_a_good_one_from_there_still_passes() {
        exhausted.add(new RateLimitKey(Action.UNAUTHENTICATED, "203.0.113.7"));
        SessionEndpoints endpoints = endpoints(Profile.GUIDE);

        assertThat(endpoints
                        .logout(Host.post("x").clientAddress("203.0.113.7").build())
                        .status())
                .isEqualTo(429);
        assertThat(endpoints
                        .logout(EndpointRequest.of("POST")
                                .clientAddress("203.0.113.7")
                                .build())
                        .status())
                .isEqualTo(429);
        assertThat(endpoints
                        .logout(Host.post("x").clientAddress("203.0.113.8").build())
                        .status())
                .isEqualTo(401);
        assertThat(endpoints.logout(Host.post("x").build()).status())
                .as("no address")
                .isEqualTo(401);
        assertThat(endpoints
                        .logout(Host.post(token).clientAddress("203.0.113.7").build())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void a_thief_with_one_session_cannot_keep_the_user_from_ending_it() {
        Session stolen = host.login(Host.ALICE);
        String thief = host.token(stolen);
        SessionEndpoints endpoints = endpoints(Profile.GUIDE);
        endpoints.listSessions(Host.get(thief).build());
        endpoints.revokeSession(Host.delete(thief).pathId("x").build());
        endpoints.logout(Host.post(thief).build());
        exhausted.addAll(asked);

        assertThat(endpoints.revokeOtherSessions(Host.delete(token).build()).status())
                .isEqualTo(200);
        assertThat(endpoints.logout(Host.post(token).build()).status()).isEqualTo(200);
    }

    @Test
    void lists_and_single_ends_are_counted_for_the_subject_at_its_network() {
        SessionEndpoints endpoints = endpoints(Profile.GUIDE);
        String otherSession = host.token(host.login(Host.ALICE));
        String bob = host.token(host.login(Host.BOB));
        for (String caller : List.of(token, otherSession, bob)) {
            for (String address : List.of("203.0.113.7", "203.0.113.8", "2001:db8::1", "2001:db8::2:0:0:1")) {
                endpoints.listSessions(Host.get(caller).clientAddress(address).build());
            }
        }

        List<String> callers = asked.stream().map(RateLimitKey::caller).toList();
        assertThat(callers.subList(0, 4)).as("two sessions of a subject").isEqualTo(callers.subList(4, 8));
        assertThat(new HashSet<>(callers)).as("two subjects at three networks").hasSize(6);
        assertThat(callers.get(2)).as("one /64").isEqualTo(callers.get(3));
        assertThat(callers).allMatch(caller -> caller.matches("[0-9a-f]{32}"));
    }

    @Test
    void neither_a_thief_elsewhere_nor_a_neighbour_uses_up_a_persons_permits() {
        SessionEndpoints endpoints = endpoints(Profile.GUIDE);
        String stolen = host.token(host.login(Host.ALICE));
        String neighbour = host.token(host.login(Host.BOB));
        for (EndpointRequest.Builder request : List.of(
                Host.delete(stolen).clientAddress("198.51.100.1"),
                Host.delete(neighbour).clientAddress("203.0.113.7"))) {
            endpoints.revokeSession(request.pathId("x").build());
        }
        for (EndpointRequest.Builder request : List.of(
                Host.get(stolen).clientAddress("198.51.100.1"),
                Host.get(neighbour).clientAddress("203.0.113.7"))) {
            endpoints.listSessions(request.build());
        }
        exhausted.addAll(asked);

        assertThat(endpoints
                        .revokeSession(Host.delete(token)
                                .clientAddress("203.0.113.7")
                                .pathId("x")
                                .build())
                        .status())
                .isEqualTo(404);
        assertThat(endpoints
                        .listSessions(
                                Host.get(token).clientAddress("203.0.113.7").build())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void a_thief_behind_the_same_address_cannot_keep_a_person_from_ending_all_others_nor_from_logging_out() {
        SessionEndpoints endpoints = endpoints(Profile.GUIDE);
        String stolen = host.token(host.login(Host.ALICE));
        endpoints.listSessions(Host.get(stolen).clientAddress("203.0.113.7").build());
        endpoints.revokeSession(
                Host.delete(stolen).clientAddress("203.0.113.7").pathId("x").build());
        exhausted.addAll(asked);

        assertThat(endpoints
                        .revokeSession(Host.delete(token)
                                .clientAddress("203.0.113.7")
                                .pathId("x")
                                .build())
                        .status())
                .as("shared with whoever has a token of the person and the address of the person")
                .isEqualTo(429);
        assertThat(endpoints
                        .revokeOtherSessions(
                                Host.delete(token).clientAddress("203.0.113.7").build())
                        .status())
                .isEqualTo(200);
        assertThat(endpoints
                        .logout(Host.post(token).clientAddress("203.0.113.7").build())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void without_an_address_the_session_is_counted_and_without_a_session_the_token() {
        SessionEndpoints endpoints = endpoints(Profile.GUIDE);
        for (String caller : List.of(
                token,
                host.token(session),
                host.token(host.login(Host.ALICE)),
                host.sign(host.claims(Host.ALICE)),
                host.sign(host.claims(Host.ALICE)))) {
            endpoints.listSessions(Host.get(caller).build());
        }

        assertThat(asked).hasSize(5).extracting(RateLimitKey::action).containsOnly(Action.LIST);
        assertThat(asked.get(0)).as("two tokens of one session").isEqualTo(asked.get(1));
        assertThat(new HashSet<>(asked)).hasSize(4);
    }

    @Test
    void an_expired_token_cannot_use_up_the_logout_of_another_session() {
        String old = host.token(host.login(Host.ALICE));
        host.expired(old);
        String fresh = host.token(session);
        SessionEndpoints endpoints = endpoints(Profile.GUIDE);
        endpoints.logout(Host.post(old).build());
        exhausted.addAll(asked);

        assertThat(endpoints.logout(Host.post(old).build()).status()).isEqualTo(429);
        assertThat(endpoints.logout(Host.post(fresh).build()).status()).isEqualTo(200);
    }

    @Test
    void a_broken_limiter_locks_nobody_out() {
        SessionEndpoints endpoints = host.endpoints()
                .rateLimiter((key, now) -> {
                    throw new IllegalStateException("limiter of " + key);
                })
                .build();

        assertThat(endpoints
                        .logout(Host.post("x").clientAddress("203.0.113.7").build())
                        .status())
                .isEqualTo(401);
        assertThat(endpoints.logout(Host.post(token).build()).status()).isEqualTo(200);
    }

    @Test
    void an_endless_address_is_cut() {
        endpoints(Profile.GUIDE)
                .logout(Host.post("x").clientAddress("1".repeat(100_000)).build());

        assertThat(asked)
                .singleElement()
                .extracting(key -> key.caller().length())
                .isEqualTo(64);
    }
}
