package dev.curfew.ssf;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import dev.curfew.deliver.OutgoingHttp;
import dev.curfew.deliver.TlsServer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A transmitter that is polled over real TLS, and keeps each SET until it is acknowledged. Thread-safe. */
public final class Transmitter implements AutoCloseable {
    private final KeyStore certificate;
    private final TlsServer server;
    private final Map<String, Object> queue = new LinkedHashMap<>();
    private final Map<String, Object> refused = new LinkedHashMap<>();
    private final List<Map<String, Object>> polls = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private boolean keepsAll;
    private boolean refusesAcknowledgements;
    private Runnable errorsRefused;

    /** Answers a poll in place of the transmitter. */
    public interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    public Transmitter(Path folder) {
        this(TlsServer.certificateOf("localhost", folder));
    }

    Transmitter(KeyStore certificate) {
        this.certificate = certificate;
        this.server = new TlsServer(certificate);
        works();
    }

    /** Answers as it should. */
    public void works() {
        server.answersBody((exchange, body) -> answer(exchange, body));
    }

    public void answers(Answer answer) {
        server.answersBody((exchange, body) -> {
            note(exchange, body);
            answer.to(exchange);
        });
    }

    /** Answers 400 to whatever acknowledges. */
    void refusesAcknowledgements() {
        refusesAcknowledgements = true;
    }

    /** Answers 400 to whatever refuses a SET, and tells it. */
    void refusesErrors(Runnable told) {
        errorsRefused = told;
    }

    /** Forgets none, whatever is acknowledged. */
    void keepsAll() {
        keepsAll = true;
    }

    public OutgoingHttp.Builder http() {
        return OutgoingHttp.to(List.of(server.host()))
                .privateHost("localhost")
                .timeout(Duration.ofSeconds(5))
                .tls(TlsServer.trusting(certificate));
    }

    public URI endpoint() {
        return server.uri("/ssf/poll");
    }

    public synchronized void queue(String jti, Object set) {
        queue.put(jti, set);
    }

    public synchronized List<String> waiting() {
        return List.copyOf(queue.keySet());
    }

    /** Waits until all are acknowledged, and answers whether they are. */
    public synchronized boolean awaitEmpty(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!queue.isEmpty() && System.nanoTime() < end) {
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, end - System.nanoTime()));
        }
        return queue.isEmpty();
    }

    /** What was refused, by jti: err and description. */
    public synchronized Map<String, Object> refused() {
        return Map.copyOf(refused);
    }

    /** All bodies that came. */
    public List<Map<String, Object>> polls() {
        return polls;
    }

    List<String> authorizations() {
        return authorizations;
    }

    private Map<String, Object> note(HttpExchange exchange, byte[] body) throws IOException {
        try {
            Map<String, Object> poll = JSONObjectUtils.parse(new String(body, StandardCharsets.UTF_8));
            polls.add(poll);
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            authorizations.add(authorization == null ? "none" : authorization);
            return poll;
        } catch (ParseException e) {
            throw new IOException(e);
        }
    }

    private synchronized void answer(HttpExchange exchange, byte[] body) throws IOException {
        Map<String, Object> poll = note(exchange, body);
        if (errorsRefused != null && poll.containsKey("setErrs")) {
            errorsRefused.run();
            send(exchange, 400, "");
            return;
        }
        if (refusesAcknowledgements && poll.containsKey("ack")) {
            send(exchange, 400, "");
            return;
        }
        if (poll.get("ack") instanceof List<?> keys && !keepsAll) {
            keys.forEach(queue::remove);
        }
        if (poll.get("setErrs") instanceof Map<?, ?> errors) {
            errors.forEach((key, error) -> {
                refused.put((String) key, error);
                queue.remove(key);
            });
        }
        notifyAll();
        int most = ((Number) poll.getOrDefault("maxEvents", 10)).intValue();
        List<String> keys = new ArrayList<>(queue.keySet()).subList(0, Math.min(most, queue.size()));
        Map<String, Object> sets = new LinkedHashMap<>();
        keys.forEach(key -> sets.put(key, queue.get(key)));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("sets", sets);
        if (sets.size() < queue.size()) {
            answer.put("moreAvailable", true);
        }
        send(exchange, 200, JSONObjectUtils.toJSONString(answer));
    }

    static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.close();
    }
}
