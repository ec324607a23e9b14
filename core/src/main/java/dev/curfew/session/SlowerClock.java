package dev.curfew.session;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * The slower of the wall clock and of what it would show if it had never been set since the start. It decides what may
 * be forgotten. Thread-safe; one for each node.
 *
 * <p>A wall clock that is set ahead makes everything look old, and what is forgotten then is missing once it is set
 * back. Elapsed time cannot be set. It may stand still while a machine sleeps; then things are only
 * forgotten later.
 */
public final class SlowerClock {
    private final Clock wall;
    private final LongSupplier ticker;
    private final Instant start;
    private final long startNanos;

    private SlowerClock(Clock wall, LongSupplier ticker) {
        this.wall = wall;
        this.ticker = ticker;
        this.start = wall.instant();
        this.startNanos = ticker.getAsLong();
    }

    /**
     * Starts now. Reads both clocks once.
     *
     * @param wall the clock of all operations
     * @param ticker elapsed time in nanoseconds, such as {@link System#nanoTime}
     * @return a new clock
     */
    public static SlowerClock start(Clock wall, LongSupplier ticker) {
        return new SlowerClock(Objects.requireNonNull(wall, "wall"), Objects.requireNonNull(ticker, "ticker"));
    }

    /** {@return the earlier of the wall clock's reading and of the start with the time elapsed since} */
    public Instant instant() {
        return notAfter(wall.instant());
    }

    /**
     * The same for an operation that has read the wall clock already.
     *
     * @param now the instant of the operation
     * @return {@code now}, or the start with the time elapsed since if that is earlier
     */
    public Instant notAfter(Instant now) {
        Instant byTicker = start.plusNanos(ticker.getAsLong() - startNanos);
        return byTicker.isBefore(now) ? byTicker : now;
    }

    /**
     * The instant of a removal that waits some time beyond the end of what it removes: the wall clock's, as long as it
     * is not further ahead than that time, so that clocks which drift a little, or stood still for a moment, change
     * nothing.
     *
     * @param now the instant of the operation
     * @param delay how long the removal waits
     * @return {@code now}, unless it is further ahead of this clock than that; then this clock's reading
     */
    public Instant forRemoval(Instant now, Duration delay) {
        Instant slower = notAfter(now);
        return now.minus(delay).isAfter(slower) ? slower : now;
    }
}
