package dev.curfew.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a client sends, it gets an answer in words, never a look inside. */
class HostileInputTest {
    private static final String LOGIN = "/api/v1/auth/login";
    private static final String PASSWORD = "correct horse battery staple";

    private static DemoServer server;
    private static Client client;

    @BeforeAll
    static void start() throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = DemoServer.start(anyPort, DemoStorage.inMemory(), Clock.systemUTC(), Map.of("alice", PASSWORD));
        client = new Client(server.uri());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "[]",
                "42",
                "\"alice\"",
                "{\"username\":\"alice\"}",
                "{\"username\":\"alice\",\"password\":null}",
                "{\"username\":[\"alice\"],\"password\":{}}",
                "{\"username\":\"alice\",\"password\":\"x\"",
                "{\"username\":1,\"password\":2}"
            })
    void broken_json_is_a_bad_request(String body) {
        assertRefused(client.post(LOGIN, body, "Content-Type", "application/json"), 400);
    }

    @Test
    void bytes_that_are_not_utf8_are_a_bad_request() {
        byte[] body = "{\"username\":\"\u00e9\",\"password\":\"x\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertRefused(
                client.send(HttpRequest.newBuilder(server.uri().resolve(LOGIN))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(body))),
                400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"username\":\"\",\"password\":\"x\"}",
                "{\"username\":\"alice\",\"password\":\"\"}",
                "{\"username\":\"\\ud800\",\"password\":\"x\"}",
                "{\"username\":\"alice\\u0000\",\"password\":\"x\"}",
                "{\"username\":\"Alice\",\"password\":\"" + PASSWORD + "\"}"
            })
    void names_and_passwords_that_nobody_has_are_wrong(String body) {
        assertRefused(client.post(LOGIN, body, "Content-Type", "application/json"), 401);
    }

    @Test
    void json_that_is_ten_thousand_levels_deep_is_a_bad_request() {
        String deep = "{\"username\":" + "[".repeat(7_000) + "]".repeat(7_000) + "}";
        assertRefused(client.post(LOGIN, deep, "Content-Type", "application/json"), 400);
        String deeper = "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000);
        assertRefused(client.post(LOGIN, deeper, "Content-Type", "application/json"), 413);
        assertRefused(client.post("/api/v1/auth/logout", deep, "Content-Type", "application/json"), 400, 401);
    }

    @Test
    void a_megabyte_is_too_large() {
        String body = "{\"username\":\"" + "a".repeat(1 << 20) + "\"}";
        assertRefused(client.post(LOGIN, body, "Content-Type", "application/json"), 413);
        assertRefused(client.post("/api/v1/auth/logout", body, "Content-Type", "application/json"), 401, 413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/jsonp", ";", "\u00fc"})
    void anotherTypeThanJsonIsRefused(String type) {
        String body = "{\"username\":\"alice\",\"password\":\"x\"}";
        String raw = "POST " + LOGIN + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: " + type
                + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        assertThat(raw(raw))
                .startsWith("HTTP/1.1 415 ")
                .doesNotContain("Exception")
                .doesNotContain("\tat ");
    }

    @Test
    void a_type_given_twice_is_refused() {
        assertRefused(
                client.post(LOGIN, "{}", "Content-Type", "application/json", "Content-Type", "application/json"), 415);
    }

    @Test
    void two_tokens_in_one_request_are_refused() {
        String token = client.login("alice", PASSWORD).token();
        assertRefused(
                client.get("/api/me", "Authorization", "Bearer " + token, "Authorization", "Bearer " + token),
                400,
                401);
        assertThat(client.get("/api/me", "Authorization", "Bearer " + token).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Bearer", "Bearer ", "Bearer x", "Bearer a.b.c", "Basic YTpi", "", "Bearer a b", "bearer\tx"})
    void whatever_is_no_token_is_refused(String authorization) {
        assertRefused(client.get("/api/me", "Authorization", authorization), 400, 401);
    }

    @Test
    void an_endless_token_is_refused() {
        assertRefused(client.get("/api/me", "Authorization", "Bearer " + "a".repeat(100_000)), 400, 401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nothing",
                "/api/v1/auth/loginx",
                "/api/v1/auth/login/",
                "/..%2f..%2fetc%2fpasswd",
                "//app.js",
                "/app.js%00",
                "/logback.xml"
            })
    void what_is_not_there_is_not_found(String path) {
        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 404 ").doesNotContain("Exception");
    }

    @Test
    void another_method_is_refused_with_the_right_ones() {
        HttpResponse<String> login = client.get(LOGIN);
        assertRefused(login, 405);
        assertThat(login.headers().firstValue("Allow")).contains("POST");
        HttpResponse<String> logout = client.get("/api/v1/auth/logout");
        assertRefused(logout, 405);
        assertThat(logout.headers().firstValue("Allow")).contains("POST");
    }

    @Test
    void a_broken_language_header_changes_nothing() {
        assertRefused(client.get(LOGIN, "Accept-Language", "es;q=nonsense,,;"), 405);
        assertThat(client.get(LOGIN, "Accept-Language", "es-MX").body()).contains("Este método");
    }

    private static void assertRefused(HttpResponse<String> answer, Integer... statuses) {
        assertThat(answer.statusCode()).isIn((Object[]) statuses);
        assertThat(answer.body()).isNotEmpty().doesNotContain("Exception").doesNotContain("\tat ");
    }

    private static String raw(String request) {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError("the server did not answer", e);
        }
    }
}
