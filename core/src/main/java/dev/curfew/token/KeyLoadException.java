package dev.curfew.token;

import java.io.IOException;

/**
 * An issuer answered something else than its keys; the message is one of our own sentences, so that it may be logged.
 */
final class KeyLoadException extends IOException {
    private static final long serialVersionUID = 1L;

    KeyLoadException(String reason) {
        super(reason);
    }
}
