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
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a database, a restart of the server forgets neither who is signed in nor who was signed out. */
class RestartTest {
    private static final String PASSWORD = "correct horse battery staple";

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @Test
    void revocationsAndSessionsSurviveARestart() throws Exception {
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
    void aDatabaseThatCannotBeOpenedIsRefusedWithASentence() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DemoStorage.from(Map.of("JDBC_URL", "jdbc:nonsense:somewhere")))
                .withMessageStartingWith("Cannot open the database of JDBC_URL");
    }

    private DemoServer start() throws Exception {
        DemoStorage storage = DemoStorage.from(Map.of("JDBC_URL", "jdbc:h2:file:" + folder.resolve("demo")));
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
