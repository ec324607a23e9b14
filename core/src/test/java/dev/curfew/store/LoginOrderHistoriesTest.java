package dev.curfew.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.session.Seeds;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the clocks say, a login that began before a cut-off is ended by it, and one that began after is not. */
class LoginOrderHistoriesTest {
    private static final int HISTORIES = 4_000;

    @Test
    void no_login_is_on_the_wrong_side_of_a_cut_off() {
        Seeds.forAll(HISTORIES, 100_000, random -> {
            LoginSimulation simulation = new LoginSimulation(random, LoginRule.AS_DESIGNED);

            assertThat(simulation.fault()).isEmpty();
            return simulation.judged();
        });
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AS_DESIGNED")
    void every_weaker_rule_fails_in_some_history(LoginRule weaker) {
        Optional<String> fault = LongStream.range(0, HISTORIES)
                .mapToObj(seed -> new LoginSimulation(Seeds.random(seed), weaker).fault())
                .flatMap(Optional::stream)
                .findFirst();

        assertThat(fault).as("a fault that %s lets happen", weaker).isPresent();
    }
}
