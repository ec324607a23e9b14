package dev.curfew.token;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A real endpoint of keys that answers what a test says, and the elapsed time that its readers see. */
final class JwksServer implements AutoCloseable {
    static final Duration MAX_AGE = Duration.ofMinutes(10);
    static final Duration USABLE_FOR = Duration.ofHours(1);
    static final Duration AT_MOST_EVERY = Duration.ofSeconds(30);

    private static final long PATIENCE_SECONDS = 60;

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);
    private final AtomicInteger requests = new AtomicInteger();
    private final Semaphore arrivals = new Semaphore(0);
    private final ExecutorService serving = Executors.newCachedThreadPool();
    private final HttpServer server;
    private volatile Answer answer;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    /** Writes one answer. */
    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    JwksServer(String... keys) throws IOException {
        publishes(keys);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(serving);
        server.createContext("/jwks", exchange -> {
            requests.incrementAndGet();
            arrivals.release();
            try {
                gate.await();
                answer.to(exchange);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                exchange.close();
            }
        });
        server.start();
    }

    void publishes(String... keys) {
        byte[] body = TokenKeysTest.set(keys).getBytes(StandardCharsets.UTF_8);
        answers(exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        });
    }

    void fails() {
        answers(exchange -> exchange.sendResponseHeaders(503, -1));
    }

    void answers(Answer next) {
        this.answer = next;
    }

    /** Requests wait until the latch is opened. */
    CountDownLatch holdsRequests() {
        CountDownLatch next = new CountDownLatch(1);
        this.gate = next;
        return next;
    }

    int requests() {
        return requests.get();
    }

    /** Until so many requests have come. */
    void awaitRequests(int number) throws InterruptedException {
        if (!arrivals.tryAcquire(number, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("only " + requests.get() + " requests of " + number);
        }
        arrivals.release(number);
    }

    void advance(Duration elapsed) {
        nanos.addAndGet(elapsed.toNanos());
    }

    RemoteKeyOptions.Builder options() {
        return RemoteKeyOptions.builder()
                .maxAge(MAX_AGE)
                .usableFor(USABLE_FOR)
                .refreshAtMostEvery(AT_MOST_EVERY)
                .timeout(Duration.ofSeconds(PATIENCE_SECONDS))
                .nanoTime(nanos::get);
    }

    TokenKeys keys() {
        return TokenKeys.remote(uri(), options().build());
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jwks");
    }

    @Override
    public void close() {
        gate.countDown();
        server.stop(0);
        serving.shutdownNow();
    }
}
