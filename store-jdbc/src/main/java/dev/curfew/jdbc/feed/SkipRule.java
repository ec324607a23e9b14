package dev.curfew.jdbc.feed;

import dev.curfew.jdbc.sql.Database;
import java.time.Duration;
import java.util.Optional;

/**
 * Decides up to which {@code seq} a reader need not look for rows without a number, because none can appear there any
 * more. Confined to one thread.
 *
 * <p>When a row is met, every transaction with a lower {@code seq} has begun already. Once these transactions must have
 * ended, and a complete read was sent after that, this read has met every row that will ever have a lower {@code seq}.
 * They may be skipped as soon as all of them have a number. Where the server does not bound our transactions, nothing
 * is skipped.
 */
final class SkipRule {
    /** The longest that a transaction of ours takes; the servers enforce it. */
    private static final Duration LONGEST_TRANSACTION = Duration.ofMinutes(2);

    private final Optional<Duration> longestTransaction;
    private long waiting;
    private long metNanos;
    private long proven;
    private long skipped;

    SkipRule(Optional<Duration> longestTransaction) {
        this.longestTransaction = longestTransaction;
    }

    /** The rule for this server and this timeout. */
    static SkipRule of(Database database) {
        return new SkipRule(
                database.dialect().boundsTransactions()
                        ? Optional.of(
                                LONGEST_TRANSACTION.plus(database.timeout().multipliedBy(2)))
                        : Optional.empty());
    }

    /** The {@code seq} behind which the next read begins. */
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
