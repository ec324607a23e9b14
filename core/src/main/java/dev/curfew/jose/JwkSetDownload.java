package dev.curfew.jose;

import dev.curfew.crypto.UnusableKeyException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** One request for an issuer's keys: https only, no redirects, bounded in time and size. Thread-safe. */
public final class JwkSetDownload {
    private static final int OK = 200;
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    private final HttpClient client;
    private final HttpRequest request;
    private final KeyLoadSettings settings;

    JwkSetDownload(URI uri, KeyLoadSettings settings, HttpClient client) {
        requireSafe(uri);
        this.settings = settings;
        this.client = client;
        this.request = HttpRequest.newBuilder(uri)
                .header("Accept", "application/jwk-set+json, application/json")
                .build();
    }

    /** Where the keys are. */
    URI uri() {
        return request.uri();
    }

    /** Sends it; the future fails with a {@link KeyLoadException}, or with what the connection says. */
    CompletableFuture<PublishedKeys> send() {
        CompletableFuture<HttpResponse<byte[]>> sent =
                client.sendAsync(request, info -> new LimitedBody(settings.maxBytes()));
        // The request's own timeout would end with the headers, and a slow body could take for ever.
        return sent.thenCompose(JwkSetDownload::read)
                .orTimeout(settings.timeout().toNanos(), TimeUnit.NANOSECONDS)
                .whenComplete((keys, failure) -> {
                    if (failure != null) {
                        sent.cancel(true);
                    }
                });
    }

    private static CompletableFuture<PublishedKeys> read(HttpResponse<byte[]> response) {
        if (response.statusCode() != OK) {
            return CompletableFuture.failedFuture(new KeyLoadException("HTTP status " + response.statusCode()));
        }
        try {
            return CompletableFuture.completedFuture(JwkSetReader.readPublished(response.body()));
        } catch (UnusableKeyException e) {
            // The reader words its own messages, and none spells a key.
            return CompletableFuture.failedFuture(new KeyLoadException(String.valueOf(e.getMessage())));
        }
    }

    /** Whether what comes from there is from whom it says: https, or this machine itself. */
    public static boolean isSafe(URI uri) {
        String scheme = uri.getScheme();
        String host = uri.getHost();
        boolean complete = scheme != null && host != null && uri.getUserInfo() == null && uri.getFragment() == null;
        // By its text: a name that merely resolves to this machine today may not do so tomorrow.
        return complete
                && (scheme.equalsIgnoreCase("https")
                        || scheme.equalsIgnoreCase("http")
                                && LOOPBACK.matcher(host.toLowerCase(Locale.ROOT))
                                        .matches());
    }

    private static void requireSafe(URI uri) {
        if (!isSafe(uri)) {
            throw new IllegalArgumentException("remote keys: the address must be https, or http on localhost");
        }
    }
}
