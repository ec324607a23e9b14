package dev.curfew.credential;

import dev.curfew.replica.ReplicaListener;
import dev.curfew.session.LookupKey;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Tells whether a session's row may have been exchanged since it was read. Thread-safe.
 *
 * <p>A stamp is taken before the row is read. Whatever exchange that read has not seen makes it old: before this node
 * is called fresh by the read of the feed that has brought the exchange, and before the call returns that has made it.
 * Many sessions share one counter, so that some are read again for nothing.
 */
final class ExchangeStamps implements ReplicaListener {
    private static final int COUNTERS = 1 << 18;

    private final AtomicIntegerArray counters = new AtomicIntegerArray(COUNTERS);
    private final AtomicInteger epoch = new AtomicInteger();

    /** What was known of exchanges at one moment. Immutable. */
    record Stamp(int counter, int epoch, int count) {}

    Stamp take(LookupKey session) {
        int counter = counter(session);
        return new Stamp(counter, epoch.get(), counters.get(counter));
    }

    boolean isCurrent(Stamp stamp) {
        return stamp.epoch == epoch.get() && stamp.count == counters.get(stamp.counter);
    }

    @Override
    public void exchanged(LookupKey session) {
        counters.incrementAndGet(counter(session));
    }

    /** Any exchange may have been missed. */
    @Override
    public void missed() {
        epoch.incrementAndGet();
    }

    private static int counter(LookupKey session) {
        return (int) session.low() & COUNTERS - 1;
    }
}
