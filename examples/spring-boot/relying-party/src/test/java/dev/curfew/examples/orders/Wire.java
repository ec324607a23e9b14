package dev.curfew.examples.orders;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What lies between the provider and the nodes, as a load balancer does: it leads to one of them. Thread-safe. */
final class Wire implements AutoCloseable {
    /** In place of a status: the last message waits for its answer, or nobody does any more. */
    static final int NONE = 0;

    private final HttpServer http;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Queue<String> bodies = new ConcurrentLinkedQueue<>();
    private volatile int lastAnswer;
    private volatile URI target = URI.create("http://localhost:1");

    private Wire() throws IOException {
        this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    static Wire start() throws IOException {
        Wire wire = new Wire();
        wire.http.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
            wire.lastAnswer = NONE;
            wire.bodies.add(body);
            wire.lastAnswer = wire.send(body);
            exchange.sendResponseHeaders(wire.lastAnswer, -1);
            exchange.close();
        });
        wire.http.start();
        return wire;
    }

    URI uri() {
        return URI.create("http://localhost:" + http.getAddress().getPort() + "/logout");
    }

    void leadTo(URI node) {
        target = node.resolve("/backchannel-logout");
    }

    /** What the provider sent last. */
    String last() {
        return bodies.stream().reduce((first, second) -> second).orElseThrow();
    }

    /** What the provider was answered to its last message; {@link #NONE} until then. */
    int lastAnswer() {
        return lastAnswer;
    }

    /** Sends it once more. */
    int send(String body) {
        try {
            HttpResponse<Void> answer = client.send(
                    HttpRequest.newBuilder(target)
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.discarding());
            return answer.statusCode();
        } catch (IOException e) {
            return 502;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 502;
        }
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
