package dev.curfew.examples.hosts;

import dev.curfew.http.HeaderField;
import java.util.Map;

/**
 * What a login hands out. Immutable.
 *
 * @param token the access token
 * @param session the public id of the session
 * @param refreshCookie the header line that brings the refresh token to the browser
 */
public record SignedIn(String token, String session, HeaderField refreshCookie) {
    /** {@return the members of the answer's JSON} */
    public Map<String, Object> json() {
        return Map.of("token", token, "session", session);
    }

    /** No token. */
    @Override
    public String toString() {
        return "SignedIn[" + session + "]";
    }
}
