package dev.curfew.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.store.StoreUnavailableException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How long a store that does not answer is left alone. */
final class BackOffTest {
    private static final Duration POLL = Duration.ofSeconds(1);

    @Test
    void pauses_double_up_to_the_poll_period_and_differ_from_node_to_node() {
        for (int failures = 1; failures < 100; failures++) {
            long least = Math.min(Duration.ofMillis(50).toNanos() << Math.min(20, failures - 1), POLL.toNanos());
            Set<Long> pauses = new HashSet<>();
            for (int node = 0; node < 20; node++) {
                pauses.add(afterFailures(failures));
            }
            assertThat(pauses).allSatisfy(pause -> assertThat(pause).isBetween(least, least + least / 2));
            assertThat(pauses).hasSizeGreaterThan(15);
        }
    }

    private static long afterFailures(int failures) {
        BackOff backOff = new BackOff(POLL, System::nanoTime, new FeedMeters());
        for (int i = 0; i < failures; i++) {
            backOff.failed(new StoreUnavailableException("a read", null));
        }
        return backOff.pauseNanos();
    }
}
