package dev.curfew.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LoginOrderTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123Z");
    private static final Duration SKEW = Duration.ofSeconds(2);

    @Test
    void authenticatedAt_afterAllCutOffs_isTheClocksMillisecond() {
        assertThat(LoginOrder.authenticatedAt(NOW.plusNanos(999_999), Instant.EPOCH))
                .isEqualTo(NOW);
        assertThat(LoginOrder.authenticatedAt(NOW, NOW.minusMillis(1))).isEqualTo(NOW);
    }

    @Test
    void authenticatedAt_atOrBeforeACutOff_isAMillisecondBehindIt() {
        assertThat(LoginOrder.authenticatedAt(NOW, NOW)).isEqualTo(NOW.plusMillis(1));
        assertThat(LoginOrder.authenticatedAt(NOW.plusNanos(999_999), NOW)).isEqualTo(NOW.plusMillis(1));
        assertThat(LoginOrder.authenticatedAt(NOW, NOW.plusSeconds(9)))
                .isEqualTo(NOW.plusSeconds(9).plusMillis(1));
    }

    @Test
    void cutOffNow_isAheadOfEveryClock() {
        assertThat(LoginOrder.cutOffNow(NOW, SKEW, Instant.EPOCH)).isEqualTo(NOW.plus(SKEW));
        assertThat(LoginOrder.cutOffNow(NOW, SKEW, NOW.plus(SKEW).minusMillis(1)))
                .isEqualTo(NOW.plus(SKEW));
        assertThat(LoginOrder.cutOffNow(NOW, Duration.ZERO, Instant.EPOCH)).isEqualTo(NOW);
    }

    @Test
    void cutOffNow_isBehindEveryLoginThatWasPushedAhead() {
        Instant pushed = NOW.plusSeconds(60);

        assertThat(LoginOrder.cutOffNow(NOW, SKEW, pushed)).isEqualTo(pushed.plusMillis(1));
        assertThat(LoginOrder.cutOffNow(NOW, SKEW, NOW.plus(SKEW)))
                .isEqualTo(NOW.plus(SKEW).plusMillis(1));
    }

    @Test
    void aClockThatStepsBack_neverLowersACutOff() {
        Instant first = LoginOrder.cutOffNow(NOW, SKEW, Instant.EPOCH);

        assertThat(LoginOrder.cutOffNow(NOW.minusSeconds(3_600), SKEW, first)).isAfter(first);
    }

    /** The read of the cut-offs is the moment at which a login begins; credentials are checked after it. */
    @Test
    void aLoginThatReadsTheClockBeforeACutOffAndTheCutOffsAfterIt_beginsAfterIt() {
        Instant clockReading = NOW;
        Instant cutOff = LoginOrder.cutOffNow(NOW.plusMillis(1), SKEW, Instant.EPOCH);

        assertThat(LoginOrder.authenticatedAt(clockReading, cutOff)).isEqualTo(cutOff.plusMillis(1));
    }
}
