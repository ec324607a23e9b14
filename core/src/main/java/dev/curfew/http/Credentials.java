package dev.curfew.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The texts that a request offers as tokens, before anybody looked into them. Immutable.
 *
 * @param authorization from the {@code Authorization} header; empty if the header names no token
 * @param isDpop whether the header has the scheme of DPoP
 * @param cookies from the credential cookie, each value once; several if somebody else could set one of its name
 * @param body from the body
 */
record Credentials(
        @Nullable String authorization,
        boolean isDpop,
        List<String> cookies,
        @Nullable String body) {
    private static final String BEARER = "Bearer";
    private static final String DPOP = "DPoP";

    /** Each costs the check of a signature, and a browser has no reason to send more. */
    static final int MOST_COOKIES = 4;

    Credentials {
        cookies = List.copyOf(cookies);
    }

    /** Reads them; what could be read in two ways is refused. The scheme of DPoP is one only for who verifies it. */
    static Credentials of(
            EndpointRequest request, @Nullable SessionCookie cookie, @Nullable String body, boolean readsDpop)
            throws Rejection {
        if (request.headers("Authorization").size() > 1) {
            throw Rejection.of(ProblemType.CREDENTIALS_AMBIGUOUS);
        }
        String bearer = authorization(request, BEARER);
        String dpop = readsDpop ? authorization(request, DPOP) : null;
        return new Credentials(
                dpop == null ? bearer : dpop,
                dpop != null,
                cookie == null ? List.of() : cookies(request, cookie.name()),
                body);
    }

    static boolean comesByDpop(EndpointRequest request) {
        return authorization(request, DPOP) != null;
    }

    /** Whether a browser may have sent the credential by itself, whoever caused the request. */
    boolean areCookieOnly() {
        return !cookies.isEmpty() && authorization == null && body == null;
    }

    boolean isEmpty() {
        return cookies.isEmpty() && authorization == null && body == null;
    }

    /** What the caller sent on purpose, each text once: a cookie comes whoever has set it. */
    List<String> explicit() {
        if (authorization == null) {
            return body == null ? List.of() : List.of(body);
        }
        return body == null || body.equals(authorization) ? List.of(authorization) : List.of(authorization, body);
    }

    /** No token must come to a log. */
    @Override
    public String toString() {
        return "Credentials[" + (explicit().size() + cookies.size()) + "]";
    }

    /** What follows the scheme, or null if that is another one. */
    private static @Nullable String authorization(EndpointRequest request, String wanted) {
        List<String> headers = request.headers("Authorization");
        String header = headers.isEmpty() ? "" : headers.get(0);
        int space = header.indexOf(' ');
        String scheme = space < 0 ? header : header.substring(0, space);
        return scheme.equalsIgnoreCase(wanted) ? HttpText.trim(header, scheme.length()) : null;
    }

    /** The values of a cookie, each once; several if somebody else could set one of its name. */
    static List<String> cookies(EndpointRequest request, String name) throws Rejection {
        List<String> values = request.cookies(name).stream()
                .filter(value -> !value.isEmpty())
                .distinct()
                .toList();
        if (values.size() > MOST_COOKIES) {
            throw Rejection.of(ProblemType.CREDENTIALS_AMBIGUOUS);
        }
        return values;
    }
}
