package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.contract.Given;
import dev.curfew.memory.InMemoryRateLimiter;
import dev.curfew.ratelimit.RateLimit;
import dev.curfew.ratelimit.RateLimitDecision;
import dev.curfew.ratelimit.RateLimitDecision.Quota;
import dev.curfew.ratelimit.RateLimitKey;
import dev.curfew.ratelimit.RateLimits;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RedisRateLimiterTest {
    private static final Instant NOW = Given.NOW;
    private static final RateLimitKey KEY = new RateLimitKey(RateLimitKey.Action.LOGOUT, "session-1");

    private static final RateLimit LIMIT = new RateLimit(10, Duration.ofSeconds(10));

    private RedisServer server;
    private RedisClient client;
    private RedisRateLimiter limiter;

    @BeforeEach
    void start() {
        server = RedisServer.start();
        client = RedisClient.create(server.uri());
        limiter = RedisRateLimiter.on(client, "curfew", 10, Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() {
        limiter.close();
        client.shutdown();
        server.close();
    }

    @Test
    void all_permits_may_come_at_once_and_then_one_in_each_interval() {
        for (int i = 0; i < 10; i++) {
            assertThat(limiter.tryAcquire(KEY, NOW))
                    .isEqualTo(RateLimitDecision.permitted(new Quota(LIMIT, 9 - i, Duration.ofSeconds(1))));
        }
        assertThat(limiter.tryAcquire(KEY, NOW)).isEqualTo(RateLimitDecision.retryAfter(Duration.ofSeconds(1), LIMIT));
        assertThat(limiter.tryAcquire(KEY, NOW.plusMillis(999)))
                .isEqualTo(RateLimitDecision.retryAfter(Duration.ofMillis(1), LIMIT));
        assertThat(limiter.tryAcquire(KEY, NOW.plusSeconds(1)).isPermitted()).isTrue();
        assertThat(limiter.tryAcquire(KEY, NOW.plusSeconds(1)).isPermitted()).isFalse();
    }

    @Test
    void parallel_callers_on_two_nodes_share_the_permits_exactly() {
        RedisRateLimiter other = RedisRateLimiter.on(client, "curfew", 10, Duration.ofSeconds(10));

        long permitted = IntStream.range(0, 400)
                .parallel()
                .filter(i -> (i % 2 == 0 ? limiter : other).tryAcquire(KEY, NOW).isPermitted())
                .count();

        assertThat(permitted).isEqualTo(10);
        other.close();
    }

    @Test
    void clocks_that_differ_a_little_do_not_lift_the_limit() {
        RedisRateLimiter fast = RedisRateLimiter.on(client, "fast", 100, Duration.ofMillis(100));
        int slowly = 0;
        int quickly = 0;
        for (int i = 0; i < 400; i++) {
            Instant now = NOW.plusMillis(i % 2 == 0 ? 5 : 0);
            slowly += limiter.tryAcquire(KEY, now).isPermitted() ? 1 : 0;
            quickly += fast.tryAcquire(KEY, now).isPermitted() ? 1 : 0;
        }

        assertThat(slowly).isEqualTo(10);
        assertThat(quickly).isLessThanOrEqualTo(105);
        fast.close();
    }

    @Test
    void an_instant_far_ahead_is_gone_after_a_period() {
        RedisRateLimiter fast = RedisRateLimiter.on(client, "fast", 1, Duration.ofMillis(100));
        fast.tryAcquire(KEY, NOW.plus(Duration.ofDays(1)));

        assertThat(fast.tryAcquire(KEY, NOW).retryAfter()).isEqualTo(Duration.ofMillis(100));
        Await.until("its end", () -> fast.tryAcquire(KEY, NOW).isPermitted());
        fast.close();
    }

    @Test
    void keys_are_counted_apart_and_end() {
        for (int i = 0; i < 10; i++) {
            limiter.tryAcquire(KEY, NOW);
        }
        assertThat(limiter.tryAcquire(new RateLimitKey(RateLimitKey.Action.REVOKE, KEY.caller()), NOW)
                        .isPermitted())
                .isTrue();
        assertThat(limiter.tryAcquire(new RateLimitKey(KEY.action(), "session-2"), NOW)
                        .isPermitted())
                .isTrue();
        Keyspace.assertEveryKeyEnds(client);
    }

    @Test
    void it_answers_to_the_microsecond_what_the_limiter_in_memory_answers() {
        InMemoryRateLimiter twin = InMemoryRateLimiter.of(RateLimits.all(LIMIT));
        Random random = new Random(20260301);
        Instant now = NOW;
        for (int i = 0; i < 500; i++) {
            now = now.plusMillis(random.nextInt(1_500));
            assertThat(limiter.tryAcquire(KEY, now)).isEqualTo(twin.tryAcquire(KEY, now));
        }
    }

    /** Two nodes with two spellings of it would count apart. */
    @Test
    void a_prefix_with_a_blank_is_refused_before_there_is_a_connection() {
        for (String prefix : List.of("", " curfew", "curfew\n", "cur few", "curfew\u00a0")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RedisRateLimiter.on(client, prefix, RateLimits.all(LIMIT)))
                    .withMessageStartingWith("prefix must be 1 to 32 letters");
        }
    }

    @Test
    void each_action_has_its_own_limit() {
        RedisRateLimiter mixed = RedisRateLimiter.on(
                client, "mixed", RateLimits.all(LIMIT).with(RateLimitKey.Action.LIST, RateLimit.perMinute(3)));

        assertThat(mixed.tryAcquire(KEY, NOW).quota().orElseThrow().remaining()).isEqualTo(9);
        assertThat(mixed.tryAcquire(new RateLimitKey(RateLimitKey.Action.LIST, "session-1"), NOW)
                        .quota()
                        .orElseThrow())
                .isEqualTo(new Quota(RateLimit.perMinute(3), 2, Duration.ofSeconds(20)));
        mixed.close();
    }

    @Test
    void a_clock_that_steps_back_finds_the_permits_used_up_and_no_worse() {
        for (int i = 0; i < 10; i++) {
            limiter.tryAcquire(KEY, NOW);
        }

        RateLimitDecision decision = limiter.tryAcquire(KEY, NOW.minus(Duration.ofDays(1)));

        assertThat(decision).isEqualTo(RateLimitDecision.retryAfter(LIMIT.period(), LIMIT));
    }

    @Test
    void an_outage_lets_calls_pass() {
        server.kill();

        assertThat(limiter.tryAcquire(KEY, NOW)).isEqualTo(RateLimitDecision.permitted());
    }
}
