package dev.curfew.jdbc.sql;

import dev.curfew.store.StoreTimes;
import java.time.Instant;
import java.util.Optional;

/**
 * How a verb understands what the server's clock said in one of its statements. Tests put another one in. Thread-safe.
 *
 * <p>The reading is always taken from the server, as {@code {clock}} in a statement that is made anyway, so that no
 * test changes a statement.
 */
@FunctionalInterface
public interface ServerClock {
    /**
     * The instant of a reading.
     *
     * @param now the instant of the operation
     * @param reading what the server said
     * @return what its clock is taken to have said
     */
    Instant at(Instant now, Instant reading);

    /** What a reader of the feed learns; of a store whose birth marker is gone, nothing. */
    default StoreTimes at(Instant now, Optional<StoreTimes> readings) {
        return readings.map(read -> new StoreTimes(read.horizon(), at(now, read.clock())))
                .orElseGet(() -> StoreTimes.at(now));
    }

    /** What the server says. */
    static ServerClock ofServer() {
        return (now, reading) -> reading;
    }

    /** The earlier of two clocks. */
    static Instant earlier(Instant one, Instant other) {
        return other.isBefore(one) ? other : one;
    }

    /** The later of two clocks. */
    static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }
}
