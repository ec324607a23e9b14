package dev.curfew.ssf;

import dev.curfew.token.InvalidEventTokenException;

/** A SET is refused, and its transmitter is told why; the description is one of our own sentences. */
final class RefusedSetException extends Exception {
    private static final long serialVersionUID = 1L;

    private final SetError error;
    private final String description;
    private final boolean isKeyUnknown;

    private RefusedSetException(SetError error, String description, boolean isKeyUnknown) {
        // What a transmitter has done wrong is not worth a stack trace.
        super(description, null, false, false);
        this.error = error;
        this.description = description;
        this.isKeyUnknown = isKeyUnknown;
    }

    static RefusedSetException of(SetError error, String description) {
        return new RefusedSetException(error, description, false);
    }

    static RefusedSetException of(InvalidEventTokenException e) {
        InvalidEventTokenException.Reason reason = e.reason();
        return new RefusedSetException(
                error(reason),
                "the SET is refused: " + reason,
                reason == InvalidEventTokenException.Reason.KEY_UNKNOWN);
    }

    private static SetError error(InvalidEventTokenException.Reason reason) {
        return switch (reason) {
            case ALGORITHM, KEY_UNKNOWN, SIGNATURE -> SetError.INVALID_KEY;
            case ISSUER -> SetError.INVALID_ISSUER;
            case AUDIENCE -> SetError.INVALID_AUDIENCE;
            case TOO_LONG, MALFORMED, TYPE, CLAIM, EVENT, SUBJECT, TIMES, EXPIRED -> SetError.INVALID_REQUEST;
        };
    }

    SetError error() {
        return error;
    }

    String description() {
        return description;
    }

    /** Whether it may be of a key that was published a moment ago, and nobody may ask for yet. */
    boolean isKeyUnknown() {
        return isKeyUnknown;
    }
}
