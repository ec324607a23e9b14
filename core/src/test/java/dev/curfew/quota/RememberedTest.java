package dev.curfew.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RememberedTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration WHILE = Duration.ofMinutes(1);

    private final Remembered<String> remembered = new Remembered<>(100);

    @Test
    void a_key_is_remembered_until_its_end_and_not_at_it() {
        remembered.keep("a", NOW, WHILE);

        assertThat(remembered.left("a", NOW)).contains(WHILE);
        assertThat(remembered.left("a", NOW.plus(WHILE).minusNanos(1))).contains(Duration.ofNanos(1));
        assertThat(remembered.left("a", NOW.plus(WHILE))).isEmpty();
        assertThat(remembered.left("b", NOW)).isEmpty();
    }

    @Test
    void what_is_said_last_counts() {
        remembered.keep("a", NOW, WHILE);
        remembered.keep("a", NOW, Duration.ofSeconds(1));

        assertThat(remembered.left("a", NOW.plusSeconds(1))).isEmpty();
    }

    @Test
    void a_clock_that_steps_back_behind_its_begin_makes_it_forgotten() {
        remembered.keep("a", NOW, WHILE);

        assertThat(remembered.left("a", NOW.minusNanos(1))).isEmpty();
    }

    @Test
    void there_are_no_more_than_so_many() {
        for (int i = 0; i < 100_000; i++) {
            remembered.keep("key " + i, NOW, WHILE);
        }

        assertThat(IntStream.range(0, 100_000)
                        .filter(i -> remembered.left("key " + i, NOW).isPresent())
                        .count())
                .isLessThan(50_000);
    }
}
