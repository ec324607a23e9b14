package dev.curfew.jdbc.feed;

import java.time.Duration;
import java.util.Optional;

/**
 * Up to where a reader need not look for rows without a number, because none can appear there any more. Confined to
 * one thread.
 *
 * <p>A row that was met stands for an instant: every transaction with a lower {@code seq} was at work then, or is
 * over. Once no transaction that was at work then can be at work any more, and a complete read was sent after that,
 * this read has met all that will ever stand below. What it met may be skipped as soon as none of it is without a
 * number. Where the server does not bound our transactions, nothing is skipped.
 */
final class SkipRule {
    private final Optional<Duration> longestTransaction;
    private long waiting;
    private long metNanos;
    private long proven;
    private long skipped;

    SkipRule(Optional<Duration> longestTransaction) {
        this.longestTransaction = longestTransaction;
    }

    /** Behind which {@code seq} the next read begins. */
    long skipped() {
        return skipped;
    }

    void reset() {
        waiting = 0;
        proven = 0;
        skipped = 0;
    }

    /**
     * A read was complete.
     *
     * @param sentNanos when it was sent
     * @param arrivedNanos when its answer was there
     * @param met the highest {@code seq} that this reader has met in a read that has ended
     * @param lowestNoted the lowest {@code seq} of a row that is still without a number
     */
    void completed(long sentNanos, long arrivedNanos, long met, long lowestNoted) {
        if (longestTransaction.isEmpty()) {
            return;
        }
        if (waiting != 0 && sentNanos - metNanos >= longestTransaction.get().toNanos()) {
            proven = waiting;
            waiting = 0;
        }
        if (waiting == 0 && met > proven) {
            waiting = met;
            metNanos = arrivedNanos;
        }
        if (proven < lowestNoted) {
            skipped = proven;
        }
    }
}
