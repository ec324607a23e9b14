package dev.curfew.ssf;

import java.util.Locale;

/** What is wrong with a SET, in the words of RFC 8935 section 2.4 and of the Shared Signals Framework. */
enum SetError {
    INVALID_REQUEST,
    INVALID_KEY,
    INVALID_ISSUER,
    INVALID_AUDIENCE,
    AUTHENTICATION_FAILED,
    INVALID_STATE;

    /** As it stands in {@code err}. */
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
