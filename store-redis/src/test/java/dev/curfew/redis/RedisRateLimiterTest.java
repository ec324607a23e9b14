package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.ratelimit.RateLimitDecision;
import dev.curfew.ratelimit.RateLimitKey;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.time.Instant;
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
            assertThat(limiter.tryAcquire(KEY, NOW)).isEqualTo(RateLimitDecision.permitted());
        }
        assertThat(limiter.tryAcquire(KEY, NOW)).isEqualTo(RateLimitDecision.retryAfter(Duration.ofSeconds(1)));
        assertThat(limiter.tryAcquire(KEY, NOW.plusMillis(999)))
                .isEqualTo(RateLimitDecision.retryAfter(Duration.ofMillis(1)));
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

        assertThat(fast.tryAcquire(KEY, NOW)).isEqualTo(RateLimitDecision.retryAfter(Duration.ofMillis(100)));
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
    void an_outage_lets_calls_pass() {
        server.kill();

        assertThat(limiter.tryAcquire(KEY, NOW).isPermitted()).isTrue();
    }
}
