package dev.curfew.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import dev.curfew.examples.page.Chromium;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The provider, and two nodes of the application over one PostgreSQL, each as people and operators find them. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TwoNodesTest {
    private static final Pattern PROVIDER_READY = Pattern.compile("ready at (http://\\S+)");
    private static final Pattern NODE_FAILED = Pattern.compile("(Application run failed)");
    private static final long MOST_MILLIS = 10_000;
    private static final long BEHIND_AN_OUTAGE_MILLIS = 30_000;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static EmbeddedPostgres postgres;
    private static Wire wire;
    private static Program provider;
    private static Program first;
    private static ConfigurableApplicationContext second;
    private static Map<String, String> settings;
    private static URI sso;
    private static URI a;
    private static URI b;

    @BeforeAll
    static void start() throws Exception {
        Chromium.requireInstalled();
        CompletableFuture<EmbeddedPostgres> database = CompletableFuture.supplyAsync(() -> {
            try {
                return EmbeddedPostgres.builder().start();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        wire = Wire.start();
        a = URI.create("http://localhost:" + freePort());
        b = URI.create("http://localhost:" + freePort());
        String secret = random();
        provider = Program.start(
                "dev.curfew.examples.provider.Provider",
                Map.of(
                        "PORT",
                        "0",
                        "CLIENT_SECRET",
                        secret,
                        "PASSWORDS",
                        "alice=alice's password,bob=bob's password",
                        "REDIRECT_URIS",
                        a + "/login/oauth2/code/sso," + b + "/login/oauth2/code/sso",
                        "LOGOUT_URI",
                        wire.uri().toString()),
                PROVIDER_READY);
        sso = URI.create(provider.awaitReady());
        postgres = database.get();
        settings = Map.of(
                "ISSUER", sso.toString(),
                "CLIENT_SECRET", secret,
                "CURFEW_KEY", random(),
                "LOGIN_KEY", random(),
                "JDBC_URL", postgres.getJdbcUrl("postgres", "postgres"),
                "JDBC_USER", "postgres");
        first = Program.start(OrdersApplication.class.getName(), settings, NODE_FAILED, "--server.port=" + a.getPort());
        second = SpringApplication.run(
                OrdersApplication.class, nodeArguments(b.getPort()).toArray(String[]::new));
        awaitServing(a);
        awaitBirth();
        wire.leadTo(b);
    }

    @AfterAll
    static void stop() throws Exception {
        if (second != null) {
            second.close();
        }
        for (AutoCloseable one : new AutoCloseable[] {first, provider, wire, postgres}) {
            if (one != null) {
                one.close();
            }
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static List<String> nodeArguments(int port) {
        List<String> arguments = new ArrayList<>(List.of("--server.port=" + port, "--spring.main.banner-mode=off"));
        settings.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        return arguments;
    }

    private static void awaitServing(URI node) throws Exception {
        long since = System.nanoTime();
        while (true) {
            try {
                assertThat(new Person(sso).get(node).statusCode()).isEqualTo(200);
                return;
            } catch (ConnectException e) {
                assertThat(millis(since)).as("the node does not start").isLessThan(60_000);
                LockSupport.parkNanos(10 * PAUSE_NANOS);
            }
        }
    }

    /** A login that the store is hardly older than is refused: nobody knows what had ended before. */
    private static void awaitBirth() throws Exception {
        long since = System.nanoTime();
        while (!new Person(sso).signIn(b, "bob").body().contains("You are signed in.")) {
            assertThat(millis(since)).as("nobody can sign in").isLessThan(MOST_MILLIS);
        }
    }

    private static String random() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static Person signedIn(URI node, String user) throws Exception {
        Person person = new Person(sso);
        HttpResponse<String> page = person.signIn(node, user);
        assertThat(page.body()).contains("You are signed in.");
        return person;
    }

    /** Milliseconds until a node refuses. */
    private static long refusal(Person person, URI node, long since) throws Exception {
        return refusal(person, node, since, MOST_MILLIS);
    }

    private static long refusal(Person person, URI node, long since, long mostMillis) throws Exception {
        while (person.orders(node) != 401) {
            assertThat(millis(since)).as("still served by " + node).isLessThan(mostMillis);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return millis(since);
    }

    private static long millis(long since) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
    }

    @Test
    @Order(1)
    void who_signs_out_at_the_provider_is_signed_out_on_both_nodes() throws Exception {
        List<Long> onB = new ArrayList<>();
        List<Long> onA = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            Person alice = signedIn(a, "alice");
            assertThat(alice.orders(a)).isEqualTo(200);
            assertThat(alice.orders(b)).isEqualTo(200);

            long since = System.nanoTime();
            assertThat(alice.signOut().statusCode()).isEqualTo(200);
            long answered = millis(since);
            onB.add(refusal(alice, b, since));
            onA.add(refusal(alice, a, since));
            assertThat(onB.get(round))
                    .as("the node that was told, behind the answer")
                    .isLessThan(answered + 500);
        }
        System.out.println("from the click at the provider until refused: the node that was told " + onB
                + " ms, the other one " + onA + " ms");
    }

    @Test
    @Order(2)
    void a_message_that_comes_twice_ends_nothing_more() throws Exception {
        Person alice = signedIn(a, "alice");
        assertThat(alice.signOut().statusCode()).isEqualTo(200);
        String message = wire.last();
        Person again = signedIn(b, "alice");

        assertThat(wire.send(message)).isEqualTo(200);
        assertThat(wire.send(message)).isEqualTo(200);

        assertThat(again.orders(a)).isEqualTo(200);
        assertThat(again.orders(b)).isEqualTo(200);
        assertThat(alice.orders(b)).isEqualTo(401);
    }

    @Test
    @Order(3)
    void nobody_else_is_signed_out() throws Exception {
        Person alice = signedIn(a, "alice");
        Person elsewhere = signedIn(b, "alice");
        Person bob = signedIn(a, "bob");
        assertThat(alice.signOut().statusCode()).isEqualTo(200);

        refusal(alice, a, System.nanoTime());
        assertThat(elsewhere.orders(a)).isEqualTo(200);
        assertThat(bob.orders(b)).isEqualTo(200);
    }

    /** Between the steps of a login: its link is not written yet, or is, and its session is not. */
    @ParameterizedTest
    @Order(4)
    @ValueSource(strings = {"curfew_record", "curfew_session"})
    void a_login_under_way_while_the_message_comes_leaves_no_session(String table) throws Exception {
        Person alice = new Person(sso);
        CompletableFuture<HttpResponse<String>> login;
        CompletableFuture<HttpResponse<String>> logout;
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE " + table + " IN SHARE MODE");
            login = CompletableFuture.supplyAsync(() -> unchecked(() -> alice.signIn(a, "alice")));
            awaitWaiting("INSERT INTO " + table);
            logout = CompletableFuture.supplyAsync(() -> unchecked(alice::signOut));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
            connection.commit();
        }
        assertThat(logout.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(wire.lastAnswer()).isEqualTo(200);
        login.get(20, TimeUnit.SECONDS);
        refusal(alice, a, System.nanoTime());
        refusal(alice, b, System.nanoTime());
    }

    @Test
    @Order(5)
    void who_signs_in_again_with_the_same_browser_has_one_session() throws Exception {
        Person alice = signedIn(a, "alice");
        String before = alice.session();
        assertThat(alice.signIn(b, "alice").body()).contains("You are signed in.");
        assertThat(alice.session()).isNotEqualTo(before);
        assertThat(Person.ordersWith(alice.session(), b)).isEqualTo(200);
        assertThat(Person.ordersWith(before, b)).isEqualTo(401);
    }

    @Test
    @Order(5)
    void behind_tls_the_cookies_are_those_of_this_very_host() throws Exception {
        int port = freePort();
        List<String> arguments = nodeArguments(port);
        arguments.add("--spring.profiles.active=tls");
        try (ConfigurableApplicationContext third =
                SpringApplication.run(OrdersApplication.class, arguments.toArray(String[]::new))) {
            assertThat(third.isRunning()).isTrue();
            URI begin = URI.create("http://localhost:" + port + "/oauth2/authorization/sso");
            HttpResponse<Void> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(begin)
                                    .header("X-Forwarded-Proto", "https")
                                    .header("X-Forwarded-Host", "orders.example.com")
                                    .build(),
                            HttpResponse.BodyHandlers.discarding());
            assertThat(answer.headers().firstValue("Set-Cookie"))
                    .hasValueSatisfying(cookie -> assertThat(cookie)
                            .startsWith("__Host-login=")
                            .contains("; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"));
            assertThat(answer.headers().firstValue("Location").orElseThrow())
                    .contains("redirect_uri=https://orders.example.com/login/oauth2/code/sso");
        }
    }

    @Test
    @Order(5)
    void rubbish_is_refused_and_ends_nothing() throws Exception {
        Person alice = signedIn(a, "alice");
        for (String body : List.of("", "logout_token=", "logout_token=x.y.z", "logout_token=a&logout_token=b", "{}")) {
            assertThat(wire.send(body)).as(body).isEqualTo(400);
        }
        assertThat(alice.get(b.resolve("/backchannel-logout")).statusCode()).isEqualTo(405);
        assertThat(alice.get(b.resolve("/login/oauth2/code/sso?code=x&state=y")).statusCode())
                .isEqualTo(401);
        assertThat(alice.orders(b)).isEqualTo(200);
        assertThat(new Person(sso).orders(a)).isEqualTo(401);
    }

    @Test
    @Order(6)
    void while_the_database_is_frozen_no_message_is_confirmed_and_its_login_ends_behind_that() throws Exception {
        Person alice = signedIn(a, "alice");
        Person bob = signedIn(b, "bob");
        List<String> processes = server();
        signal("STOP", processes);
        try {
            long since = System.nanoTime();
            assertThat(alice.signOut().statusCode()).isEqualTo(200);
            System.out.println("with the database frozen, the message was answered after " + millis(since) + " ms");
            // A provider waits for five seconds, and the nodes may take longer to find out.
            assertThat(wire.lastAnswer()).as("not confirmed").isIn(400, Wire.NONE);
            assertThat(bob.get(b.resolve("/")).statusCode()).isIn(200, 503);
            HttpResponse<String> login = new Person(sso).signIn(a, "bob");
            assertThat(login.statusCode()).as("nobody is signed in meanwhile").isEqualTo(503);
        } finally {
            signal("CONT", processes);
        }
        // The provider does not send it again: the node goes on recording it, and some node ends what is tied to it,
        // which rests for up to 10 seconds after it has failed some times.
        refusal(alice, b, System.nanoTime(), BEHIND_AN_OUTAGE_MILLIS);
        refusal(alice, a, System.nanoTime(), BEHIND_AN_OUTAGE_MILLIS);
        awaitServed(bob, b);
        awaitServed(bob, a);
    }

    /** The server and its backends as they are now. */
    private static List<String> server() throws Exception {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            ProcessHandle server =
                    ProcessHandle.of(row.getLong(1)).orElseThrow().parent().orElseThrow();
            return Stream.concat(Stream.of(server), server.descendants())
                    .map(process -> Long.toString(process.pid()))
                    .toList();
        }
    }

    private static void signal(String name, List<String> processes) throws Exception {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        command.addAll(processes);
        new ProcessBuilder(command).start().waitFor();
    }

    private static void awaitServed(Person person, URI node) throws Exception {
        long since = System.nanoTime();
        while (person.orders(node) != 200) {
            assertThat(millis(since)).as("not served by " + node).isLessThan(BEHIND_AN_OUTAGE_MILLIS);
            LockSupport.parkNanos(10 * PAUSE_NANOS);
        }
    }

    @Test
    @Order(7)
    void a_real_browser_is_signed_in_on_both_nodes_and_out_of_both() {
        try (Chromium chromium = Chromium.start();
                BrowserContext browser = chromium.newContext()) {
            Page page = browser.newPage();
            page.navigate(a + "/");
            page.click("#login");
            page.fill("#username", "bob");
            page.fill("#password", "bob's password");
            page.press("#password", "Enter");
            page.waitForSelector("#person");
            page.navigate(b + "/");
            page.waitForSelector("#person");

            page.navigate(sso + "/");
            page.click("#logout");
            page.waitForSelector("h1:text-is('Signed out')");
            page.navigate(b + "/");
            page.waitForSelector("#login");
            // The other node hears of it a moment later.
            long since = System.nanoTime();
            page.navigate(a + "/");
            while (!page.isVisible("#login")) {
                assertThat(millis(since)).isLessThan(MOST_MILLIS);
                page.reload();
            }
        }
    }

    @Test
    @Order(8)
    void a_logout_reaches_a_session_whose_node_was_killed() throws Exception {
        Person alice = signedIn(a, "alice");
        assertThat(alice.orders(b)).isEqualTo(200);
        first.kill();
        long since = System.nanoTime();
        assertThat(alice.signOut().statusCode()).isEqualTo(200);
        System.out.println("with the first node dead, refused after " + refusal(alice, b, since) + " ms");
    }

    /** Until a statement waits for the lock. */
    private static void awaitWaiting(String beginning) throws Exception {
        long since = System.nanoTime();
        // Of a connection of its own: a transaction sees the activity as it was when it asked first.
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            while (!isWaiting(statement, beginning)) {
                assertThat(millis(since)).as("nobody waits for the lock").isLessThan(MOST_MILLIS);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static boolean isWaiting(Statement statement, String beginning) throws Exception {
        try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM pg_stat_activity"
                + " WHERE wait_event_type = 'Lock' AND query LIKE '%" + beginning + "%'")) {
            rows.next();
            return rows.getInt(1) > 0;
        }
    }

    private interface Step<T> {
        T take() throws Exception;
    }

    private static <T> T unchecked(Step<T> step) {
        try {
            return step.take();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
