package dev.curfew.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.session.LookupKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LastSeenThrottleTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final LastSeenThrottle throttle = new LastSeenThrottle(MINUTE);
    private final LookupKey session = new LookupKey(1, 1);

    @Test
    void the_first_sign_of_life_is_due_and_the_next_after_the_interval() {
        assertThat(throttle.isDue(session, NOW)).isTrue();
        assertThat(throttle.isDue(session, NOW)).isFalse();
        assertThat(throttle.isDue(session, NOW.plus(MINUTE).minusNanos(1))).isFalse();
        assertThat(throttle.isDue(session, NOW.plus(MINUTE))).isTrue();
        assertThat(throttle.isDue(session, NOW.plus(MINUTE))).isFalse();
    }

    @Test
    void each_session_has_its_own_interval() {
        throttle.isDue(session, NOW);

        assertThat(throttle.isDue(new LookupKey(1, 2), NOW)).isTrue();
        assertThat(throttle.isDue(new LookupKey(2, 1), NOW)).isTrue();
    }

    @Test
    void what_could_not_be_written_is_due_again() {
        throttle.isDue(session, NOW);

        throttle.forget(session);

        assertThat(throttle.isDue(session, NOW)).isTrue();
    }

    @Test
    void without_an_interval_each_one_is_due() {
        LastSeenThrottle eager = new LastSeenThrottle(Duration.ZERO);

        assertThat(eager.isDue(session, NOW)).isTrue();
        assertThat(eager.isDue(session, NOW)).isTrue();
    }

    @Test
    @Timeout(60)
    void of_parallel_requests_of_one_session_exactly_one_is_due() throws InterruptedException, ExecutionException {
        int threads = 4;
        int sessions = 5_000;
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<Long>> counts = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            counts.add(pool.submit(() -> {
                start.await();
                return IntStream.range(0, sessions)
                        .filter(number -> throttle.isDue(new LookupKey(9, number), NOW))
                        .count();
            }));
        }
        long due = 0;
        for (Future<Long> count : counts) {
            due += count.get();
        }
        pool.shutdownNow();

        assertThat(due).isEqualTo(sessions);
    }
}
