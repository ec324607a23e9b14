package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random histories of the feed on a real PostgreSQL: writers that commit late, nodes that stop or die between two
 * statements, restores of a shorter history, purges, repeated acts, several readers. Nothing that was acknowledged
 * before a read was sent is missing where that read counts as caught up, and no reader overlooks that the store has
 * lost what it was told.
 *
 * <p>{@code -Dcurfew.feed.seed=…} runs the one history of that seed.
 */
@Timeout(1_800)
final class FeedModelTest {
    private static final long SEED = Long.getLong("curfew.feed.seed", 0);
    private static final int FEW = Integer.getInteger("curfew.feed.histories", 60);
    private static final int MANY = 2_000;

    @Test
    void nothing_acknowledged_is_missing() throws Exception {
        run(FEW);
    }

    @Tag("slow")
    @Test
    void nothing_acknowledged_is_missing_in_many_histories() throws Exception {
        run(MANY);
    }

    private static void run(int histories) throws Exception {
        try (FeedHistories model = new FeedHistories()) {
            if (SEED != 0) {
                model.run(SEED);
                return;
            }
            Random seeds = new Random();
            for (int i = 0; i < histories; i++) {
                long seed = seeds.nextLong();
                try {
                    model.run(seed);
                } catch (Throwable e) {
                    throw new AssertionError("history of -Dcurfew.feed.seed=" + seed + ": " + e.getMessage(), e);
                }
            }
            assertThat(model.checked()).as("reads that were caught up").isGreaterThan(histories);
        }
    }
}
