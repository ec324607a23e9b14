package dev.curfew.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.Realm;
import dev.curfew.session.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The small values of the SPI and its failures. */
class StoreValuesTest {
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void settings_defaults_are_those_of_the_design() {
        StoreSettings defaults = StoreSettings.defaults();

        assertThat(defaults.retention()).isEqualTo(Duration.ofDays(100));
        assertThat(defaults.nodeSkew()).isEqualTo(Duration.ofSeconds(2));
        assertThat(defaults.endedSessionsKept()).isEqualTo(Duration.ofDays(7));
        assertThat(defaults.trustsOlderTokens()).isFalse();
        assertThat(StoreSettings.PURGE_DELAY).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void settings_impossible_durations_are_refused_by_name() {
        assertThat(new StoreSettings(DAY, Duration.ZERO, DAY, false).nodeSkew()).isZero();
        assertRefused("retention", Duration.ZERO, Duration.ZERO, DAY);
        assertRefused("retention", DAY.negated(), Duration.ZERO, DAY);
        assertRefused("nodeSkew", DAY, Duration.ofNanos(-1), DAY);
        assertRefused("endedSessionsKept", DAY, Duration.ZERO, Duration.ZERO);
    }

    @Test
    void count_is_absent_for_what_nobody_counts() {
        Revocation entry = Revocation.of(RevocationTarget.realm(Realm.of("a")))
                .revokedAt(Instant.EPOCH)
                .forgetAfter(Instant.EPOCH)
                .build();

        assertThat(new RevokeResult.Recorded(entry, 0, true).count()).hasValue(0);
        assertThat(new RevokeResult.Recorded(entry, 3, true).count()).hasValue(3);
        assertThat(new RevokeResult.Recorded(entry, RevokeResult.Recorded.UNCOUNTED, true).count())
                .isEmpty();
    }

    @Test
    void failures_say_whether_the_same_call_may_succeed_later() {
        assertThat(new StoreUnavailableException("revoke", null).isRetryable()).isTrue();
        assertThat(StoreUnavailableException.ofWrite("revoke", null))
                .hasMessageContaining("not known to have happened");
        assertThat(new StoreUnavailableException("find", null)).hasMessageNotContaining("happened");
        assertThat(StoreUnavailableException.ofWrite("revoke", null).mayHaveHappened())
                .isTrue();
        assertThat(new StoreUnavailableException("find", null).mayHaveHappened())
                .isFalse();
        assertThat(new StoreFullException("maxSessions = 5").isRetryable()).isTrue();
        assertThat(new StoreSettingsMismatchException(DAY, DAY.plusDays(1)).isRetryable())
                .isFalse();
        assertThat(new StoreSettingsMismatchException(DAY, DAY.plusDays(1)))
                .hasMessageStartingWith("retention is PT24H in the store, but PT48H is configured: ")
                .hasMessageContaining("retention(Duration.parse(\"PT24H\"))");
    }

    @Test
    void positions_copy_their_marks() {
        List<FeedPosition.Mark> marks = new ArrayList<>(List.of(new FeedPosition.Mark(1, 2)));
        FeedPosition position = new FeedPosition(marks);
        marks.clear();

        assertThat(position).isEqualTo(FeedPosition.at(1, 2));
        assertThat(position).isNotEqualTo(FeedPosition.at(1, 3));
        assertThat(FeedPosition.beginning().marks()).isEmpty();
    }

    @Test
    void operations_are_unique() {
        var random = Seeds.predictable(Seeds.random(1));

        assertThat(OperationId.random(random)).isNotEqualTo(OperationId.random(random));
    }

    @Test
    void preconditions_know_their_caller() {
        TokenFacts caller = TokenFacts.in(Realm.of("a")).build();

        assertThat(Precondition.none().caller()).isEmpty();
        assertThat(Precondition.ownedBy(caller).caller()).containsSame(caller);
    }

    private static void assertRefused(String name, Duration retention, Duration nodeSkew, Duration kept) {
        assertThatThrownBy(() -> new StoreSettings(retention, nodeSkew, kept, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(name);
    }
}
