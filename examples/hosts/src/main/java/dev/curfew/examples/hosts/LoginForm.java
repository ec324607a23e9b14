package dev.curfew.examples.hosts;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Map;
import java.util.Optional;

/**
 * What somebody types who signs in, for hosts whose framework reads no JSON. Immutable.
 *
 * @param username whatever was typed
 * @param password whatever was typed
 */
public record LoginForm(String username, String password) {
    /**
     * Reads a form.
     *
     * @param body {@code {"username":"…","password":"…"}}
     * @return nothing if it is anything else
     */
    public static Optional<LoginForm> parse(byte[] body) {
        try {
            // The parser answers null for the text "null", which is JSON, but no object.
            Map<String, Object> members = JSONObjectUtils.parse(new String(body, StandardCharsets.UTF_8));
            return members != null
                            && members.get("username") instanceof String username
                            && members.get("password") instanceof String password
                    ? Optional.of(new LoginForm(username, password))
                    : Optional.empty();
        } catch (ParseException e) {
            return Optional.empty();
        }
    }

    /** No password. */
    @Override
    public String toString() {
        return "LoginForm";
    }
}
