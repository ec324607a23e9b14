package dev.curfew.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which bounds the store in memory takes, and what it says of itself. */
class BoundsOfMemoryTest {
    private static final Map<String, BiFunction<InMemorySessionStore.Builder, Integer, InMemorySessionStore.Builder>>
            BOUNDS = Map.of(
                    "maxSessions", InMemorySessionStore.Builder::maxSessions,
                    "maxRevocations", InMemorySessionStore.Builder::maxRevocations);

    @ParameterizedTest
    @ValueSource(strings = {"maxSessions", "maxRevocations"})
    void a_bound_is_positive(String setting) {
        BiFunction<InMemorySessionStore.Builder, Integer, InMemorySessionStore.Builder> set = BOUNDS.get(setting);

        assertThat(set.apply(InMemorySessionStore.builder(), 1)).isNotNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> set.apply(InMemorySessionStore.builder(), 0))
                .withMessageContaining(setting);
    }

    /** A service over it warns that sessions end with the process. */
    @Test
    void it_says_that_its_data_dies_with_the_process() {
        assertThat(InMemorySessionStore.create().keepsInProcess()).isTrue();
    }
}
