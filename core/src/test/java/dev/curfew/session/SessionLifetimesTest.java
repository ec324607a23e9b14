package dev.curfew.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SessionLifetimesTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void presets_are_those_of_nist() {
        assertThat(SessionLifetimes.aal1()).isEqualTo(new SessionLifetimes(Duration.ofDays(30), Duration.ofDays(30)));
        assertThat(SessionLifetimes.aal2()).isEqualTo(new SessionLifetimes(Duration.ofDays(1), HOUR));
        assertThat(SessionLifetimes.aal3())
                .isEqualTo(new SessionLifetimes(Duration.ofHours(12), Duration.ofMinutes(15)));
    }

    @Test
    void idle_may_equal_absolute_but_not_exceed_it() {
        assertThat(new SessionLifetimes(HOUR, HOUR).idle()).isEqualTo(HOUR);
        assertRefused(HOUR, HOUR.plusMillis(1));
    }

    @Test
    void both_must_be_positive() {
        assertRefused(Duration.ZERO, Duration.ZERO);
        assertRefused(HOUR, Duration.ZERO);
        assertRefused(HOUR, HOUR.negated());
        assertRefused(HOUR.negated(), HOUR.negated());
        assertThat(new SessionLifetimes(Duration.ofMillis(1), Duration.ofMillis(1)).absolute())
                .isEqualTo(Duration.ofMillis(1));
    }

    private static void assertRefused(Duration absolute, Duration idle) {
        assertThatThrownBy(() -> new SessionLifetimes(absolute, idle))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("idle");
    }
}
