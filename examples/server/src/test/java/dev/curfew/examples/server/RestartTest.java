package dev.curfew.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a database, a restart of the server forgets neither who is signed in nor who was signed out. */
class RestartTest {
    private static final String PASSWORD = "correct horse battery staple";

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @Test
    void revocations_and_sessions_survive_a_restart() throws Exception {
        String kept;
        String ended;
        try (DemoServer server = start()) {
            kept = login(server.uri());
            ended = login(server.uri());
            assertThat(send(server.uri(), "POST", "/api/v1/auth/logout", ended).statusCode())
                    .isEqualTo(200);
        }
        try (DemoServer server = start()) {
            assertThat(send(server.uri(), "GET", "/api/me", ended).statusCode()).isEqualTo(401);
            assertThat(send(server.uri(), "GET", "/api/me", kept).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void with_a_key_neither_users_nor_the_signing_secret_stand_in_the_file() throws Exception {
        String kept;
        byte[] secret;
        DemoStorage storage = encrypted();
        try (DemoServer server = start(storage)) {
            kept = login(server.uri());
            secret = storage.secret();
            assertThat(storage.notice()).contains("stored encrypted");
        }
        try (DemoServer server = start(encrypted())) {
            assertThat(send(server.uri(), "GET", "/api/auth/sessions", kept).body())
                    .contains("\"device\":\"")
                    .doesNotContain("readable");
        }
        String file = Files.readString(folder.resolve("encrypted.mv.db"), StandardCharsets.ISO_8859_1);
        assertThat(file)
                .contains("CURFEW_SESSION")
                .doesNotContain("alice")
                .doesNotContain(Base64.getUrlEncoder().encodeToString(secret));
    }

    @Test
    void without_a_key_the_banner_says_so_and_the_secret_is_found_in_the_file() throws Exception {
        byte[] secret;
        try (DemoStorage storage = storage(Map.of())) {
            secret = storage.secret();
            assertThat(storage.notice()).contains("UNENCRYPTED", "CURFEW_KEY");
        }
        assertThat(Files.readString(folder.resolve("demo.mv.db"), StandardCharsets.ISO_8859_1))
                .contains(Base64.getUrlEncoder().encodeToString(secret));
        assertThat(DemoStorage.inMemory().notice()).isEmpty();
    }

    @Test
    void another_key_or_none_is_refused_with_a_sentence() throws Exception {
        encrypted().close();
        String url = "jdbc:h2:file:" + folder.resolve("encrypted");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> DemoStorage.from(Map.of("JDBC_URL", url)))
                .withMessageContaining("set CURFEW_KEY");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DemoStorage.from(Map.of("JDBC_URL", url, "CURFEW_KEY", base64Key(2))))
                .withMessageContaining("was not stored under this CURFEW_KEY");
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "not base64!", "AAAA"})
    void a_key_that_is_none_is_refused_and_not_repeated(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DemoKey.from(Map.of("CURFEW_KEY", key)))
                .withMessageStartingWith("CURFEW_KEY must be 32 random bytes in base64")
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain(key));
    }

    @Test
    void a_database_that_cannot_be_opened_is_refused_with_a_sentence() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DemoStorage.from(Map.of("JDBC_URL", "jdbc:nonsense:somewhere")))
                .withMessageStartingWith("Cannot open the database of JDBC_URL");
    }

    private static String base64Key(int fill) {
        byte[] key = new byte[32];
        new Random(fill).nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    private DemoStorage storage(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        environment.putIfAbsent("JDBC_URL", "jdbc:h2:file:" + folder.resolve("demo"));
        return DemoStorage.from(environment);
    }

    private DemoStorage encrypted() {
        return storage(Map.of("JDBC_URL", "jdbc:h2:file:" + folder.resolve("encrypted"), "CURFEW_KEY", base64Key(1)));
    }

    private DemoServer start() throws Exception {
        return start(storage(Map.of()));
    }

    private static DemoServer start(DemoStorage storage) throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return DemoServer.start(anyPort, storage, Clock.systemUTC(), Map.of("alice", PASSWORD));
    }

    private String login(URI server) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/api/v1/auth/login"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"username\":\"alice\",\"password\":\"" + PASSWORD + "\"}"))
                .build();
        String body = client.send(request, BodyHandlers.ofString()).body();
        return body.replaceFirst(".*\"token\":\"([^\"]+)\".*", "$1");
    }

    private HttpResponse<String> send(URI server, String method, String path, String token) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.resolve(path))
                .header("Authorization", "Bearer " + token)
                .method(method, BodyPublishers.noBody())
                .build();
        return client.send(request, BodyHandlers.ofString());
    }
}
