package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.session.Session;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Logging out in the profile of the standards. */
class StandardsLogoutTest {
    private final Host host = Host.create();
    private final SessionEndpoints endpoints = host.endpoints(Profile.STANDARDS);
    private final Session session = host.login(Host.ALICE);
    private final String token = host.token(session);

    private EndpointResponse logout(EndpointRequest.Builder request) {
        return endpoints.logout(request.build());
    }

    @Test
    void success_has_no_body_and_no_content_type() {
        EndpointResponse response = logout(Host.post(token));

        assertThat(response.status()).isEqualTo(204);
        assertThat(response.body()).isEmpty();
        assertThat(response.headers())
                .containsExactly(new HeaderField("Cache-Control", "no-store"), Host.COOKIE.clear());
        assertThat(host.isLive(session)).isFalse();
    }

    @Test
    void the_second_logout_is_answered_as_the_first() {
        EndpointResponse first = logout(Host.post(token));
        EndpointResponse second = logout(Host.post(token));

        assertThat(second.status()).isEqualTo(first.status());
        assertThat(second.headers()).isEqualTo(first.headers());
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(host.count(SessionEnded.class)).isEqualTo(1);
    }

    @Test
    void fifty_at_once_are_all_answered_and_end_it_once() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Future<EndpointResponse>> answers =
                    pool.invokeAll(Collections.nCopies(50, () -> logout(Host.post(token))));
            for (Future<EndpointResponse> answer : answers) {
                assertThat(answer.get().status()).isEqualTo(204);
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(host.count(SessionEnded.class)).isEqualTo(1);
    }

    @Test
    void an_expired_token_is_an_invalid_one_but_ends_its_session() {
        host.expired(token);

        EndpointResponse response = logout(Host.post(token));

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.header("WWW-Authenticate").orElseThrow())
                .startsWith("Bearer realm=\"api\", error=\"invalid_token\", error_description=\"");
        assertThat(host.isLive(session)).isFalse();
    }

    @Test
    void without_a_token_there_is_no_error() {
        EndpointResponse response = logout(EndpointRequest.of("POST"));

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.headers("WWW-Authenticate")).containsExactly("Bearer realm=\"api\"");
    }

    @Test
    void two_sessions_are_an_invalid_request() {
        String other = host.token(host.login(Host.ALICE));

        EndpointResponse response = logout(Host.json(Host.post(token), "{\"token\":\"" + other + "\"}"));

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.header("WWW-Authenticate").orElseThrow()).contains("error=\"invalid_request\"");
        assertThat(host.isLive(session)).isTrue();
    }

    @Test
    void an_outage_tells_when_to_come_back_and_clears_nothing() {
        host.store.cut();

        EndpointResponse response = logout(Host.post(token));

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.headers("Retry-After")).containsExactly("2");
        assertThat(response.headers("Set-Cookie")).isEmpty();
        assertThat(response.headers("WWW-Authenticate")).isEmpty();
        host.store.mend();
        assertThat(logout(Host.post(token)).status()).isEqualTo(204);
    }

    @Test
    void what_nobody_expected_is500() {
        host.store.failWith(new IllegalStateException("java.sql.SQLException: " + token));

        EndpointResponse response = logout(Host.post(token));

        assertThat(response.status()).isEqualTo(500);
        assertThat(response.header("Content-Type")).contains("application/problem+json");
        assertThat(response.bodyText()).doesNotContain("sql").doesNotContain(token);
    }
}
