package dev.curfew.examples.server;

import dev.curfew.crypto.SecretToken;
import dev.curfew.http.HeaderField;
import dev.curfew.http.RefreshCookie;
import dev.curfew.http.SessionCookie;
import dev.curfew.session.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The cookies of the example. A real host has TLS, leaves {@code allowWithoutTls()} out, and names them {@code
 * __Host-session} and {@code __Host-refresh}, without a path, so that no other host can set them.
 */
final class DemoCookies {
    static final SessionCookie SESSION =
            SessionCookie.named("demo-session").allowWithoutTls().persistent().build();

    /** Sent to login, refresh and logout, and nowhere else. */
    static final RefreshCookie REFRESH = RefreshCookie.named("demo-refresh")
            .path("/api/v1/auth")
            .allowWithoutTls()
            .persistentIf(DemoCookies::isRemembered)
            .build();

    private static final String REMEMBERED = "remembered";

    private DemoCookies() {}

    /** What the host keeps with a session, so that it still knows at each refresh what the person wanted. */
    static Map<String, String> attributes(boolean remember) {
        return remember ? Map.of(REMEMBERED, "yes") : Map.of();
    }

    static boolean isRemembered(Session session) {
        return session.attributes().containsKey(REMEMBERED);
    }

    /** The cookie that brings a new credential home; the other one is that of an earlier session, if there is one. */
    static List<HeaderField> of(SecretToken token, Session session, Instant now) {
        return switch (token.kind()) {
            case REFRESH_TOKEN -> List.of(REFRESH.set(token, session, now), SESSION.clear());
            case SESSION_TOKEN -> List.of(session(token, session, now), REFRESH.clear());
        };
    }

    private static HeaderField session(SecretToken token, Session session, Instant now) {
        return isRemembered(session)
                ? SESSION.set(token.reveal(), Duration.between(now, session.expiresAt()))
                : SESSION.set(token.reveal());
    }
}
