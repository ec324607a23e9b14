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

    @Test
    void of_says_the_same_as_the_constructor() {
        assertThat(SessionLifetimes.of(HOUR, Duration.ofMinutes(5)))
                .isEqualTo(new SessionLifetimes(HOUR, Duration.ofMinutes(5)));
    }

    @Test
    void within_others_are_equal_and_shorter_ones() {
        SessionLifetimes longest = SessionLifetimes.aal2();
        SessionLifetimes shorter = SessionLifetimes.of(Duration.ofHours(8), Duration.ofMinutes(59));

        assertThat(longest.requireWithin(longest)).isSameAs(longest);
        assertThat(shorter.requireWithin(longest)).isSameAs(shorter);
    }

    @Test
    void not_within_others_is_refused_with_what_was_wanted_and_what_is_set() {
        SessionLifetimes longest = SessionLifetimes.aal2();

        assertThatThrownBy(() -> SessionLifetimes.of(Duration.ofHours(24).plusMillis(1), HOUR)
                        .requireWithin(longest))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("PT24H0.001S", "PT1H", "at most absolute PT24H");
        assertThatThrownBy(() -> SessionLifetimes.of(Duration.ofHours(8), Duration.ofMinutes(61))
                        .requireWithin(longest))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("PT8H", "PT1H1M", "at most absolute PT24H, idle PT1H");
    }

    private static void assertRefused(Duration absolute, Duration idle) {
        assertThatThrownBy(() -> new SessionLifetimes(absolute, idle))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("idle");
    }
}
