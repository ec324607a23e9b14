package dev.curfew.ssf;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long a receiver leaves its transmitter alone after failures: a second, then twice as long each time, up to a
 * minute, less up to a half by chance, so that not all receivers come back at once. What has ended is in no store while
 * nobody asks, so that a minute is the most; only a transmitter that says so is left alone for longer.
 */
final class PollPause {
    private static final Duration MOST = Duration.ofMinutes(1);
    private static final Duration MOST_ASKED = Duration.ofHours(1);
    private static final int DOUBLINGS = 6;

    private PollPause() {}

    static Duration after(int failures, Duration retryAfter) {
        Duration whole = Duration.ofSeconds(1L << Math.min(DOUBLINGS, failures - 1));
        long millis = (whole.compareTo(MOST) > 0 ? MOST : whole).toMillis();
        Duration drawn = Duration.ofMillis(millis - ThreadLocalRandom.current().nextLong(millis / 2));
        Duration asked = retryAfter.compareTo(MOST_ASKED) > 0 ? MOST_ASKED : retryAfter;
        return asked.compareTo(drawn) > 0 ? asked : drawn;
    }
}
