package dev.curfew.examples.page;

import com.sun.net.httpserver.HttpExchange;
import dev.curfew.SessionService;
import dev.curfew.http.AuthenticationResult;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.SessionEndpoints;
import dev.curfew.watch.SessionWatch;
import dev.curfew.watch.WatchNews;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Tells an open page what becomes of its sign-in, as server-sent events. Thread-safe. */
final class EventStream implements AutoCloseable {
    private static final int BEAT_SECONDS = 15;

    private final SessionService sessions;
    private final SessionEndpoints endpoints;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile String form = "event: %s\ndata: {}\n\n";

    EventStream(SessionService sessions, SessionEndpoints endpoints) {
        this.sessions = sessions;
        this.endpoints = endpoints;
    }

    /** How an event is written, with %s for its name. */
    void writesAs(String newForm) {
        form = newForm;
    }

    /** Whether the caller is signed in; the exchange ends with the stream then. */
    boolean takes(HttpExchange exchange, EndpointRequest request) {
        if (endpoints.authentication().authenticate(request) instanceof AuthenticationResult.Authenticated known) {
            BlockingQueue<WatchNews> news = new LinkedBlockingQueue<>();
            SessionWatch watch = sessions.watches().watch(known.caller(), news::add);
            threads.execute(() -> stream(exchange, watch, news));
            return true;
        }
        return false;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void stream(HttpExchange exchange, SessionWatch watch, BlockingQueue<WatchNews> news) {
        try (exchange;
                watch) {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            write(out, ": here\n\n");
            WatchNews next;
            do {
                next = news.poll(BEAT_SECONDS, TimeUnit.SECONDS);
                write(out, next == null ? ": still here\n\n" : event(next));
            } while (next == null || !next.isLast());
        } catch (IOException e) {
            // The page is gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String event(WatchNews news) {
        return form.replace("%s", news.kind().name().toLowerCase(Locale.ROOT));
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
