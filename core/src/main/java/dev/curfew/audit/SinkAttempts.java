package dev.curfew.audit;

/**
 * How much to offer a sink next and how long to wait before, after it has failed. Guarded by its owner.
 *
 * <p>Each failure halves the batch: so one record that the sink cannot take is found out and given up alone, and takes
 * no others with it.
 */
final class SinkAttempts {
    /** The largest batch. */
    static final int BATCH = 500;

    /** How often a record is offered; by then a batch has become one record. */
    static final int MOST = 10;

    private static final int MOST_DOUBLINGS = 6;

    private int batch = BATCH;
    private int attempts;
    private int failures;

    int batch() {
        return batch;
    }

    void succeeded() {
        batch = BATCH;
        attempts = 0;
        failures = 0;
    }

    /** A batch of this size failed; answers whether it was offered for the last time. */
    boolean failed(int size) {
        failures++;
        attempts++;
        batch = Math.max(1, size / 2);
        boolean isGivenUp = attempts >= MOST;
        if (isGivenUp) {
            attempts = 0;
        }
        return isGivenUp;
    }

    boolean isPausing() {
        return failures > 0;
    }

    /** A pause that doubles with each failure, up to 64 times the first. */
    long pauseNanos(long firstNanos) {
        return firstNanos << Math.min(failures - 1, MOST_DOUBLINGS);
    }
}
