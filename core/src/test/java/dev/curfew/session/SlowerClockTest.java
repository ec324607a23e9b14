package dev.curfew.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.ManualClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The clock by which one forgets. */
class SlowerClockTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration DELAY = Duration.ofHours(1);

    private final ManualClock wall = ManualClock.at(START);
    private final SlowerClock slower = SlowerClock.start(wall, wall.ticker());

    @Test
    void goes_with_a_clock_that_is_right() {
        wall.advance(Duration.ofDays(3));

        assertThat(slower.instant()).isEqualTo(wall.instant());
    }

    @Test
    void a_clock_that_is_set_ahead_does_not_take_it_along() {
        wall.advance(Duration.ofMinutes(1));
        wall.set(START.plus(Duration.ofDays(102)));

        assertThat(slower.instant()).isEqualTo(START.plusSeconds(60));
        wall.advance(Duration.ofMinutes(1));
        assertThat(slower.instant()).isEqualTo(START.plusSeconds(120));
        assertThat(slower.notAfter(wall.instant())).isEqualTo(START.plusSeconds(120));
    }

    @Test
    void a_clock_that_is_set_back_takes_it_along() {
        wall.advance(Duration.ofHours(3));
        wall.set(START);

        assertThat(slower.instant()).isEqualTo(START);
    }

    @Test
    void a_removal_that_waits_an_hour_bears_a_clock_that_is_an_hour_ahead() {
        wall.set(START.plus(DELAY));
        assertThat(slower.forRemoval(wall.instant(), DELAY)).isEqualTo(wall.instant());

        wall.set(START.plus(DELAY).plusNanos(1));
        assertThat(slower.forRemoval(wall.instant(), DELAY)).isEqualTo(START);

        wall.set(START.minusSeconds(1));
        assertThat(slower.forRemoval(wall.instant(), DELAY)).isEqualTo(wall.instant());
    }
}
