package dev.curfew.examples.server;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Lies between a browser and a server, and loses refreshes; it also serves the files of the browser's tests, so that
 * they are of the server's own origin. Thread-safe.
 */
final class LossyNetwork implements AutoCloseable {
    private static final String REFRESH = "/api/v1/auth/refresh";
    private static final String FILES = "/browser/";
    private static final Set<String> OF_ONE_CONNECTION =
            Set.of("connection", "content-length", "date", "expect", "host", "transfer-encoding", "upgrade");

    private final URI server;
    private final RefreshLosses losses;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    LossyNetwork(URI server, RefreshLosses losses) throws IOException {
        this.server = server;
        this.losses = losses;
        this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::handle);
        http.setExecutor(threads);
        http.start();
    }

    /** Under which the browser knows the server. */
    URI uri() {
        return URI.create("http://localhost:" + http.getAddress().getPort());
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }

    /** An exchange that is closed without an answer is a connection that is closed. */
    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (path.startsWith(FILES)) {
                serve(exchange, path.substring(1));
            } else if (path.equals(REFRESH)) {
                refresh(exchange);
            } else {
                pass(exchange);
            }
        }
    }

    private void refresh(HttpExchange exchange) throws IOException {
        RefreshLosses.Fate fate = losses.next();
        if (fate == RefreshLosses.Fate.REQUEST_LOST) {
            return;
        }
        HttpResponse<byte[]> answer = forward(exchange, BodyHandlers.ofByteArray());
        losses.answered(answer, fate);
        if (fate == RefreshLosses.Fate.ANSWER_LOST) {
            return;
        }
        copyHeaders(answer, exchange);
        int length = answer.body().length;
        send(exchange, answer.statusCode(), answer.body(), fate == RefreshLosses.Fate.ANSWER_CUT ? length / 2 : length);
    }

    /** Bit by bit, since the demo also answers streams. */
    private void pass(HttpExchange exchange) throws IOException {
        HttpResponse<InputStream> answer = forward(exchange, BodyHandlers.ofInputStream());
        copyHeaders(answer, exchange);
        long length = answer.headers().firstValueAsLong("Content-Length").orElse(0);
        exchange.sendResponseHeaders(answer.statusCode(), length);
        try (InputStream in = answer.body()) {
            byte[] part = new byte[8192];
            for (int read = in.read(part); read >= 0; read = in.read(part)) {
                exchange.getResponseBody().write(part, 0, read);
                exchange.getResponseBody().flush();
            }
        }
    }

    private <T> HttpResponse<T> forward(HttpExchange exchange, HttpResponse.BodyHandler<T> body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(exchange.getRequestURI()))
                .method(
                        exchange.getRequestMethod(),
                        BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!OF_ONE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try {
            return client.send(request.build(), body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the test is over", e);
        }
    }

    private static void copyHeaders(HttpResponse<?> answer, HttpExchange exchange) {
        Headers headers = exchange.getResponseHeaders();
        answer.headers().map().forEach((name, values) -> {
            if (!OF_ONE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> headers.add(name, value));
            }
        });
    }

    private static void serve(HttpExchange exchange, String file) throws IOException {
        try (InputStream in = LossyNetwork.class.getResourceAsStream(file)) {
            byte[] content = in == null ? new byte[0] : in.readAllBytes();
            String type = file.endsWith(".js") ? "text/javascript" : "text/html";
            exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
            send(exchange, in == null ? 404 : 200, content, content.length);
        }
    }

    /** Sends so many bytes of the body, and promises all of them. */
    private static void send(HttpExchange exchange, int status, byte[] body, int bytes) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body, 0, bytes);
        exchange.getResponseBody().flush();
    }
}
