package dev.curfew.examples.benchmarks;

import dev.curfew.redis.RedisSessionStore;
import io.lettuce.core.RedisClient;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** From the text of a session token to its caller, of sessions that are at work on this node, in Redis. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SessionBenchmark {
    private static final int SESSIONS = 256;

    private RedisClient client;
    private RedisSessionStore store;
    private BrowsingSessions sessions;

    /** Made by the harness. */
    public SessionBenchmark() {}

    /** Begins sessions. */
    @Setup
    public void begin() {
        client = Servers.redis();
        store = CurfewStores.onRedis(client, "browsing");
        sessions = new BrowsingSessions(store, SESSIONS);
        sessions.warmUp();
    }

    /**
     * Authenticates one.
     *
     * @param turn whose it is
     * @return true
     */
    @Benchmark
    public boolean warm(Turn turn) {
        return sessions.isLive(turn.next(SESSIONS));
    }

    /** Closes the connections. */
    @TearDown
    public void close() {
        sessions.close();
        store.close();
        client.shutdown();
    }
}
