package dev.curfew.examples.server;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import dev.curfew.http.AuthenticationResult;
import dev.curfew.http.EndpointRequest;
import dev.curfew.token.Caller;
import dev.curfew.watch.SessionWatch;
import dev.curfew.watch.TooManyWatchesException;
import dev.curfew.watch.WatchNews;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells pages what becomes of their sign-in while they are open, as server-sent events. Thread-safe.
 *
 * <p>A thread for each stream is enough for an example, up to a number. A beat every few seconds finds out which pages
 * are gone, and tells the others that the server is there.
 */
final class EventStreams implements AutoCloseable {
    static final String PATH = "/api/auth/events";
    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);
    private static final int MOST = 200;
    private static final int CLOSE_SECONDS = 2;

    private final CurfewSetup curfew;
    private final Duration beat;
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(0, MOST, 1, TimeUnit.MINUTES, new SynchronousQueue<>(), EventStreams::daemon);

    EventStreams(CurfewSetup curfew, Duration beat) {
        this.curfew = curfew;
        this.beat = beat;
    }

    /** Answers what to reply if there is no stream; else the exchange is taken over, and ends with the stream. */
    Optional<Reply> open(HttpExchange exchange, EndpointRequest request) {
        // By an access token or by the cookie, like every other request.
        AuthenticationResult result = curfew.endpoints().authentication().authenticate(request);
        if (result instanceof AuthenticationResult.Refused refused) {
            return Optional.of(Reply.of(refused.response()));
        }
        Caller caller = ((AuthenticationResult.Authenticated) result).caller();
        BlockingQueue<Event> news = new LinkedBlockingQueue<>();
        try {
            SessionWatch watch = curfew.sessions().watches().watch(caller, told -> news.add(Event.of(told)));
            try {
                threads.execute(() -> listen(exchange, caller, watch, news));
                return Optional.empty();
            } catch (RejectedExecutionException e) {
                watch.close();
            }
        } catch (TooManyWatchesException e) {
            LOG.warn("{}", e.getMessage());
        }
        return Optional.of(new Refusal(503, Text.TRY_LATER).toReply(request).with("Retry-After", "10"));
    }

    /** A page of Curfew's shows all devices of the person, and looks again when one has come or gone. */
    private void listen(HttpExchange exchange, Caller caller, SessionWatch watch, BlockingQueue<Event> news) {
        Runnable changed = () -> {
            if (!news.contains(Event.SESSIONS)) {
                news.add(Event.SESSIONS);
            }
        };
        caller.subject().ifPresent(subject -> curfew.news().listen(subject, changed));
        try {
            stream(exchange, watch, news);
        } finally {
            caller.subject().ifPresent(subject -> curfew.news().leave(subject, changed));
        }
    }

    /** Until the sign-in is over or the page is gone. */
    private void stream(HttpExchange exchange, SessionWatch watch, BlockingQueue<Event> news) {
        try (exchange;
                watch) {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            write(out, ": here\n\n");
            Event next;
            do {
                next = news.poll(beat.toMillis(), TimeUnit.MILLISECONDS);
                write(out, next == null ? ": still here\n\n" : next.text());
            } while (next == null || !next.isLast());
        } catch (IOException e) {
            LOG.debug("a page is gone");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * What a page is told.
     *
     * @param isLast whether its sign-in is over
     */
    private record Event(String text, boolean isLast) {
        static final Event SESSIONS = new Event("event: sessions\ndata: {}\n\n", false);

        /** The reason is for whoever holds the credential, and that is who listens. */
        static Event of(WatchNews news) {
            String reason = news.reason().map(why -> lower(why.name())).orElse("");
            String text = "event: " + lower(news.kind().name()) + "\ndata: "
                    + JSONObjectUtils.toJSONString(Map.of("reason", reason)) + "\n\n";
            return new Event(text, news.isLast());
        }

        private static String lower(String name) {
            return name.toLowerCase(Locale.ROOT);
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** After the service, which has told all streams that they are closed. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "demo-events");
        thread.setDaemon(true);
        return thread;
    }
}
