package dev.curfew.jose;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the instants of claims (RFC 7519 §2), floored to the second. */
public final class NumericDate {
    /** The last second of the year 9999: nothing beyond it fits every database, and nothing honest is beyond it. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private NumericDate() {}

    /** JSON gives a Long or a Double; frameworks that read the claims themselves give an Instant or a Date too. */
    @SuppressWarnings("JavaUtilDate") // it comes from others
    public static Optional<Instant> read(@Nullable Object value) {
        if (value instanceof Instant instant) {
            return inRange(instant.truncatedTo(ChronoUnit.SECONDS).getEpochSecond());
        }
        if (value instanceof Date date) {
            return inRange(Math.floorDiv(date.getTime(), 1000L));
        }
        if (value instanceof Long || value instanceof Integer) {
            return inRange(((Number) value).longValue());
        }
        if (value instanceof Double number) {
            double seconds = Math.floor(number);
            // Also false for NaN. Compared before the cast, which would clamp.
            return seconds >= 0 && seconds <= LAST_SECOND ? inRange((long) seconds) : Optional.empty();
        }
        return Optional.empty();
    }

    private static Optional<Instant> inRange(long seconds) {
        return seconds >= 0 && seconds <= LAST_SECOND ? Optional.of(Instant.ofEpochSecond(seconds)) : Optional.empty();
    }
}
