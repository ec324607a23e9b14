package dev.curfew.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways in which a page stays signed in, over the network. */
class StayingInTest {
    private static final String PASSWORD = "correct horse battery staple";
    private static final String LOGIN = "/api/v1/auth/login";
    private static final String REFRESH = "/api/v1/auth/refresh";
    private static final String LOGOUT = "/api/v1/auth/logout";
    private static final String KEY = "attempt-key-0001";
    private static final String OTHER_KEY = "attempt-key-0002";

    private final MovableClock clock = new MovableClock();
    private DemoServer server;
    private Client client;

    @BeforeEach
    void start() throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = DemoServer.start(anyPort, DemoStorage.inMemory(), clock, Map.of("alice", PASSWORD, "bob", PASSWORD));
        client = new Client(server.uri());
        // Beyond the birth of the store: a login at that instant begins a little later than the clock says.
        clock.advance(Duration.ofMinutes(1));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> login(String more, String... headers) {
        String body = "{\"username\":\"alice\",\"password\":\"" + PASSWORD + "\"," + more + "}";
        return client.post(LOGIN, body, headersWithJson(headers));
    }

    private static String[] headersWithJson(String... headers) {
        return Stream.concat(Stream.of("Content-Type", "application/json"), Stream.of(headers))
                .toArray(String[]::new);
    }

    /** As a page of this origin sends it. */
    private HttpResponse<String> post(String path, String cookie, String key) {
        return client.post(path, "", "Cookie", cookie, "Sec-Fetch-Site", "same-origin", "Idempotency-Key", key);
    }

    private HttpResponse<String> me(String header, String value) {
        return client.get("/api/me", header, value);
    }

    private static String setCookie(HttpResponse<String> answer, String name) {
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.headers().allValues("Set-Cookie").stream()
                .filter(header -> header.startsWith(name + "="))
                .findFirst()
                .orElseThrow();
    }

    private static String cookie(HttpResponse<String> answer, String name) {
        String header = setCookie(answer, name);
        return header.substring(0, header.indexOf(';'));
    }

    @Test
    void a_refresh_cookie_brings_access_tokens_until_the_logout() {
        HttpResponse<String> login = login("\"stay\":\"refresh\"");
        String first = cookie(login, "demo-refresh");
        assertThat(setCookie(login, "demo-refresh"))
                .contains("; Path=/api/v1/auth;", "; HttpOnly", "; SameSite=Strict")
                .doesNotContain("Max-Age");
        assertThat(login.body()).doesNotContain("cfr1_");
        assertThat(me("Authorization", "Bearer " + Client.json(login).get("token"))
                        .statusCode())
                .isEqualTo(200);
        clock.advance(TokenIssuer.LIFETIME.plusMinutes(1));

        HttpResponse<String> refreshed = post(REFRESH, first, KEY);

        String second = cookie(refreshed, "demo-refresh");
        assertThat(second).isNotEqualTo(first);
        String access = "Bearer " + Client.json(refreshed).get("accessToken");
        assertThat(me("Authorization", access).statusCode()).isEqualTo(200);
        assertThat(cookie(post(REFRESH, first, KEY), "demo-refresh"))
                .as("the answer was lost")
                .isEqualTo(second);

        HttpResponse<String> logout = post(LOGOUT, second, KEY);
        assertThat(setCookie(logout, "demo-refresh")).contains("Max-Age=0");
        assertThat(me("Authorization", access).statusCode()).isEqualTo(401);
        HttpResponse<String> late = post(REFRESH, second, OTHER_KEY);
        assertThat(late.statusCode()).isEqualTo(401);
        assertThat(late.headers().allValues("Set-Cookie")).isEmpty();
    }

    @Test
    void another_tab_that_is_too_late_is_told_to_look_again() {
        String first = cookie(login("\"stay\":\"refresh\""), "demo-refresh");
        String second = cookie(post(REFRESH, first, KEY), "demo-refresh");

        HttpResponse<String> late = post(REFRESH, first, OTHER_KEY);

        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(late.headers().firstValue("Retry-After")).contains("1");
        assertThat(late.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(post(REFRESH, second, OTHER_KEY).statusCode()).isEqualTo(200);
    }

    @Test
    void a_session_cookie_is_enough_and_no_token_stands_in_the_answer() {
        HttpResponse<String> login = login("\"stay\":\"cookie\"");
        String session = cookie(login, "demo-session");

        assertThat(setCookie(login, "demo-session"))
                .contains("; Path=/;", "; HttpOnly")
                .doesNotContain("Max-Age");
        assertThat(Client.json(login)).containsOnlyKeys("session");
        assertThat(me("Cookie", session).body()).contains("alice");
        assertThat(client.post(LOGOUT, "", "Cookie", session, "Sec-Fetch-Site", "cross-site")
                        .statusCode())
                .isEqualTo(403);
        assertThat(post(LOGOUT, session, KEY).statusCode()).isEqualTo(200);
        assertThat(me("Cookie", session).statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"refresh", "cookie"})
    void whoever_is_remembered_stays_signed_in_for_thirty_days_and_others_for_an_hour(String way) {
        String name = way.equals("cookie") ? "demo-session" : "demo-refresh";
        HttpResponse<String> usual = login("\"stay\":\"" + way + "\"");
        HttpResponse<String> remembered = login("\"stay\":\"" + way + "\",\"remember\":true");
        assertThat(setCookie(remembered, name)).contains("; Max-Age=2592000;");
        assertThat(isIn(way, cookie(usual, name), KEY)).isTrue();
        clock.advance(Duration.ofDays(29));

        assertThat(isIn(way, cookie(usual, name), OTHER_KEY)).isFalse();
        assertThat(isIn(way, cookie(remembered, name), OTHER_KEY)).isTrue();
        clock.advance(Duration.ofDays(2));
        assertThat(isIn(way, cookie(remembered, name), OTHER_KEY)).isFalse();
    }

    private boolean isIn(String way, String cookie, String key) {
        HttpResponse<String> answer = way.equals("cookie") ? me("Cookie", cookie) : post(REFRESH, cookie, key);
        return answer.statusCode() == 200;
    }

    @Test
    void a_browser_that_does_not_say_whose_page_it_is_is_told_by_its_origin() {
        String origin = "http://127.0.0.1:" + server.uri().getPort();
        String refresh = cookie(login("\"stay\":\"refresh\""), "demo-refresh");
        String session = cookie(login("\"stay\":\"cookie\""), "demo-session");

        assertThat(postFrom("http://evil.example", REFRESH, refresh)).isEqualTo(403);
        assertThat(postFrom("http://evil.example", LOGOUT, session)).isEqualTo(403);
        assertThat(me("Cookie", session).statusCode()).isEqualTo(200);
        assertThat(postFrom(origin, LOGOUT, session)).isEqualTo(200);
        assertThat(me("Cookie", session).statusCode()).isEqualTo(401);
        assertThat(postFrom(origin, REFRESH, refresh)).isEqualTo(200);
    }

    private int postFrom(String origin, String path, String cookie) {
        return client.post(path, "", "Cookie", cookie, "Origin", origin, "Idempotency-Key", KEY)
                .statusCode();
    }

    @Test
    void a_login_in_place_of_an_earlier_one_ends_that() {
        String first = cookie(login("\"stay\":\"cookie\""), "demo-session");
        String elsewhere = cookie(login("\"stay\":\"cookie\""), "demo-session");

        String second =
                cookie(login("\"stay\":\"cookie\"", "Cookie", first, "Sec-Fetch-Site", "same-origin"), "demo-session");

        assertThat(me("Cookie", first).statusCode()).isEqualTo(401);
        assertThat(me("Cookie", second).statusCode()).isEqualTo(200);
        assertThat(me("Cookie", elsewhere).statusCode()).isEqualTo(200);
    }

    @Test
    void a_wrong_password_and_another_site_and_another_person_end_nothing() {
        String session = cookie(login("\"stay\":\"cookie\""), "demo-session");

        HttpResponse<String> wrong = loginAs("alice", "wrong", "Cookie", session, "Sec-Fetch-Site", "same-origin");
        HttpResponse<String> foreign = loginAs("alice", PASSWORD, "Cookie", session, "Sec-Fetch-Site", "cross-site");
        HttpResponse<String> bob = loginAs("bob", PASSWORD, "Cookie", session, "Sec-Fetch-Site", "same-origin");

        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(foreign.statusCode()).isEqualTo(200);
        assertThat(bob.statusCode()).isEqualTo(200);
        assertThat(me("Cookie", session).statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> loginAs(String user, String password, String... headers) {
        String body = "{\"username\":\"" + user + "\",\"password\":\"" + password + "\",\"stay\":\"cookie\"}";
        return client.post(LOGIN, body, headersWithJson(headers));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 400, 999})
    void a_refresh_in_the_last_second_of_a_session_is_answered_with_a_token_that_is_over_with_it(long left) {
        HttpResponse<String> login = login("\"stay\":\"refresh\",\"remember\":true");
        clock.advance(CurfewSetup.REMEMBERED.absolute().minusMillis(left));

        HttpResponse<String> refreshed = post(REFRESH, cookie(login, "demo-refresh"), KEY);

        assertThat(Client.json(refreshed)).containsEntry("expiresIn", 1L);
        clock.advance(Duration.ofSeconds(1));
        String access = "Bearer " + Client.json(refreshed).get("accessToken");
        assertThat(me("Authorization", access).statusCode()).isIn(401, 403);
        assertThat(post(REFRESH, cookie(refreshed, "demo-refresh"), OTHER_KEY).statusCode())
                .isEqualTo(401);
    }

    @Test
    void a_login_clears_the_cookie_of_the_other_way() {
        assertThat(setCookie(login("\"stay\":\"cookie\""), "demo-refresh")).contains("Max-Age=0");
        assertThat(setCookie(login("\"stay\":\"refresh\""), "demo-session")).contains("Max-Age=0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"stay\":\"for ever\"", "\"stay\":\"REFRESH\"", "\"stay\":1", "\"stay\":null", "\"remember\":1"
            })
    void whatever_is_no_such_way_is_a_bad_request(String more) {
        assertThat(login(more).statusCode()).isEqualTo(400);
    }
}
