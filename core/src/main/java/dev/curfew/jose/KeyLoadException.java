package dev.curfew.jose;

import java.io.IOException;

/**
 * An issuer answered something else than its keys; the message is one of our own sentences, so that it may be logged.
 */
public final class KeyLoadException extends IOException {
    private static final long serialVersionUID = 1L;

    KeyLoadException(String reason) {
        super(reason);
    }
}
