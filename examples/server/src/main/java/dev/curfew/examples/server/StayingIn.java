package dev.curfew.examples.server;

import dev.curfew.LoginAttempt;
import dev.curfew.refresh.RefreshBinding;
import java.util.Locale;

/** How a person stays signed in, as whoever signs them in asks for it. */
enum StayingIn {
    /** With one access token, and not after it: for a terminal. */
    TOKEN,
    /** With access tokens in the memory of the page, and a refresh token in a cookie. */
    REFRESH,
    /** With a session token in a cookie, and nothing else. */
    COOKIE;

    static StayingIn named(String name) {
        for (StayingIn way : values()) {
            if (way.name().toLowerCase(Locale.ROOT).equals(name)) {
                return way;
            }
        }
        throw new Refusal(400, Text.NOT_JSON);
    }

    /** What Curfew is to hand out with the session. */
    LoginAttempt wish(LoginAttempt attempt) {
        return switch (this) {
            case TOKEN -> attempt;
            case REFRESH -> attempt.withRefreshToken(RefreshBinding.none());
            case COOKIE -> attempt.withSessionToken();
        };
    }
}
