package dev.curfew.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LoginOrderTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123Z");
    private static final Duration SKEW = Duration.ofSeconds(2);

    @Test
    void authenticated_at_after_all_cut_offs_is_the_clocks_millisecond() {
        assertThat(LoginOrder.authenticatedAt(NOW.plusNanos(999_999), Instant.EPOCH))
                .isEqualTo(NOW);
        assertThat(LoginOrder.authenticatedAt(NOW, NOW.minusMillis(1))).isEqualTo(NOW);
    }

    @Test
    void authenticated_at_at_or_before_a_cut_off_is_a_millisecond_behind_it() {
        assertThat(LoginOrder.authenticatedAt(NOW, NOW)).isEqualTo(NOW.plusMillis(1));
        assertThat(LoginOrder.authenticatedAt(NOW.plusNanos(999_999), NOW)).isEqualTo(NOW.plusMillis(1));
        assertThat(LoginOrder.authenticatedAt(NOW, NOW.plusSeconds(9)))
                .isEqualTo(NOW.plusSeconds(9).plusMillis(1));
    }

    @Test
    void cut_off_now_is_ahead_of_every_clock() {
        assertThat(LoginOrder.cutOffNow(NOW, SKEW, Instant.EPOCH)).isEqualTo(NOW.plus(SKEW));
        assertThat(LoginOrder.cutOffNow(NOW, SKEW, NOW.plus(SKEW).minusMillis(1)))
                .isEqualTo(NOW.plus(SKEW));
        assertThat(LoginOrder.cutOffNow(NOW, Duration.ZERO, Instant.EPOCH)).isEqualTo(NOW);
    }

    @Test
    void cut_off_now_is_behind_every_login_that_was_pushed_ahead() {
        Instant pushed = NOW.plusSeconds(60);

        assertThat(LoginOrder.cutOffNow(NOW, SKEW, pushed)).isEqualTo(pushed.plusMillis(1));
        assertThat(LoginOrder.cutOffNow(NOW, SKEW, NOW.plus(SKEW)))
                .isEqualTo(NOW.plus(SKEW).plusMillis(1));
    }

    @Test
    void a_clock_that_steps_back_never_lowers_a_cut_off() {
        Instant first = LoginOrder.cutOffNow(NOW, SKEW, Instant.EPOCH);

        assertThat(LoginOrder.cutOffNow(NOW.minusSeconds(3_600), SKEW, first)).isAfter(first);
    }

    /** The read of the cut-offs is the moment at which a login begins; credentials are checked after it. */
    @Test
    void a_login_that_reads_the_clock_before_a_cut_off_and_the_cut_offs_after_it_begins_after_it() {
        Instant clockReading = NOW;
        Instant cutOff = LoginOrder.cutOffNow(NOW.plusMillis(1), SKEW, Instant.EPOCH);

        assertThat(LoginOrder.authenticatedAt(clockReading, cutOff)).isEqualTo(cutOff.plusMillis(1));
    }
}
