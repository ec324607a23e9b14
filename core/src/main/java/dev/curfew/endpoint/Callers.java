package dev.curfew.endpoint;

import dev.curfew.client.ClientAuthentication;
import dev.curfew.client.ClientAuthentication.Ambiguous;
import dev.curfew.client.ClientAuthentication.Authenticated;
import dev.curfew.client.ClientAuthentication.Forbidden;
import dev.curfew.client.ClientAuthentication.Unavailable;
import dev.curfew.client.ClientAuthenticator;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.HeaderField;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Lets pass who is known, and challenges everybody else (RFC 6749 §5.2, RFC 6750 §3). Thread-safe. */
public final class Callers {
    private static final String CHALLENGE = "WWW-Authenticate";
    private static final String BEARER = "Bearer";

    private static final String BASIC = "Basic";

    private final ClientAuthenticator authenticator;
    private final String realm;
    private final List<String> schemes;

    /** Challenges in the name of a realm of HTTP, which is no realm of sessions. */
    public Callers(ClientAuthenticator authenticator, String realm) {
        this.authenticator = Objects.requireNonNull(authenticator, "clients");
        this.realm = requireRealm(realm);
        this.schemes = schemes(authenticator.methods());
    }

    /** A method that has no scheme of HTTP is named only where none has: a client can use no other there. */
    private static List<String> schemes(List<String> methods) {
        List<String> all = methods.stream().map(Callers::scheme).distinct().toList();
        List<String> ofHttp = all.stream()
                .filter(scheme -> scheme.equals(BASIC) || scheme.equals(BEARER))
                .toList();
        return ofHttp.isEmpty() ? all : ofHttp;
    }

    private static String scheme(String method) {
        return switch (method) {
            case "client_secret_basic" -> BASIC;
            case "global-token-revocation+jwt" -> BEARER;
            default -> method;
        };
    }

    /** A name that stands in a quoted string as it is. */
    public static String requireRealm(String name) {
        if (!name.chars().allMatch(c -> c >= ' ' && c < 0x7F && c != '"' && c != '\\')) {
            throw new IllegalArgumentException(
                    "challengeRealm(...) is visible ASCII characters and spaces, without quotation mark and backslash");
        }
        return name;
    }

    /** Who calls. */
    public Authenticated require(EndpointRequest request) throws RefusedRequestException {
        ClientAuthentication found =
                Objects.requireNonNull(authenticator.authenticate(request), "the authenticator's answer");
        if (found instanceof Authenticated authenticated) {
            return authenticated;
        }
        if (found instanceof Ambiguous) {
            throw RefusedRequestException.malformed("the request authenticates its caller in more than one way");
        }
        if (found instanceof Unavailable) {
            throw new RefusedRequestException(EndpointAnswers.unavailable());
        }
        if (found instanceof Forbidden) {
            throw RefusedRequestException.of(
                    403, "insufficient_scope", "the caller may not do this", challenges("insufficient_scope"));
        }
        throw refused(found instanceof ClientAuthentication.Refused && isBearer(request));
    }

    /** Who calls, and has proven it. */
    public Authenticated requireConfidential(EndpointRequest request) throws RefusedRequestException {
        Authenticated caller = require(request);
        if (!caller.isConfidential()) {
            throw refused(false);
        }
        return caller;
    }

    private RefusedRequestException refused(boolean isBearer) {
        String error = isBearer ? "invalid_token" : "invalid_client";
        return RefusedRequestException.of(401, error, "the caller is not known", challenges(isBearer ? error : ""));
    }

    private HeaderField[] challenges(String bearerError) {
        return schemes.stream()
                .map(scheme -> new HeaderField(CHALLENGE, challenge(scheme, bearerError)))
                .toArray(HeaderField[]::new);
    }

    private String challenge(String scheme, String bearerError) {
        String challenge = scheme + " realm=\"" + realm + "\"";
        if (scheme.equals(BASIC)) {
            return challenge + ", charset=\"UTF-8\"";
        }
        return scheme.equals(BEARER) && !bearerError.isEmpty()
                ? challenge + ", error=\"" + bearerError + "\""
                : challenge;
    }

    private static boolean isBearer(EndpointRequest request) {
        return request.headers("Authorization").stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).startsWith("bearer "));
    }
}
