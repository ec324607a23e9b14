package dev.curfew.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.ratelimit.RateLimitDecision;
import dev.curfew.ratelimit.RateLimitKey;
import dev.curfew.ratelimit.RateLimitKey.Action;
import dev.curfew.ratelimit.RateLimiter;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * A host that has Bucket4j already: its buckets, or a {@code ProxyManager} that all nodes share, are a limiter in a few
 * lines.
 */
class Bucket4jTest {
    private static final RateLimitKey ALICE = new RateLimitKey(Action.REVOKE, "alice");
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final AtomicLong nanos = new AtomicLong();
    private final Map<RateLimitKey, Bucket> buckets = new ConcurrentHashMap<>();

    /** The whole adapter. A host bounds the map, for example with a cache. */
    private final RateLimiter limiter = (key, now) -> {
        ConsumptionProbe probe =
                buckets.computeIfAbsent(key, any -> newBucket()).tryConsumeAndReturnRemaining(1);
        return probe.isConsumed()
                ? RateLimitDecision.permitted()
                : RateLimitDecision.retryAfter(Duration.ofNanos(probe.getNanosToWaitForRefill()));
    };

    private Bucket newBucket() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(3).refillGreedy(3, Duration.ofSeconds(30)))
                .withCustomTimePrecision(new HandTurned())
                .build();
    }

    /** Bucket4j reads a clock of its own. */
    private final class HandTurned implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return nanos.get();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }

    @Test
    void buckets_are_a_limiter() {
        for (int i = 0; i < 3; i++) {
            assertThat(limiter.tryAcquire(ALICE, NOW)).isEqualTo(RateLimitDecision.permitted());
        }
        assertThat(limiter.tryAcquire(ALICE, NOW)).isEqualTo(RateLimitDecision.retryAfter(Duration.ofSeconds(10)));
        assertThat(limiter.tryAcquire(new RateLimitKey(Action.LOGOUT, "alice"), NOW)
                        .isPermitted())
                .isTrue();

        nanos.addAndGet(Duration.ofSeconds(10).toNanos());

        assertThat(limiter.tryAcquire(ALICE, NOW).isPermitted()).isTrue();
        assertThat(limiter.tryAcquire(ALICE, NOW).isPermitted()).isFalse();
    }
}
