package dev.curfew.replica;

import dev.curfew.session.SlowerClock;
import java.time.Clock;
import java.time.Instant;
import java.util.function.LongSupplier;

/** The clocks of a node: the wall clock, elapsed time, and the slower of both, by which it forgets. Thread-safe. */
final class NodeTime {
    private final Clock clock;
    private final LongSupplier ticker;
    private final SlowerClock slower;

    NodeTime(Clock clock, LongSupplier ticker) {
        this.clock = clock;
        this.ticker = ticker;
        this.slower = SlowerClock.start(clock, ticker);
    }

    LongSupplier ticker() {
        return ticker;
    }

    Instant instant() {
        return clock.instant();
    }

    long millis() {
        return clock.millis();
    }

    long nanos() {
        return ticker.getAsLong();
    }

    /** By which this node forgets just now. */
    Instant forgetting() {
        return slower.instant();
    }

    /** By which this node forgets in an operation of this instant. */
    Instant forgetting(Instant now) {
        return slower.notAfter(now);
    }
}
