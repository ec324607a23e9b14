package dev.curfew.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.SessionService;
import dev.curfew.SessionServiceBuilder;
import dev.curfew.session.Session;
import dev.curfew.token.Caller;
import dev.curfew.token.TokenVerifier;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.core.context.SecurityContextHolder;

/** A host with Spring Security and no chain of its own, below a context path. */
class HostTest {
    private static Host host;

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(ShopController.class)
    static class Shop {
        @Bean
        CurfewCustomizer<SessionServiceBuilder> eachSignOfLife() {
            return sessions -> sessions.lastSeenEvery(Duration.ofMillis(1));
        }
    }

    @BeforeAll
    static void start() {
        Map<String, Object> properties = Host.jwt();
        properties.put("server.servlet.context-path", "/shop");
        host = Host.start(properties, Shop.class);
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @Test
    void a_token_of_type_at_jwt_is_taken_and_its_session_can_log_out_below_the_context_path() {
        Session session = host.login("alice");
        String token = host.token(session);

        assertThat(host.get("/me", Host.bearer(token)).body()).isEqualTo("alice");
        assertThat(host.get("/principal", Host.bearer(token)).body()).isEqualTo("shop-web alice");
        assertThat(host.post("/api/v1/auth/logout", "", Host.bearer(token)).statusCode())
                .isEqualTo(204);

        HttpResponse<String> refused = host.get("/me", Host.bearer(token));
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate").orElseThrow())
                .contains("invalid_token");
        assertThat(refused.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(refused.body()).contains("user_logout");
    }

    @Test
    void a_logout_with_an_expired_token_reaches_curfew_and_ends_the_session() {
        Session session = host.login("bob");
        Instant now = Instant.now();
        String expired = Host.token(session, now.minusSeconds(600), now.minusSeconds(300), Map.of());

        assertThat(host.get("/me", Host.bearer(expired)).statusCode()).isEqualTo(401);
        assertThat(host.post("/api/v1/auth/logout", "", Host.bearer(expired)).statusCode())
                .isEqualTo(401);
        assertThat(host.get("/me", Host.bearer(host.token(session))).statusCode())
                .as("a token that is not expired, of the session that was logged out")
                .isEqualTo(401);
    }

    @Test
    void what_is_not_open_needs_a_caller_and_what_is_open_works_with_a_dead_token() {
        assertThat(host.get("/me").statusCode()).isEqualTo(401);
        assertThat(host.get("/nowhere").statusCode()).isEqualTo(401);
        assertThat(host.get("/hello").body()).isEqualTo("hello stranger");
        assertThat(host.get("/hello", Host.bearer("dead")).body()).isEqualTo("hello stranger");
        assertThat(host.get("/hello", Host.bearer(host.token(host.login("alice"))))
                        .body())
                .isEqualTo("hello alice");
        assertThat(host.post("/hello", "").statusCode()).isEqualTo(401);
        assertThat(host.post("/login", "alice", "User-Agent", "curl/8.0", "Content-Type", "text/plain")
                        .body())
                .startsWith("alice on curl");
        assertThat(host.get("/login").statusCode()).isEqualTo(401);
        assertThat(host.get("/assets/none").statusCode()).isEqualTo(404);
        assertThat(host.get("/assets").statusCode()).as("the folder itself").isEqualTo(401);
    }

    @Test
    void a_caller_of_an_earlier_request_is_not_believed_without_a_credential() throws Exception {
        Caller alice = host.bean(TokenVerifier.class).verify(host.token(host.login("alice")));
        SecurityContextHolder.getContext().setAuthentication(new CallerAuthentication(alice, List.of()));
        try {
            new CallerAuthenticationFilter(host.bean(HostRequests.class), caller -> List.of(), null)
                    .doFilter(
                            new MockHttpServletRequest("GET", "/me"),
                            new MockHttpServletResponse(),
                            (in, out) -> assertThat(
                                            SecurityContextHolder.getContext().getAuthentication())
                                    .isNull());
        } finally {
            SecurityContextHolder.clearContext();
        }
    }

    @Test
    void a_controller_that_demands_a_caller_on_an_open_path_is_answered_for_as_a_closed_one() {
        assertThat(host.get("/assets/whose").statusCode()).isEqualTo(401);
        assertThat(host.get("/assets/whose", Host.bearer(host.token(host.login("alice"))))
                        .body())
                .isEqualTo("alice");
    }

    @Test
    void a_request_is_a_sign_of_life_of_its_session_without_a_word_of_the_host() {
        Session session = host.login("carol");
        Instant begin = session.lastSeenAt();
        String token = host.token(session);
        Instant deadline = Instant.now().plusSeconds(60);
        Instant seen = begin;
        while (!seen.isAfter(begin) && Instant.now().isBefore(deadline)) {
            host.get("/me", Host.bearer(token));
            seen = host.bean(SessionService.class)
                    .findSession(session.ref())
                    .orElseThrow()
                    .session()
                    .lastSeenAt();
        }
        assertThat(seen).isAfter(begin);
    }

    @Test
    void a_demand_of_another_proof_is_a_challenge_and_an_outage_is_503_wherever_it_is_thrown() {
        String[] bearer = Host.bearer(host.token(host.login("alice")));

        HttpResponse<String> challenge = host.get("/recent", bearer);
        assertThat(challenge.statusCode()).isEqualTo(401);
        assertThat(challenge.headers().firstValue("WWW-Authenticate").orElseThrow())
                .contains("insufficient_user_authentication", "acr_values=\"urn:example:mfa\"", "max_age=\"300\"");

        HttpResponse<String> outage = host.get("/outage", bearer);
        assertThat(outage.statusCode()).isEqualTo(503);
        assertThat(outage.headers().firstValue("Retry-After")).isPresent();

        assertThat(host.get("/broken", bearer).statusCode()).isEqualTo(500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/outage/callable", "/outage/deferred", "/outage/future"})
    void an_outage_on_another_thread_is_503_as_on_that_of_the_request(String path) {
        HttpResponse<String> outage = host.get(path, Host.bearer(host.token(host.login("alice"))));

        assertThat(outage.statusCode()).isEqualTo(503);
        assertThat(outage.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void what_else_ends_on_another_thread_is_answered_as_on_that_of_the_request() {
        String[] bearer = Host.bearer(host.token(host.login("alice")));

        assertThat(host.get("/me/callable", bearer).body()).isEqualTo("alice");
        assertThat(host.get("/recent/callable", bearer)
                        .headers()
                        .firstValue("WWW-Authenticate")
                        .orElseThrow())
                .contains("insufficient_user_authentication");
        assertThat(host.get("/broken/callable", bearer).statusCode()).isEqualTo(500);
    }

    @Test
    void what_a_controller_does_has_the_context_of_its_request() {
        String[] headers = {"Authorization", "Bearer " + host.token(host.login("alice")), "X-Request-Id", "of-this-test"
        };
        assertThat(host.get("/context", headers).body()).isEqualTo("127.0.0.1 of-this-test");
    }
}
