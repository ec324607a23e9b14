package dev.curfew.ssf;

import dev.curfew.token.InvalidEventTokenException;

/** A SET is refused, and its transmitter is told why; the description is one of our own sentences. */
final class RefusedSetException extends Exception {
    private static final long serialVersionUID = 1L;

    private final SetError error;
    private final String description;
    private final String detail;
    private final boolean mayBeMended;

    private RefusedSetException(SetError error, String description, String detail, boolean mayBeMended) {
        // What a transmitter has done wrong is not worth a stack trace.
        super(description, null, false, false);
        this.error = error;
        this.description = description;
        this.detail = detail;
        this.mayBeMended = mayBeMended;
    }

    static RefusedSetException of(SetError error, String description) {
        return new RefusedSetException(error, description, description, false);
    }

    static RefusedSetException of(InvalidEventTokenException e) {
        InvalidEventTokenException.Reason reason = e.reason();
        return new RefusedSetException(
                error(reason), "the SET is refused: " + reason, String.valueOf(e.getMessage()), mayBeMended(reason));
    }

    /** Newer keys may be asked for in a while, and a clock that is behind catches up. */
    private static boolean mayBeMended(InvalidEventTokenException.Reason reason) {
        return switch (reason) {
            case KEY_UNKNOWN, SIGNATURE, TIMES -> true;
            default -> false;
        };
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

    /** For the log: one of our own sentences too. */
    String detail() {
        return detail;
    }

    /** Whether the same SET may be accepted in a while. */
    boolean mayBeMended() {
        return mayBeMended;
    }
}
