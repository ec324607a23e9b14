package dev.curfew.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.ratelimit.RateLimit;
import dev.curfew.ratelimit.RateLimitDecision;
import dev.curfew.ratelimit.RateLimitDecision.Quota;
import dev.curfew.ratelimit.RateLimitKey;
import dev.curfew.ratelimit.RateLimitKey.Action;
import dev.curfew.ratelimit.RateLimiter;
import dev.curfew.ratelimit.RateLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** So many calls in a period, evenly once the burst is used up. RAT. */
class InMemoryRateLimiterTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final RateLimitKey ALICE = new RateLimitKey(Action.REVOKE, "alice");

    private static final RateLimit MINUTELY = new RateLimit(4, Duration.ofSeconds(60));

    private static RateLimitDecision refused(Duration wait) {
        return RateLimitDecision.retryAfter(wait, MINUTELY);
    }

    private static long permitted(RateLimiter limiter, RateLimitKey key, Instant now, int calls) {
        return IntStream.range(0, calls)
                .filter(i -> limiter.tryAcquire(key, now).isPermitted())
                .count();
    }

    @ParameterizedTest
    @CsvSource({
        "1, PT1S",
        "2, PT1S",
        "3, PT1S",
        "7, PT1S",
        "10, PT1M",
        "100, PT1H",
        "1, PT24H",
        "999, PT1S",
        "30000, PT1S",
        "70000, PT1S"
    })
    void exactly_so_many_may_come_at_once(int permits, Duration period) {
        RateLimiter limiter = InMemoryRateLimiter.of(permits, period);

        assertThat(permitted(limiter, ALICE, NOW, permits + 10)).isEqualTo(permits);
    }

    @Test
    void a_permitted_call_has_nothing_to_wait_for() {
        RateLimiter limiter = InMemoryRateLimiter.of(1, Duration.ofSeconds(1));

        RateLimitDecision decision = limiter.tryAcquire(ALICE, NOW);

        assertThat(decision.isPermitted()).isTrue();
        assertThat(decision.retryAfter()).isZero();
        assertThat(decision.quota())
                .contains(new Quota(new RateLimit(1, Duration.ofSeconds(1)), 0, Duration.ofSeconds(1)));
    }

    @Test
    void permits_come_back_evenly_and_the_answer_says_when() {
        RateLimiter limiter = InMemoryRateLimiter.of(MINUTELY.permits(), MINUTELY.period());
        permitted(limiter, ALICE, NOW, 4);

        assertThat(limiter.tryAcquire(ALICE, NOW)).isEqualTo(refused(Duration.ofSeconds(15)));
        assertThat(limiter.tryAcquire(ALICE, NOW.plusSeconds(10))).isEqualTo(refused(Duration.ofSeconds(5)));
        assertThat(limiter.tryAcquire(ALICE, NOW.plusSeconds(15).minusNanos(1)))
                .isEqualTo(refused(Duration.ofNanos(1)));
        for (int i = 1; i <= 10; i++) {
            assertThat(permitted(limiter, ALICE, NOW.plusSeconds(15L * i), 3)).isEqualTo(1);
        }
    }

    @Test
    void a_refused_call_costs_no_permit() {
        RateLimiter limiter = InMemoryRateLimiter.of(2, Duration.ofSeconds(10));
        permitted(limiter, ALICE, NOW, 2);

        permitted(limiter, ALICE, NOW.plusSeconds(1), 1_000);

        assertThat(limiter.tryAcquire(ALICE, NOW.plusSeconds(5)).isPermitted()).isTrue();
    }

    @Test
    void a_quiet_period_brings_the_whole_burst_back_and_never_more() {
        RateLimiter limiter = InMemoryRateLimiter.of(5, Duration.ofSeconds(10));
        permitted(limiter, ALICE, NOW, 5);

        assertThat(permitted(limiter, ALICE, NOW.plusSeconds(10), 20)).isEqualTo(5);
        assertThat(permitted(limiter, ALICE, NOW.plus(Duration.ofDays(30)), 20)).isEqualTo(5);
    }

    @Test
    void in_any_window_of_a_period_at_most_twice_the_permits_pass() {
        RateLimiter limiter = InMemoryRateLimiter.of(10, Duration.ofSeconds(10));
        long passed = 0;
        for (int millis = 0; millis < 10_000; millis += 10) {
            passed += permitted(limiter, ALICE, NOW.plusMillis(millis), 1);
        }

        assertThat(passed).isEqualTo(19);
    }

    @RepeatedTest(50)
    void what_is_said_to_be_left_is_exactly_what_is_left(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        RateLimit limit = new RateLimit(1 + random.nextInt(9), Duration.ofMillis(100 + random.nextInt(10_000)));
        List<Instant> calls = new ArrayList<>();
        Instant now = NOW;
        for (int i = 0; i < 40; i++) {
            now = now.plusNanos(random.nextLong(limit.period().toNanos() / limit.permits() * 2));
            calls.add(now);
        }
        RateLimiter limiter = InMemoryRateLimiter.of(RateLimits.all(limit));
        for (int i = 0; i < calls.size(); i++) {
            Instant at = calls.get(i);
            RateLimitDecision decision = limiter.tryAcquire(ALICE, at);
            Quota quota = decision.quota().orElseThrow();
            List<Instant> past = calls.subList(0, i + 1);
            Instant reset = at.plus(quota.reset());

            assertThat(quota.limit()).isEqualTo(limit);
            assertThat(permitted(after(past, limit), ALICE, at, 20)).isEqualTo(quota.remaining());
            assertThat(permitted(after(past, limit), ALICE, reset.minusNanos(1), 20))
                    .isEqualTo(quota.remaining());
            assertThat(permitted(after(past, limit), ALICE, reset, 20)).isEqualTo(quota.remaining() + 1);
            assertThat(decision.isPermitted() || quota.reset().equals(decision.retryAfter()))
                    .isTrue();
        }
    }

    private static RateLimiter after(List<Instant> calls, RateLimit limit) {
        RateLimiter twin = InMemoryRateLimiter.of(RateLimits.all(limit));
        calls.forEach(at -> twin.tryAcquire(ALICE, at));
        return twin;
    }

    @Test
    void each_action_has_its_own_limit() {
        RateLimiter limiter = InMemoryRateLimiter.of(RateLimits.defaults());
        List<Long> passed = Stream.of(Action.LOGOUT, Action.REVOKE, Action.LIST, Action.UNAUTHENTICATED)
                .map(action -> permitted(limiter, new RateLimitKey(action, "alice"), NOW, 500))
                .toList();

        assertThat(passed).containsExactly(30L, 60L, 120L, 60L);
    }

    @Test
    void keys_are_counted_apart_by_caller_and_by_action() {
        RateLimiter limiter = InMemoryRateLimiter.of(1, Duration.ofMinutes(1));
        limiter.tryAcquire(ALICE, NOW);

        assertThat(limiter.tryAcquire(ALICE, NOW).isPermitted()).isFalse();
        for (Action action : Action.values()) {
            assertThat(limiter.tryAcquire(new RateLimitKey(action, "bob"), NOW).isPermitted())
                    .isTrue();
        }
        assertThat(limiter.tryAcquire(new RateLimitKey(Action.LOGOUT, "alice"), NOW)
                        .isPermitted())
                .isTrue();
        assertThat(limiter.tryAcquire(new RateLimitKey(Action.REVOKE, "Alice"), NOW)
                        .isPermitted())
                .isTrue();
    }

    @Test
    @Timeout(60)
    void parallel_callers_get_exactly_the_permits() throws InterruptedException, ExecutionException {
        int threads = 4;
        int permits = 1_000;
        RateLimiter limiter = InMemoryRateLimiter.of(permits, Duration.ofHours(1));
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<Long>> counts = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            counts.add(pool.submit(() -> {
                start.await();
                return permitted(limiter, ALICE, NOW, permits);
            }));
        }
        long passed = 0;
        for (Future<Long> count : counts) {
            passed += count.get();
        }
        pool.shutdownNow();

        assertThat(passed).isEqualTo(permits);
    }

    @Test
    void a_clock_that_steps_back_locks_nobody_out_for_longer_than_a_period() {
        RateLimiter limiter = InMemoryRateLimiter.of(3, Duration.ofSeconds(10));
        permitted(limiter, ALICE, NOW, 3);

        Instant back = NOW.minus(Duration.ofDays(1));

        assertThat(permitted(limiter, ALICE, back, 10)).isEqualTo(3);
        assertThat(permitted(limiter, ALICE, back.plusSeconds(10), 10)).isEqualTo(3);
    }

    @Test
    void impossible_settings_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> InMemoryRateLimiter.of(0, Duration.ofSeconds(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> InMemoryRateLimiter.of(-1, Duration.ofSeconds(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> InMemoryRateLimiter.of(1, Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> InMemoryRateLimiter.of(1, Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> InMemoryRateLimiter.of(2, Duration.ofNanos(1)));
    }
}
