package dev.curfew.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.examples.server.Client.Signed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a page that is open hears of its sign-in, over the network. */
@Timeout(60)
class EventStreamsTest {
    private static final String PASSWORD = "correct horse battery staple";
    private static final String EVENTS = "/api/auth/events";

    private final MovableClock clock = new MovableClock();
    private DemoServer server;
    private Client client;

    @BeforeEach
    void start() throws IOException {
        server = DemoServer.start(anyPort(), DemoStorage.inMemory(), clock, Map.of("alice", PASSWORD));
        client = new Client(server.uri());
        // Beyond the birth of the store: a login at that instant begins a little later than the clock says.
        clock.advance(Duration.ofMinutes(1));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** The header by which somebody is known who stays signed in in this way, and the session. */
    private record SignedIn(String header, String value, String session) {}

    private SignedIn signIn(String way) {
        HttpResponse<String> login = client.post(
                "/api/v1/auth/login",
                "{\"username\":\"alice\",\"password\":\"" + PASSWORD + "\",\"stay\":\"" + way + "\"}",
                "Content-Type",
                "application/json");
        Map<String, Object> json = Client.json(login);
        String session = (String) json.get("session");
        if (!way.equals("cookie")) {
            return new SignedIn("Authorization", "Bearer " + json.get("token"), session);
        }
        String cookie = login.headers().allValues("Set-Cookie").stream()
                .filter(header -> header.startsWith("demo-session="))
                .findFirst()
                .orElseThrow();
        return new SignedIn("Cookie", cookie.substring(0, cookie.indexOf(';')), session);
    }

    /** The lines of a stream that was answered, without its beats. */
    private static Iterator<String> lines(HttpResponse<Stream<String>> stream) {
        assertThat(stream.statusCode()).isEqualTo(200);
        assertThat(stream.headers().firstValue("Content-Type")).contains("text/event-stream; charset=utf-8");
        Iterator<String> lines = stream.body().iterator();
        // From here on the server watches.
        assertThat(lines.next()).isEqualTo(": here");
        return lines;
    }

    /** The next one that says more than that the list of devices has changed. */
    private static List<String> lastEvent(Iterator<String> lines) {
        List<String> event = nextEvent(lines);
        while (event.contains("event: sessions")) {
            event = nextEvent(lines);
        }
        return event;
    }

    private static List<String> nextEvent(Iterator<String> lines) {
        String line = lines.next();
        while (line.isEmpty() || line.startsWith(":")) {
            line = lines.next();
        }
        return List.of(line, lines.next());
    }

    @ParameterizedTest
    @ValueSource(strings = {"token", "refresh", "cookie"})
    void a_device_that_another_one_ends_hears_of_it_without_asking(String way, TestReporter reporter) {
        SignedIn ended = signIn(way);
        Signed other = client.login("alice", PASSWORD);
        Iterator<String> lines = lines(client.open(EVENTS, ended.header(), ended.value()));

        long began = System.nanoTime();
        assertThat(client.delete("/api/auth/sessions/" + ended.session(), other).statusCode())
                .isEqualTo(200);

        assertThat(lastEvent(lines)).containsExactly("event: revoked", "data: {\"reason\":\"revoked_by_user\"}");
        reporter.publishEntry(
                "told after ms",
                String.valueOf(Duration.ofNanos(System.nanoTime() - began).toMillis()));
        assertThat(lines.next()).isEmpty();
        assertThat(lines.hasNext()).as("the stream is over").isFalse();
        assertThat(client.get("/api/me", ended.header(), ended.value()).statusCode())
                .isEqualTo(401);
    }

    @Test
    void the_one_that_ends_the_others_hears_that_there_are_fewer_and_stays_signed_in() {
        SignedIn other = signIn("cookie");
        Signed current = client.login("alice", PASSWORD);
        Iterator<String> ofOther = lines(client.open(EVENTS, other.header(), other.value()));
        Iterator<String> ofCurrent = lines(client.open(EVENTS, "Authorization", "Bearer " + current.token()));

        client.delete("/api/auth/sessions", current);
        assertThat(lastEvent(ofOther)).contains("event: revoked");
        assertThat(nextEvent(ofCurrent)).contains("event: sessions");
        client.logout(current, "en");

        assertThat(lastEvent(ofCurrent)).containsExactly("event: revoked", "data: {\"reason\":\"user_logout\"}");
    }

    @Test
    void a_device_that_is_ended_on_another_server_hears_of_it(TestReporter reporter) throws Exception {
        try (RedisProcess redis = RedisProcess.start();
                DemoServer one = sharing(redis);
                DemoServer other = sharing(redis)) {
            Client atOne = new Client(one.uri());
            Client atOther = new Client(other.uri());
            Signed ended = atOne.login("alice", PASSWORD);
            Iterator<String> lines = lines(atOther.open(EVENTS, "Authorization", "Bearer " + ended.token()));

            long began = System.nanoTime();
            assertThat(atOne.logout(ended, "en").statusCode()).isEqualTo(200);

            assertThat(lastEvent(lines)).containsExactly("event: revoked", "data: {\"reason\":\"user_logout\"}");
            reporter.publishEntry(
                    "told after ms",
                    String.valueOf(Duration.ofNanos(System.nanoTime() - began).toMillis()));
        }
    }

    private static DemoServer sharing(RedisProcess redis) throws IOException {
        return DemoServer.start(
                anyPort(),
                DemoStorage.from(Map.of("REDIS_URL", redis.url())),
                Clock.systemUTC(),
                Map.of("alice", PASSWORD));
    }

    @Test
    void time_ends_the_stream_of_an_access_token_and_the_page_gets_another_one() {
        SignedIn signedIn = signIn("refresh");
        Iterator<String> lines = lines(client.open(EVENTS, signedIn.header(), signedIn.value()));

        clock.advance(TokenIssuer.LIFETIME.plusMinutes(1));

        List<String> event = lastEvent(lines);
        while (List.of("event: unsure", "event: sure").contains(event.get(0))) {
            // So long nobody has read the feed, by a clock that jumps.
            event = lastEvent(lines);
        }
        assertThat(event).contains("event: ended_by_time");
        assertThat(client.open(EVENTS, signedIn.header(), signedIn.value()).statusCode())
                .isIn(401, 403);
    }

    @Test
    void a_server_that_stops_says_so_and_does_not_wait_for_its_pages() {
        SignedIn signedIn = signIn("cookie");
        Iterator<String> lines = lines(client.open(EVENTS, signedIn.header(), signedIn.value()));

        server.close();

        assertThat(lastEvent(lines)).contains("event: closed");
    }

    @Test
    void whoever_is_not_signed_in_has_no_stream() {
        assertThat(client.open(EVENTS).statusCode()).isEqualTo(401);
        assertThat(client.post(EVENTS, "").statusCode()).isEqualTo(404);
    }
}
