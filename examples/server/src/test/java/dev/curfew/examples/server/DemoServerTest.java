package dev.curfew.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.examples.server.Client.Signed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a person can do with the example, over the network. */
class DemoServerTest {
    private static final String ALICES = "correct horse battery staple";
    private static final String BOBS = "tr0ub4dor&3";

    private static final MovableClock CLOCK = new MovableClock();
    private static DemoServer server;
    private static Client client;

    @BeforeAll
    static void start() throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = DemoServer.start(anyPort, DemoStorage.inMemory(), CLOCK, Map.of("alice", ALICES, "bob", BOBS));
        client = new Client(server.uri());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void a_token_opens_the_protected_path() {
        Signed alice = client.login("alice", ALICES);
        HttpResponse<String> me = client.get("/api/me", alice);
        assertThat(me.statusCode()).isEqualTo(200);
        assertThat(Client.json(me)).containsEntry("user", "alice").containsEntry("session", alice.session());
        assertThat(client.get("/api/me").statusCode()).isEqualTo(401);
    }

    @Test
    void the_probe_says_that_the_server_is_ready() {
        HttpResponse<String> health = client.get("/health");

        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).contains("\"ready\":true");
    }

    @Test
    void wrong_password_and_unknown_user_get_the_same_answer() {
        HttpResponse<String> wrong = loginWith("alice", BOBS);
        HttpResponse<String> unknown = loginWith("mallory", BOBS);
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(unknown.body()).isEqualTo(wrong.body()).contains("\"success\":false");
    }

    @Test
    void ending_the_other_sessions_refuses_their_tokens_at_once_and_spares_the_caller() {
        Signed laptop = client.login("alice", ALICES);
        Signed phone = client.login("alice", ALICES);
        Signed bob = client.login("bob", BOBS);
        assertThat(client.get("/api/me", phone).statusCode()).isEqualTo(200);

        HttpResponse<String> answer = client.delete("/api/auth/sessions", laptop);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(client.get("/api/me", phone).statusCode()).isEqualTo(401);
        assertThat(client.get("/api/me", laptop).statusCode()).isEqualTo(200);
        assertThat(client.get("/api/me", bob).statusCode()).isEqualTo(200);
        assertThat(sessionsOf(laptop)).hasSize(1);
    }

    @Test
    void logging_in_right_after_ending_the_others_works() {
        Signed laptop = client.login("alice", ALICES);
        client.delete("/api/auth/sessions", laptop);
        Signed phone = client.login("alice", ALICES);
        assertThat(client.get("/api/me", phone).statusCode()).isEqualTo(200);
    }

    @Test
    void logout_answers_in_spanish_and_ends_the_session() {
        Signed alice = client.login("alice", ALICES);

        HttpResponse<String> answer = client.logout(alice, "es");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"success\":true,\"message\":\"Sesión cerrada exitosamente\"}");
        assertThat(client.get("/api/me", alice).statusCode()).isEqualTo(401);
        assertThat(client.logout(alice, "es").statusCode()).isEqualTo(401);
    }

    @Test
    void an_expired_token_is_refused_and_still_ends_its_session() {
        Signed alice = onlySession();
        CLOCK.advance(TokenIssuer.LIFETIME.plus(Duration.ofSeconds(10)));
        assertThat(client.get("/api/me", alice).statusCode()).isBetween(401, 403);

        HttpResponse<String> answer = client.logout(alice, "es");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo("{\"success\":false,\"message\":\"El token ha expirado\"}");
        assertThat(sessionsOf(client.login("alice", ALICES))).hasSize(1);
    }

    @Test
    void nobody_can_end_anothers_session() {
        Signed alice = client.login("alice", ALICES);
        Signed bob = client.login("bob", BOBS);

        HttpResponse<String> foreign = client.delete("/api/auth/sessions/" + bob.session(), alice);
        HttpResponse<String> malformed = client.delete("/api/auth/sessions/nonsense", alice);

        assertThat(foreign.statusCode()).isEqualTo(404);
        assertThat(malformed.body()).isEqualTo(foreign.body());
        assertThat(client.get("/api/me", bob).statusCode()).isEqualTo(200);
    }

    @Test
    void one_device_can_be_ended_by_its_id() {
        Signed laptop = client.login("alice", ALICES);
        Signed phone = client.login("alice", ALICES);
        assertThat(client.delete("/api/auth/sessions/" + phone.session(), laptop)
                        .statusCode())
                .isEqualTo(200);
        assertThat(client.get("/api/me", phone).statusCode()).isEqualTo(401);
        assertThat(client.get("/api/me", laptop).statusCode()).isEqualTo(200);
    }

    @Test
    void the_list_flags_the_current_session_and_holds_no_token() {
        onlySession();
        Signed laptop = client.login("alice", ALICES);
        HttpResponse<String> answer = client.get("/api/auth/sessions", laptop);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).doesNotContain(laptop.token());
        assertThat(sessionsOf(laptop))
                .hasSize(2)
                .filteredOn(session -> Boolean.TRUE.equals(session.get("current")))
                .singleElement()
                .satisfies(current -> assertThat(current).containsEntry("id", laptop.session()));
    }

    @Test
    void the_page_comes_with_a_strict_policy_and_its_parts() {
        for (String path : List.of(
                "/",
                "/app.js",
                "/refresh.js",
                "/app.css",
                "/curfew/devices.js",
                "/curfew/devices.css",
                "/favicon.svg")) {
            HttpResponse<String> answer = client.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                    .as(path)
                    .contains("default-src 'none'")
                    .doesNotContain("unsafe");
        }
        assertThat(client.get("/").body()).doesNotContain("<script>").doesNotContain("style=");
    }

    /** A sign-in beside which alice has no other. */
    private static Signed onlySession() {
        Signed alice = client.login("alice", ALICES);
        assertThat(client.delete("/api/auth/sessions", alice).statusCode()).isEqualTo(200);
        return alice;
    }

    private static HttpResponse<String> loginWith(String user, String password) {
        return client.post(
                "/api/v1/auth/login",
                "{\"username\":\"" + user + "\",\"password\":\"" + password + "\"}",
                "Content-Type",
                "application/json");
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> sessionsOf(Signed signed) {
        return (List<Map<String, Object>>)
                Client.json(client.get("/api/auth/sessions", signed)).get("sessions");
    }
}
