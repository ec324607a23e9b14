package dev.curfew.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A count that may lose a little and invents nothing. */
class StripedCountTest {
    private static void countTo(int n, StripedCount count) {
        for (int i = 0; i < n; i++) {
            count.increment();
        }
    }

    @Test
    void one_thread_counts_exactly() {
        StripedCount count = new StripedCount();

        countTo(1_000, count);

        assertThat(count.sum()).isEqualTo(1_000);
    }

    /** More threads than places, so that some share one. */
    @Test
    void many_threads_together_count_no_more_than_there_was() throws InterruptedException {
        StripedCount count = new StripedCount();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            threads.add(new Thread(() -> countTo(10_000, count)));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(count.sum()).isLessThanOrEqualTo(800_000).isGreaterThan(400_000);
    }
}
