package dev.curfew.examples.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.examples.hosts.HostSettings;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.h2.tools.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The event loop waits for nothing, whatever the database does. */
@Timeout(120)
class EventLoopTest {
    private final HttpClient client = HttpClient.newHttpClient();

    private CompletableFuture<HttpResponse<String>> send(
            URI node, String method, String path, String body, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Content-Type", "application/json");
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return client.sendAsync(request.build(), BodyHandlers.ofString());
    }

    private int me(URI node, String token) {
        return send(node, "GET", "/me", "", token).join().statusCode();
    }

    @Test
    void while_the_database_is_silent_workers_wait_and_the_event_loop_does_not() throws Exception {
        Server database =
                Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
        Network network = new Network(database.getPort());
        HostSettings settings = HostSettings.from(Map.of(
                "PORT", "0",
                "JDBC_URL", "jdbc:h2:tcp://localhost:" + network.port() + "/mem:shop;DB_CLOSE_DELAY=-1",
                "MAX_STALENESS", "PT1S",
                "PASSWORDS", "alice=secret"));
        String form = new JsonObject()
                .put("username", "alice")
                .put("password", "secret")
                .encode();
        try (BlockedLoops blocked = new BlockedLoops();
                VertxHost host = new VertxHost(settings, BlockedLoops.options())) {
            URI node = host.uri();
            String token =
                    new JsonObject(send(node, "POST", "/login", form, "").join().body()).getString("token");
            assertThat(me(node, token)).isEqualTo(200);

            network.fallSilent();
            while (me(node, token) == 200) {
                LockSupport.parkNanos(10_000_000);
            }
            List<CompletableFuture<HttpResponse<String>>> waiting = Stream.generate(
                            () -> send(node, "GET", "/me", "", token))
                    .limit(10)
                    .toList();
            assertThat(send(node, "GET", "/hello", "", "").join().statusCode()).isEqualTo(200);
            assertThat(waiting)
                    .allSatisfy(me -> assertThat(me.join().statusCode()).isEqualTo(503));

            network.close();
            // The body waits until a worker has said that nobody knows the token; else this were 400.
            assertThat(send(node, "POST", "/login", form, token).join().statusCode())
                    .isEqualTo(503);
            assertThat(blocked.waits()).isEmpty();
        } finally {
            network.close();
            database.stop();
        }
    }

    @Test
    void an_event_loop_that_waits_would_be_noticed() throws InterruptedException, IOException {
        Vertx vertx = Vertx.vertx(BlockedLoops.options());
        CountDownLatch gate = new CountDownLatch(1);
        try (BlockedLoops blocked = new BlockedLoops()) {
            vertx.runOnContext(nothing -> {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            while (blocked.waits().isEmpty()) {
                LockSupport.parkNanos(10_000_000);
            }
        } finally {
            gate.countDown();
            vertx.close();
        }
    }
}
