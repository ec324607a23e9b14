package dev.curfew.contract;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * A clock that stands still until a test moves it. Thread-safe.
 *
 * <p>Clocks of other nodes that are apart from it: {@link Clock#offset}.
 */
public final class ManualClock extends Clock {
    private final AtomicReference<Instant> now;
    private final AtomicLong elapsedNanos;
    private final ZoneId zone;

    private ManualClock(AtomicReference<Instant> now, AtomicLong elapsedNanos, ZoneId zone) {
        this.now = now;
        this.elapsedNanos = elapsedNanos;
        this.zone = Objects.requireNonNull(zone, "zone");
    }

    /**
     * A clock in UTC.
     *
     * @param start what it shows first
     * @return the clock
     */
    public static ManualClock at(Instant start) {
        return new ManualClock(
                new AtomicReference<>(Objects.requireNonNull(start, "start")), new AtomicLong(), ZoneOffset.UTC);
    }

    /**
     * Sets the clock, forwards or back, as an administrator does: no time passes.
     *
     * @param instant what it shows from now on
     */
    public void set(Instant instant) {
        now.set(Objects.requireNonNull(instant, "instant"));
    }

    /**
     * Lets time pass; a negative duration sets the clock back.
     *
     * @param by how long
     * @return what it shows from now on
     */
    public Instant advance(Duration by) {
        if (!by.isNegative()) {
            elapsedNanos.addAndGet(by.toNanos());
        }
        return now.updateAndGet(instant -> instant.plus(by));
    }

    /**
     * The time that has passed, which only {@link #advance} moves.
     *
     * @return a ticker in nanoseconds
     */
    public LongSupplier ticker() {
        return elapsedNanos::get;
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    /** The same clock, moved together with this one, in another zone. */
    @Override
    public ManualClock withZone(ZoneId newZone) {
        return new ManualClock(now, elapsedNanos, newZone);
    }
}
