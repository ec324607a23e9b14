package dev.curfew.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The age of an index, by two clocks of which either may lie. */
class FreshnessTest {
    private static final long MILLI = 1_000_000;

    private long nanos = Long.MAX_VALUE - 2_000 * MILLI;
    private final Freshness freshness = new Freshness(() -> nanos, Duration.ofSeconds(5));

    @Test
    void nothing_is_fresh_before_the_first_read() {
        assertThat(freshness.isFresh(0)).isFalse();
        assertThat(freshness.isFresh(Long.MIN_VALUE / 4)).isFalse();
        assertThat(freshness.age(0)).isGreaterThan(Duration.ofDays(1_000_000));
    }

    @Test
    void is_fresh_up_to_the_bound_and_not_beyond_it() {
        freshness.renew(nanos, 10_000);

        nanos += 5_000 * MILLI;
        assertThat(freshness.isFresh(15_000)).isTrue();
        nanos++;
        assertThat(freshness.isFresh(15_000)).isFalse();
    }

    @Test
    void a_clock_that_runs_on_while_the_ticker_stands_still_makes_it_old() {
        freshness.renew(nanos, 10_000);

        assertThat(freshness.isFresh(15_000)).isTrue();
        assertThat(freshness.isFresh(15_001)).isFalse();
        assertThat(freshness.age(15_001)).isEqualTo(Duration.ofMillis(5_001));
    }

    @Test
    void a_clock_that_is_set_back_does_not_make_it_young() {
        freshness.renew(nanos, 10_000);

        nanos += 6_000 * MILLI;
        assertThat(freshness.isFresh(0)).isFalse();
        assertThat(freshness.age(0)).isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void the_age_counts_from_when_the_read_was_sent() {
        freshness.renew(nanos - 4_000 * MILLI, 6_000);

        assertThat(freshness.age(10_000)).isEqualTo(Duration.ofSeconds(4));
        nanos += 1_001 * MILLI;
        assertThat(freshness.isFresh(10_000)).isFalse();
    }

    @Test
    void what_is_known_to_be_incomplete_is_not_fresh_until_renewed() {
        freshness.renew(nanos, 10_000);

        freshness.expire();
        assertThat(freshness.isFresh(10_000)).isFalse();

        freshness.renew(nanos, 10_000);
        assertThat(freshness.isFresh(10_000)).isTrue();
    }
}
