package dev.curfew;

import dev.curfew.store.SharedRecords;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What parts that work beside a service share with it, so that nobody has to tell them again: its records, its clocks,
 * how far the clocks of nodes may be apart, and for how long a token can be good. Thread-safe.
 */
public final class ServiceBasis {
    /** Null if the store keeps none. */
    private final @Nullable SharedRecords records;

    private final Clock clock;
    private final LongSupplier ticker;
    private final Duration nodeSkew;
    private final Duration tokenLifetime;

    ServiceBasis(
            @Nullable SharedRecords records,
            Clock clock,
            LongSupplier ticker,
            Duration nodeSkew,
            Duration tokenLifetime) {
        this.records = records;
        this.clock = Objects.requireNonNull(clock, "clock");
        this.ticker = Objects.requireNonNull(ticker, "ticker");
        this.nodeSkew = Objects.requireNonNull(nodeSkew, "nodeSkew");
        this.tokenLifetime = Objects.requireNonNull(tokenLifetime, "tokenLifetime");
    }

    /**
     * The shared records of the service's store, with values that the service's key ring seals and opens.
     *
     * @return nothing if the store keeps none; memory, JDBC and Redis do
     */
    public Optional<SharedRecords> records() {
        return Optional.ofNullable(records);
    }

    /** {@return the clock, read once for each operation} */
    public Clock clock() {
        return clock;
    }

    /** {@return what measures elapsed time, in nanoseconds} */
    public LongSupplier ticker() {
        return ticker;
    }

    /** {@return how far the clocks of two nodes may be apart} */
    public Duration nodeSkew() {
        return nodeSkew;
    }

    /**
     * {@return for how long a token can be good, from its {@code iat} until nothing accepts it any more: what the
     * service was told, the widest skew included}
     */
    public Duration tokenLifetime() {
        return tokenLifetime;
    }
}
