package dev.curfew.ssf;

import dev.curfew.work.BoundedMap;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * SETs that may be accepted in a while, such as those of a key that nobody knows yet: they are neither acknowledged nor
 * refused until then. Confined to one thread.
 */
final class HeldBack {
    /** Much longer than a verifier waits before it asks for newer keys again. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final int MOST = 1_000;

    private final Map<String, Long> since = BoundedMap.byUse(MOST);
    private final LongSupplier ticker;

    HeldBack(LongSupplier ticker) {
        this.ticker = ticker;
    }

    /** Whether it is still early enough to wait. */
    boolean mayWait(String key) {
        long now = ticker.getAsLong();
        return now - since.computeIfAbsent(key, first -> now) < PATIENCE.toNanos();
    }

    void forget(String key) {
        since.remove(key);
    }
}
