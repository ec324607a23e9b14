package dev.curfew.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SparesTest {
    private final AtomicInteger made = new AtomicInteger();
    private final Spares<int[]> spares = new Spares<>(() -> {
        made.incrementAndGet();
        return new int[1];
    });

    @Test
    void one_is_used_again_by_the_next_call() {
        int[] first = spares.use((spare, none) -> spare, "");
        int[] second = spares.use((spare, none) -> spare, "");

        assertThat(second).isSameAs(first);
        assertThat(made).hasValue(1);
    }

    @Test
    void a_call_within_a_call_has_one_of_its_own() {
        int[][] both = spares.use((outer, none) -> new int[][] {outer, spares.use((inner, with) -> inner, "")}, "");

        assertThat(both[0]).isNotSameAs(both[1]);
    }

    @Test
    void one_whose_use_throws_is_not_used_again() {
        assertThatIllegalStateException().isThrownBy(() -> spares.use(SparesTest::damage, "planted"));

        assertThat(spares.<String, Integer>use((spare, none) -> spare[0], "")).isZero();
        assertThat(made).hasValue(2);
    }

    private static int damage(int[] spare, String message) {
        spare[0] = 1;
        throw new IllegalStateException(message);
    }

    /** More threads than places, so that some share one. */
    @Test
    void threads_that_use_one_at_once_have_each_another_one() throws InterruptedException, ExecutionException {
        int threads = 96;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CountDownLatch all = new CountDownLatch(threads);
        try {
            List<Future<int[]>> lent = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                lent.add(pool.submit(() -> spares.use(SparesTest::awaited, all)));
            }
            Set<int[]> different = Collections.newSetFromMap(new IdentityHashMap<>());
            for (Future<int[]> each : lent) {
                different.add(each.get());
            }
            assertThat(different).hasSize(threads);
        } finally {
            pool.shutdownNow();
        }
    }

    private static int[] awaited(int[] spare, CountDownLatch all) {
        all.countDown();
        try {
            all.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return spare;
    }
}
