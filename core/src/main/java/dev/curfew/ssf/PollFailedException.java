package dev.curfew.ssf;

import java.time.Duration;

/** A poll brought no answer that can be used; the message is one of our own sentences. */
final class PollFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;
    private final boolean isTooLarge;
    private final boolean isRefused;

    private PollFailedException(String message, Duration retryAfter, boolean isTooLarge, boolean isRefused) {
        super(message, null, false, false);
        this.retryAfter = retryAfter;
        this.isTooLarge = isTooLarge;
        this.isRefused = isRefused;
    }

    PollFailedException(String message) {
        this(message, Duration.ZERO, false, false);
    }

    /** The answer had a status that says so. */
    static PollFailedException ofStatus(int status, Duration retryAfter) {
        boolean isRefused =
                status >= 400 && status < 500 && status != 401 && status != 403 && status != 408 && status != 429;
        return new PollFailedException("the answer has the status " + status, retryAfter, false, isRefused);
    }

    /** The answer was longer than it may be. */
    static PollFailedException tooLarge(String message) {
        return new PollFailedException(message, Duration.ZERO, true, false);
    }

    /** Not to be asked again before. */
    Duration retryAfter() {
        return retryAfter;
    }

    /** Whether fewer SETs at once may help. */
    boolean isTooLarge() {
        return isTooLarge;
    }

    /** Whether the request is what the transmitter does not like. */
    boolean isRefused() {
        return isRefused;
    }
}
