package dev.curfew.redis;

import dev.curfew.ratelimit.RateLimitDecision;
import dev.curfew.ratelimit.RateLimitKey;
import dev.curfew.ratelimit.RateLimiter;
import dev.curfew.store.StoreUnavailableException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts calls in Redis, for all nodes together: so many in a period for each key, spread evenly once a burst is used up.
 * Thread-safe.
 *
 * <p>It is the generic cell rate algorithm in one script, exact under parallel callers. If Redis does not answer in time, the
 * call passes, and the log says so.
 */
public final class RedisRateLimiter implements RateLimiter, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisRateLimiter.class);
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private final RedisPort port;
    private final Calls calls;
    private final String prefix;
    private final long periodMicros;
    private final long intervalMicros;
    private final long burstMicros;

    private RedisRateLimiter(RedisPort port, String prefix, int permits, Duration period) {
        this.port = port;
        this.calls = new Calls(TIMEOUT, port::lookForServers);
        this.prefix = prefix;
        this.periodMicros = TimeUnit.NANOSECONDS.toMicros(period.toNanos());
        this.intervalMicros = periodMicros / permits;
        this.burstMicros = intervalMicros * (permits - 1L);
    }

    /**
     * Permits so many calls in each period, for each key.
     *
     * @param client the host's, which stays open
     * @param prefix what every key begins with
     * @param permits positive; all of them may come at once
     * @param period positive
     * @return a new limiter on a connection of its own
     */
    public static RedisRateLimiter on(RedisClient client, String prefix, int permits, Duration period) {
        requirePositive(permits, period);
        return new RedisRateLimiter(RedisConnector.of(client).connect(false), prefix, permits, period);
    }

    /**
     * Permits so many calls in each period, for each key.
     *
     * @param client the host's, which stays open
     * @param prefix what every key begins with
     * @param permits positive; all of them may come at once
     * @param period positive
     * @return a new limiter on a connection of its own
     */
    public static RedisRateLimiter on(RedisClusterClient client, String prefix, int permits, Duration period) {
        requirePositive(permits, period);
        return new RedisRateLimiter(RedisConnector.of(client).connect(false), prefix, permits, period);
    }

    @Override
    public RateLimitDecision tryAcquire(RateLimitKey key, Instant now) {
        long nowMicros = TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + TimeUnit.NANOSECONDS.toMicros(now.getNano());
        List<byte[]> keys = List.of(RedisKeys.permits(prefix, key));
        List<byte[]> args = List.of(
                Partitions.number(nowMicros),
                Partitions.number(periodMicros),
                Partitions.number(intervalMicros),
                Partitions.number(burstMicros));
        try {
            Object answer = calls.one("tryAcquire", () -> port.run(LuaScript.LIMIT, keys, args));
            long wait = Reply.number(Reply.list(answer), 0);
            return wait > 0
                    ? RateLimitDecision.retryAfter(Duration.of(wait, java.time.temporal.ChronoUnit.MICROS))
                    : RateLimitDecision.permitted();
        } catch (StoreUnavailableException e) {
            LOG.warn("call permitted without counting: {}", e.getMessage());
            return RateLimitDecision.permitted();
        }
    }

    /** Closes the limiter's own connections; the client stays open. */
    @Override
    public void close() {
        port.close();
    }

    private static void requirePositive(int permits, Duration period) {
        if (permits < 1 || period.isNegative() || period.toNanos() / 1_000 / permits == 0) {
            throw new IllegalArgumentException("permits and period must be positive");
        }
    }
}
