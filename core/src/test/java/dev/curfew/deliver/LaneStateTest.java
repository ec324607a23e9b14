package dev.curfew.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.atrest.SealedRecords;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedPosition.Mark;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LaneStateTest {
    private static final int MOST_PARTITIONS = 4_096;

    /** What a lease puts in front of its state. */
    private static final int HEAD = 25;

    @Test
    void every_position_is_read_back() {
        Random random = new Random(7);
        List<FeedPosition> positions = new ArrayList<>(List.of(
                FeedPosition.beginning(),
                FeedPosition.at(0, 0),
                FeedPosition.at(127, -1),
                FeedPosition.at(128, Long.MIN_VALUE),
                FeedPosition.at(Long.MAX_VALUE, Long.MAX_VALUE),
                FeedPosition.at(-1, 1),
                FeedPosition.at(Long.MIN_VALUE, 0)));
        for (int i = 0; i < 200; i++) {
            positions.add(FeedPosition.at(random.nextLong() >>> random.nextInt(64), random.nextLong()));
        }
        for (FeedPosition position : positions) {
            assertThat(LaneState.decode(LaneState.encode(position))).isEqualTo(position);
        }
    }

    @Test
    void the_marks_of_as_many_partitions_as_a_store_may_have_fit_into_a_record() {
        Random random = new Random(7);
        List<Mark> marks = new ArrayList<>();
        for (int i = 0; i < MOST_PARTITIONS + 2; i++) {
            // A thousand a second in each partition, for ten thousand years.
            marks.add(new Mark(1L << 48, random.nextLong()));
        }
        FeedPosition position = new FeedPosition(marks);

        byte[] state = LaneState.encode(position);

        assertThat(HEAD + state.length).isLessThan(SealedRecords.MAX_PLAIN);
        assertThat(LaneState.decode(state)).isEqualTo(position);
    }

    @Test
    void what_nobody_here_can_read_is_the_beginning() {
        byte[] good = LaneState.encode(FeedPosition.at(300, 5));
        assertThat(LaneState.decode(new byte[0])).isEqualTo(FeedPosition.beginning());
        byte[] later = good.clone();
        later[0] = 2;
        assertThat(LaneState.decode(later)).isEqualTo(FeedPosition.beginning());
        for (int length = 1; length < good.length; length++) {
            assertThat(LaneState.decode(Arrays.copyOf(good, length))).isEqualTo(FeedPosition.beginning());
        }
        assertThat(LaneState.decode(Arrays.copyOf(good, good.length + 1))).isEqualTo(FeedPosition.beginning());
        byte[] endless = new byte[20];
        Arrays.fill(endless, (byte) 0xFF);
        endless[0] = 1;
        assertThat(LaneState.decode(endless)).isEqualTo(FeedPosition.beginning());
    }
}
