package dev.curfew.jose;

import dev.curfew.crypto.UnusableKeyException;
import dev.curfew.crypto.UnusableKeyException.Reason;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/** One request for an issuer's keys: https only, no redirects, bounded in time and size. Thread-safe. */
public final class JwkSetDownload {
    private static final int OK = 200;
    private static final int PROXY_WANTS_PASSWORD = 407;
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
        return BoundedExchange.send(
                        client,
                        request,
                        settings.maxBytes(),
                        () -> new KeyLoadException("the answer is larger than maxBytes"),
                        settings.timeout())
                .thenCompose(JwkSetDownload::read);
    }

    private static CompletableFuture<PublishedKeys> read(HttpResponse<byte[]> response) {
        if (response.statusCode() != OK) {
            return CompletableFuture.failedFuture(
                    new KeyLoadException("HTTP status " + response.statusCode() + adviceFor(response.statusCode())));
        }
        try {
            return CompletableFuture.completedFuture(JwkSetReader.readPublished(response.body()));
        } catch (UnusableKeyException e) {
            // The reader words its own messages, and none spells a key.
            String looks = e.reason() == Reason.SET_MALFORMED ? looksLike(response.body()) : "";
            return CompletableFuture.failedFuture(new KeyLoadException(e.getMessage() + looks));
        }
    }

    private static String adviceFor(int status) {
        return switch (status / 100) {
            case 3 -> ": redirects are not followed, so give the address that it leads to";
            case 4 ->
                status == PROXY_WANTS_PASSWORD
                        ? ": the proxy of this JVM wants a password"
                        : ": is this the address of the issuer's JWK set (jwks_uri), open to everybody?";
            default -> "";
        };
    }

    /** What came in place of a set, without anything of it. */
    private static String looksLike(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        if (text.isEmpty()) {
            return "; the answer is empty";
        }
        if (text.startsWith("<")) {
            return "; the answer is a page, of a login or of a proxy";
        }
        return text.contains("\"jwks_uri\"")
                ? "; the answer is the issuer's configuration, so give the address that it calls jwks_uri"
                : "";
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

    /** Without what may be a secret. */
    private static String shown(URI uri) {
        return uri.getScheme() == null || uri.getHost() == null
                ? "none with a scheme and a host"
                : uri.getScheme() + "://" + uri.getHost() + uri.getRawPath();
    }

    private static void requireSafe(URI uri) {
        if (!isSafe(uri)) {
            throw new IllegalArgumentException("TokenKeys.remote: the address must be https://host/path, or http on"
                    + " localhost, without user, password and fragment, and is " + shown(uri));
        }
    }
}
