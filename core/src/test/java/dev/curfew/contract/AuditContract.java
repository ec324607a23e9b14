package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the audit trail says of a store's sessions is what became of them. LOG-01. */
@Tag("hunt")
@Tag("Auditing")
abstract class AuditContract extends StoreContract {
    private static final int ROUNDS_AN_HOUR = 20;

    AuditContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void every_session_that_ended_in_a_busy_hour_has_one_record_of_its_end_and_no_other_has_one() {
        int revoked = 0;
        int expired = 0;
        for (long seed = 0; seed < Math.max(1, fixture().rounds() / ROUNDS_AN_HOUR); seed++) {
            clock.set(Given.NOW);
            try (AuditedHour hour = new AuditedHour(seed, opened(fixture().freshStore()), clock)) {
                hour.play();
                int[] counts = hour.judge();
                revoked += counts[0];
                expired += counts[1];
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(revoked).isGreaterThan(30);
        assertThat(expired).isPositive();
    }
}
