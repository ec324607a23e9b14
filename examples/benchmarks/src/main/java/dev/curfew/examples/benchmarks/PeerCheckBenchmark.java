package dev.curfew.examples.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.session.Session;

/** The peers' own checks: is the session of this request still there? */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PeerCheckBenchmark {
    private static final int SESSIONS = 256;

    /** Which one. */
    @Param({"sa-token-redis", "spring-session-redis", "spring-session-jdbc"})
    public String peer;

    private final List<String> names = new ArrayList<>();
    private SessionKeeper keeper;
    private Predicate<String> check;

    /** Made by the harness. */
    public PeerCheckBenchmark() {}

    /** Begins sessions. */
    @Setup
    public void begin() {
        UnaryOperator<String> login;
        switch (peer) {
            case "sa-token-redis" -> {
                SaTokenKeeper saToken = SaTokenKeeper.connect();
                keeper = saToken;
                check = saToken::isLive;
                login = saToken::beginOne;
            }
            case "spring-session-redis", "spring-session-jdbc" -> {
                SpringSessionKeeper<? extends Session> spring =
                        peer.endsWith("jdbc") ? SpringSessions.onPostgres() : SpringSessions.onRedis();
                keeper = spring;
                check = spring::isLive;
                login = spring::beginOne;
            }
            default -> throw new IllegalArgumentException("unknown peer");
        }
        for (int i = 0; i < SESSIONS; i++) {
            names.add(login.apply("checked-" + i));
        }
        names.forEach(name -> {
            if (!check.test(name)) {
                throw new IllegalStateException("a session of this run is not live");
            }
        });
    }

    /**
     * Asks for a session that is there.
     *
     * @param turn whose it is
     * @return true
     */
    @Benchmark
    public boolean live(Turn turn) {
        return check.test(names.get(turn.next(SESSIONS)));
    }

    /** Closes the connections. */
    @TearDown
    public void close() {
        keeper.close();
    }
}
