package dev.curfew.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.ratelimit.RateLimitDecision.Quota;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arithmetic in numbers that can be checked by hand: 4 permits in 60 seconds, one each 15. */
class EvenRateTest {
    private static final RateLimit LIMIT = new RateLimit(4, Duration.ofSeconds(60));
    private static final EvenRate RATE = EvenRate.of(LIMIT, Duration.ofNanos(1));

    @ParameterizedTest
    @CsvSource({
        "PT0.000000001S, 3, PT0.000000001S",
        "PT15S, 3, PT15S",
        "PT15.000000001S, 2, PT0.000000001S",
        "PT29S, 2, PT14S",
        "PT30S, 2, PT15S",
        "PT45S, 1, PT15S",
        "PT59S, 0, PT14S",
        "PT60S, 0, PT15S"
    })
    void what_is_left_follows_from_how_far_ahead_the_next_call_is_due(Duration ahead, long remaining, Duration reset) {
        assertThat(RATE.permitted(ahead)).isEqualTo(RateLimitDecision.permitted(new Quota(LIMIT, remaining, reset)));
    }

    @Test
    void a_refused_call_leaves_nothing_until_it_may_come_again() {
        RateLimitDecision decision = RATE.refused(Duration.ofSeconds(7));

        assertThat(decision.isPermitted()).isFalse();
        assertThat(decision.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(decision.quota()).contains(new Quota(LIMIT, 0, Duration.ofSeconds(7)));
    }

    @Test
    void the_interval_is_a_whole_number_of_ticks_and_the_burst_is_all_but_one() {
        EvenRate thirds = EvenRate.of(new RateLimit(3, Duration.ofSeconds(1)), Duration.ofMillis(1));

        assertThat(thirds.interval()).isEqualTo(Duration.ofMillis(333));
        assertThat(thirds.burst()).isEqualTo(Duration.ofMillis(666));
        assertThat(thirds.period()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void what_no_clock_can_tell_apart_is_refused() {
        assertThat(EvenRate.of(new RateLimit(10, Duration.ofMillis(10)), Duration.ofMillis(1))
                        .interval())
                .isEqualTo(Duration.ofMillis(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EvenRate.of(new RateLimit(11, Duration.ofMillis(10)), Duration.ofMillis(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> EvenRate.of(LIMIT, Duration.ZERO));
    }

    @Test
    void impossible_values_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> RateLimit.perMinute(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new RateLimit(1, Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> new RateLimit(1, Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RateLimit(1, Duration.ofDays(365).plusNanos(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> new Quota(LIMIT, -1, Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> new Quota(LIMIT, 0, Duration.ofNanos(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> RateLimitDecision.retryAfter(Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimitDecision.retryAfter(Duration.ofSeconds(-1), LIMIT));
    }

    @Test
    void limits_are_values_that_change_by_copy() {
        RateLimits changed = RateLimits.defaults().with(RateLimitKey.Action.LIST, LIMIT);

        assertThat(changed.of(RateLimitKey.Action.LIST)).isEqualTo(LIMIT);
        assertThat(changed.of(RateLimitKey.Action.LOGOUT)).isEqualTo(RateLimit.perMinute(30));
        assertThat(RateLimits.defaults().of(RateLimitKey.Action.LIST)).isEqualTo(RateLimit.perMinute(120));
    }
}
