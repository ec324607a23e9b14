package dev.curfew.ssf;

import dev.curfew.deliver.OutgoingAnswer;
import dev.curfew.deliver.OutgoingException;
import dev.curfew.deliver.OutgoingHttp;
import dev.curfew.deliver.OutgoingRequest;
import dev.curfew.jose.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One poll: what is sent, and what comes back (RFC 8936 sections 2.2 to 2.6). Confined to one thread, but for
 * {@link #abandon}.
 */
final class PollExchange {
    private static final String JSON = "application/json";
    private static final int OK = 200;
    private static final int LARGEST = 4 * 1024 * 1024;

    private final OutgoingHttp http;
    private final URI endpoint;
    private final @Nullable Supplier<String> authorization;
    private final Clock clock;

    /** Who waits for an answer now. Guarded by this. */
    private @Nullable Thread waiting;

    /** Guarded by this. */
    private boolean isAbandoned;

    PollExchange(OutgoingHttp http, URI endpoint, @Nullable Supplier<String> authorization, Clock clock) {
        this.http = http;
        this.endpoint = endpoint;
        this.authorization = authorization;
        this.clock = clock;
    }

    /** In which time it ends. */
    Duration timeout() {
        return http.timeout();
    }

    PollAnswer poll(OutgoingRequest request, int most) throws PollFailedException {
        OutgoingAnswer answer;
        try {
            answer = send(request);
        } catch (OutgoingException e) {
            String message = String.valueOf(e.getMessage());
            throw e.reason() == OutgoingException.Reason.TOO_LARGE
                    ? PollFailedException.tooLarge(message)
                    : new PollFailedException(message);
        }
        if (answer.status() != OK) {
            throw PollFailedException.ofStatus(answer.status(), retryAfter(answer));
        }
        return PollAnswer.parse(answer.body(), most);
    }

    /**
     * Waits for no answer any more. Nothing but the wait for one is interrupted: stores in this process may close their
     * files when a thread that reads them is.
     */
    synchronized void abandon() {
        isAbandoned = true;
        if (waiting != null) {
            waiting.interrupt();
        }
    }

    private OutgoingAnswer send(OutgoingRequest request) throws PollFailedException {
        synchronized (this) {
            if (isAbandoned) {
                throw new PollFailedException("polling ends");
            }
            waiting = Thread.currentThread();
        }
        try {
            return http.send(request);
        } finally {
            synchronized (this) {
                waiting = null;
                // What comes next is to be done in full.
                boolean unused = Thread.interrupted();
            }
        }
    }

    /** What is to be sent; the host is asked for its authorization here, which may take a while. */
    OutgoingRequest request(int maxEvents, Settled settled) throws PollFailedException {
        OutgoingRequest request = OutgoingRequest.post(endpoint, JSON, body(maxEvents, settled))
                .header("Accept", JSON)
                .maxAnswerBytes(LARGEST);
        if (!settled.refused().isEmpty()) {
            request = request.header("Content-Language", "en");
        }
        if (authorization == null) {
            return request;
        }
        try {
            return request.header("Authorization", authorization.get());
        } catch (Throwable e) {
            // The host's, in any language; its message might repeat the token.
            throw new PollFailedException(
                    "authorization(...) has failed: " + e.getClass().getName());
        }
    }

    private static byte[] body(int maxEvents, Settled settled) {
        JsonObject body = new JsonObject().with("maxEvents", maxEvents).with("returnImmediately", true);
        if (!settled.accepted().isEmpty()) {
            body.withTexts("ack", settled.accepted());
        }
        if (!settled.refused().isEmpty()) {
            Map<String, Object> errors = new LinkedHashMap<>();
            settled.refused()
                    .forEach((key, why) ->
                            errors.put(key, Map.of("err", why.error().code(), "description", why.description())));
            body.withValue("setErrs", errors);
        }
        return body.bytes();
    }

    /** Seconds or a date (RFC 9110 section 10.2.3); nothing of what cannot be read. */
    private Duration retryAfter(OutgoingAnswer answer) {
        String text = answer.header("Retry-After").orElse("").strip();
        try {
            if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return text.isEmpty() ? Duration.ZERO : Duration.ofSeconds(Long.parseLong(text));
            }
            Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration left = Duration.between(clock.instant(), then);
            return left.isNegative() ? Duration.ZERO : left;
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            return Duration.ZERO;
        }
    }
}
