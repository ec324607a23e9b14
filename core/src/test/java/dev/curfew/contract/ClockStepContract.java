package dev.curfew.contract;

import dev.curfew.session.Seeds;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A node whose clock is wrong and is set right again: nothing that was revoked comes back to life. */
@Tag("SteppingClocks")
abstract class ClockStepContract extends StoreContract {
    ClockStepContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @ParameterizedTest
    @CsvSource({"PT2H,true", "PT2H,false", "P102D,true", "P102D,false"})
    void no_clock_that_was_ahead_revives_what_was_revoked(Duration ahead, boolean fromTheStart) {
        needs(StoreCapability.HORIZON);
        Seeds.forAll(1, 1_000, random -> {
            clock.set(Given.NOW);
            try (ClockSteps steps = new ClockSteps(fixture(), opened(fixture().freshStore()), clock, random)) {
                return steps.play(ahead, fromTheStart);
            }
        });
    }
}
