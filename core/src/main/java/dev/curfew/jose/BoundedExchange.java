package dev.curfew.jose;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One request of the JDK's client whose whole answer is bounded, in time and in size. */
public final class BoundedExchange {
    private BoundedExchange() {}

    /**
     * Sends it; the future fails with a {@link java.util.concurrent.TimeoutException} when the time is over, and the
     * request is given up.
     */
    public static CompletableFuture<HttpResponse<byte[]>> send(
            HttpClient client,
            HttpRequest request,
            int maxBytes,
            Supplier<? extends IOException> tooLarge,
            Duration timeout) {
        CompletableFuture<HttpResponse<byte[]>> sent =
                client.sendAsync(request, info -> new LimitedBody(maxBytes, tooLarge));
        // The request's own timeout would end with the headers, and a slow body could take for ever.
        return sent.copy().orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS).whenComplete((answer, failure) -> {
            if (failure != null) {
                sent.cancel(true);
            }
        });
    }
}
