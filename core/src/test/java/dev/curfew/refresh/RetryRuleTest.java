package dev.curfew.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Retry rules and what may be said of them. */
class RetryRuleTest {
    private static final Duration HUGE = Duration.ofSeconds(Long.MAX_VALUE);

    @Test
    void windows_have_bounds_and_the_message_names_what_was_given_and_what_is_wanted() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryRule.siblings(Duration.ofSeconds(11)))
                .withMessageContaining("PT11S")
                .withMessageContaining("PT10S");
        assertThatIllegalArgumentException().isThrownBy(() -> RetryRule.anyHolder(Duration.ofSeconds(61)));
        assertThatIllegalArgumentException().isThrownBy(() -> RetryRule.anyHolder(Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        RetryRule.sameAttempt().keepSuccessor(Duration.ofDays(1).plusMillis(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryRule.sameAttempt().keepSuccessor(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException()
                .as("nobody gets it, however long")
                .isThrownBy(() -> RetryRule.strict().keepSuccessor(Duration.ofSeconds(1)));
        for (Duration huge : List.of(HUGE, HUGE.negated())) {
            assertThatIllegalArgumentException().isThrownBy(() -> RetryRule.anyHolder(huge));
            assertThatIllegalArgumentException().isThrownBy(() -> RetryRule.siblings(huge));
        }
    }

    @Test
    void rules_are_whole_milliseconds_as_they_are_stored() {
        assertThat(RetryRule.siblings(Duration.ofNanos(1_999_999)).tolerance()).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void a_policy_refuses_rules_that_do_not_fit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RefreshPolicy.withoutKey(RetryRule.sameAttempt()))
                .withMessageContaining("siblings(...)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RefreshBinding.none().retry(RetryRule.sameAttempt()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RefreshPolicy.withoutKey(RetryRule.strict())
                        .withKey(RetryRule.anyHolder(Duration.ofSeconds(1))))
                .withMessageContaining("sameAttempt()");
    }

    @Test
    void an_attempt_key_has_visible_characters_only_and_shows_itself_nowhere() {
        for (String wrong : List.of(
                "k".repeat(15), "k".repeat(129), "with a space in it", "ключ".repeat(5), "k".repeat(16) + "\n")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> AttemptKey.of(wrong))
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain(wrong));
        }
        AttemptKey key = AttemptKey.of("k".repeat(16));
        assertThat(key).isEqualTo(AttemptKey.of("k".repeat(16))).hasToString("AttemptKey");
        assertThat(key).isNotEqualTo(AttemptKey.of("k".repeat(17)));
    }
}
