package dev.curfew.memory;

import dev.curfew.revocation.Revocation;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Decides whether a revocation that is to be recorded is over already: only if the wall clock and elapsed time both say
 * so. Thread-safe.
 *
 * <p>Else a revocation that was acknowledged while the wall clock ran ahead would be missing once it is set right.
 */
final class Forgetting {
    private final Instant opened;
    private final LongSupplier ticker;
    private final long openedNanos;
    private final ElapsedClock clock;

    Forgetting(Instant opened, LongSupplier ticker, ElapsedClock clock) {
        this.opened = opened;
        this.ticker = ticker;
        this.openedNanos = ticker.getAsLong();
        this.clock = clock;
    }

    boolean isForgotten(Revocation entry, Instant now) {
        Duration elapsed = Duration.ofNanos(ticker.getAsLong() - openedNanos);
        return entry.isForgotten(now) && entry.isForgotten(clock.at(now, opened.plus(elapsed)));
    }
}
