package dev.curfew.examples.benchmarks;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What a denylist on a server costs for each request: one look-up of one name that is not there, among 100,000. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LookupBenchmark {
    private static final int NAMES = 4_096;
    private static final int ROWS = 100_000;
    private static final int BATCH = 10_000;

    private RedisClient client;
    private StatefulRedisConnection<String, String> redis;
    private RedisCommands<String, String> commands;
    private Connection postgres;
    private PreparedStatement select;
    private final String[] names = new String[NAMES];

    /** Made by the harness. */
    public LookupBenchmark() {}

    /**
     * Connects to both servers and fills them.
     *
     * @throws SQLException if PostgreSQL refuses
     */
    @Setup
    public void connect() throws SQLException {
        for (int i = 0; i < NAMES; i++) {
            names[i] = "denied:absent-" + i;
        }
        client = Servers.redis();
        redis = client.connect();
        commands = redis.sync();
        for (int from = 0; from < ROWS; from += BATCH) {
            Map<String, String> batch = new HashMap<>();
            for (int i = from; i < from + BATCH; i++) {
                batch.put("denied:" + i, "1");
            }
            commands.mset(batch);
        }
        postgres = DriverManager.getConnection(Servers.postgresUrl());
        try (Statement statement = postgres.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS denied (name TEXT PRIMARY KEY)");
            statement.execute("INSERT INTO denied SELECT 'denied:' || i FROM generate_series(1, " + ROWS
                    + ") i ON CONFLICT DO NOTHING");
            statement.execute("VACUUM ANALYZE denied");
        }
        select = postgres.prepareStatement("SELECT 1 FROM denied WHERE name = ?");
    }

    /**
     * Asks Redis.
     *
     * @param turn whose it is
     * @return 0
     */
    @Benchmark
    public long exists(Turn turn) {
        return commands.exists(names[turn.next(NAMES)]);
    }

    /**
     * Asks PostgreSQL, on a connection that is held and a statement that is prepared.
     *
     * @param turn whose it is
     * @return false
     * @throws SQLException if it does not answer
     */
    @Benchmark
    public boolean select(Turn turn) throws SQLException {
        select.setString(1, names[turn.next(NAMES)]);
        try (ResultSet row = select.executeQuery()) {
            return row.next();
        }
    }

    /**
     * Closes the connections.
     *
     * @throws SQLException if PostgreSQL refuses
     */
    @TearDown
    public void close() throws SQLException {
        postgres.close();
        redis.close();
        client.shutdown();
    }
}
