package dev.curfew.redis;

import dev.curfew.meter.TroubleLog;
import dev.curfew.ratelimit.EvenRate;
import dev.curfew.ratelimit.RateLimit;
import dev.curfew.ratelimit.RateLimitDecision;
import dev.curfew.ratelimit.RateLimitKey;
import dev.curfew.ratelimit.RateLimitKey.Action;
import dev.curfew.ratelimit.RateLimiter;
import dev.curfew.ratelimit.RateLimits;
import dev.curfew.redis.connection.BoundedCalls;
import dev.curfew.redis.connection.RedisConnector;
import dev.curfew.redis.connection.RedisPort;
import dev.curfew.redis.script.LuaScript;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.redis.script.ScriptReply;
import dev.curfew.store.StoreUnavailableException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Counts calls in Redis, for all nodes together: so many in a period for each key, spread evenly once a burst is used
 * up. Thread-safe.
 *
 * <p>It is the generic cell rate algorithm ({@link EvenRate}) in one script, to the microsecond, exact under parallel
 * callers. If Redis does not answer in time, the call passes, and the log says so, once and then at most once a minute.
 * A permitted or refused call costs one round trip. A call whose answer a broken connection lost is sent again by the
 * client, and may then be counted twice: the caller waits a little longer, never less.
 */
public final class RedisRateLimiter implements RateLimiter, AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final Duration TICK = Duration.of(1, ChronoUnit.MICROS);

    private final TroubleLog uncounted = new TroubleLog(
            RedisRateLimiter.class,
            "calls are permitted without counting",
            "calls are counted again",
            System::nanoTime);
    private final RedisPort port;
    private final BoundedCalls calls;
    private final String prefix;
    private final Map<Action, EvenRate> rates;

    private RedisRateLimiter(RedisPort port, String prefix, Map<Action, EvenRate> rates) {
        this.port = port;
        this.calls = new BoundedCalls(TIMEOUT, port::lookForServers);
        this.prefix = prefix;
        this.rates = rates;
    }

    /**
     * Permits so many calls in each period, for each key.
     *
     * @param client the host's, which stays open
     * @param prefix what every key begins with; 1 to 32 letters, digits, {@code -}, {@code _}, {@code .} or {@code :}
     * @param permits positive; all of them may come at once
     * @param period positive
     * @return a new limiter on a connection of its own
     * @throws StoreUnavailableException if there is no connection
     */
    public static RedisRateLimiter on(RedisClient client, String prefix, int permits, Duration period) {
        return on(client, prefix, RateLimits.all(new RateLimit(permits, period)));
    }

    /**
     * Permits so many calls of each action, for each key.
     *
     * @param client the host's, which stays open
     * @param prefix what every key begins with; 1 to 32 letters, digits, {@code -}, {@code _}, {@code .} or {@code :}
     * @param limits for example {@link RateLimits#defaults()}
     * @return a new limiter on a connection of its own
     * @throws StoreUnavailableException if there is no connection
     */
    public static RedisRateLimiter on(RedisClient client, String prefix, RateLimits limits) {
        RedisKeys.requirePrefix(prefix, "prefix");
        Map<Action, EvenRate> rates = ratesOf(limits);
        return new RedisRateLimiter(RedisConnector.of(client).connect(false), prefix, rates);
    }

    /**
     * Permits so many calls in each period, for each key.
     *
     * @param client the host's, which stays open
     * @param prefix what every key begins with; 1 to 32 letters, digits, {@code -}, {@code _}, {@code .} or {@code :}
     * @param permits positive; all of them may come at once
     * @param period positive
     * @return a new limiter on a connection of its own
     * @throws StoreUnavailableException if there is no connection
     */
    public static RedisRateLimiter on(RedisClusterClient client, String prefix, int permits, Duration period) {
        return on(client, prefix, RateLimits.all(new RateLimit(permits, period)));
    }

    /**
     * Permits so many calls of each action, for each key.
     *
     * @param client the host's, which stays open
     * @param prefix what every key begins with; 1 to 32 letters, digits, {@code -}, {@code _}, {@code .} or {@code :}
     * @param limits for example {@link RateLimits#defaults()}
     * @return a new limiter on a connection of its own
     * @throws StoreUnavailableException if there is no connection
     */
    public static RedisRateLimiter on(RedisClusterClient client, String prefix, RateLimits limits) {
        RedisKeys.requirePrefix(prefix, "prefix");
        Map<Action, EvenRate> rates = ratesOf(limits);
        return new RedisRateLimiter(RedisConnector.of(client).connect(false), prefix, rates);
    }

    @Override
    public RateLimitDecision tryAcquire(RateLimitKey key, Instant now) {
        EvenRate rate = Objects.requireNonNull(rates.get(key.action()), "every action has a rate");
        List<byte[]> keys = List.of(RedisKeys.permits(prefix, key));
        List<byte[]> args = List.of(
                ScriptCall.number(ChronoUnit.MICROS.between(Instant.EPOCH, now)),
                micros(rate.period()),
                micros(rate.interval()),
                micros(rate.burst()));
        try {
            ScriptReply answer =
                    ScriptReply.of(calls.one("tryAcquire", () -> port.run(LuaScript.RATE_LIMIT, keys, args)));
            uncounted.worked();
            long wait = answer.number(0);
            return wait > 0
                    ? rate.refused(Duration.of(wait, ChronoUnit.MICROS))
                    : rate.permitted(Duration.of(answer.number(1), ChronoUnit.MICROS));
        } catch (StoreUnavailableException e) {
            uncounted.failed(e);
            return RateLimitDecision.permitted();
        }
    }

    /** Closes the limiter's own connections; the client stays open. */
    @Override
    public void close() {
        port.close();
    }

    private static Map<Action, EvenRate> ratesOf(RateLimits limits) {
        Map<Action, EvenRate> rates = new EnumMap<>(Action.class);
        for (Action action : Action.values()) {
            rates.put(action, EvenRate.of(limits.of(action), TICK));
        }
        return rates;
    }

    private static byte[] micros(Duration duration) {
        return ScriptCall.number(duration.dividedBy(TICK));
    }
}
