package dev.curfew.http;

import java.time.Duration;

/**
 * An access token for a client. Immutable.
 *
 * @param text for the {@code Authorization} header
 * @param expiresIn how long it is good for, from now on; at least a second
 */
public record IssuedAccessToken(String text, Duration expiresIn) {
    /**
     * Checks both.
     *
     * @throws IllegalArgumentException if the text is empty or has other characters than a header may have, or the time
     *     is shorter than a second
     */
    public IssuedAccessToken {
        if (text.isEmpty() || !text.chars().allMatch(HttpText::isVisible)) {
            throw new IllegalArgumentException("an access token is visible ASCII characters, and not none");
        }
        if (expiresIn.toSeconds() < 1) {
            throw new IllegalArgumentException("expiresIn must be at least a second");
        }
    }

    /** Nothing of the token. */
    @Override
    public String toString() {
        return "IssuedAccessToken[" + expiresIn + "]";
    }
}
