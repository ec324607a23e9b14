package dev.curfew.replica;

import dev.curfew.store.ClocksDifferException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares this node's clock with the store's in the reads that are made anyway. Thread-safe. */
final class ClockComparison {
    private static final Logger LOG = LoggerFactory.getLogger(ClockComparison.class);

    private final Duration allowed;
    private volatile @Nullable Duration difference;

    ClockComparison(Duration allowed) {
        this.allowed = allowed;
    }

    /**
     * Takes a reading of the store's clock, which was made at some moment between two readings of this node's. What the
     * time of the read explains is no difference.
     */
    synchronized void compare(Instant before, Instant store, Instant after) {
        boolean differed = isTooLarge();
        if (store.isBefore(before)) {
            difference = Duration.between(store, before);
        } else if (store.isAfter(after)) {
            difference = Duration.between(store, after);
        } else {
            difference = Duration.ZERO;
        }
        if (isTooLarge() && !differed) {
            LOG.error(
                    "the clock of this node is {} ahead of the store's, and nodeSkew allows {}: one of them is wrong,"
                            + " and nothing is purged meanwhile",
                    difference,
                    allowed);
        } else if (differed && !isTooLarge()) {
            LOG.info("the clocks of this node and of the store agree again");
        }
    }

    /**
     * By how much this node's clock is ahead of the store's, negative if it is behind; nothing before the first read.
     */
    Optional<Duration> difference() {
        return Optional.ofNullable(difference);
    }

    /** The difference, if it is more than clocks may be apart. */
    Optional<Duration> tooLarge() {
        return difference().filter(known -> known.abs().compareTo(allowed) > 0);
    }

    /**
     * Demands that neither clock must be wrong, since nothing is removed for good by a wrong one.
     *
     * @throws ClocksDifferException if they differ by more than they may
     */
    void requireAgreement() {
        tooLarge().ifPresent(much -> {
            throw new ClocksDifferException(much, allowed);
        });
    }

    private boolean isTooLarge() {
        return tooLarge().isPresent();
    }
}
