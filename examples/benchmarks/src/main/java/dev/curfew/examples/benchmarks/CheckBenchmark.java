package dev.curfew.examples.benchmarks;

import dev.curfew.check.RevocationDecision;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.token.VerifiedToken;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The check of a verified token against the index of this node: freshness tested, token, session and subject looked up.
 * The tokens take turns, so that neither their facts nor their places in the index stay in the processor's nearest
 * caches.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CheckBenchmark {
    private static final int TOKENS = 4_096;

    /** How many revocations are live. */
    @Param({"10000", "1000000", "10000000"})
    public long live;

    private Node node;
    private List<VerifiedToken> active;
    private List<VerifiedToken> revoked;

    /** Made by the harness. */
    public CheckBenchmark() {}

    /** Loads the index and verifies the tokens. */
    @Setup
    public void load() {
        TokenIssuer issuer = new TokenIssuer(SigningKey.of("HS256"));
        active = issuer.verified("active-", TOKENS);
        revoked = issuer.verified("revoked-", TOKENS);
        node = Node.holding(live, revoked);
        active.forEach(token -> require(node.checker().check(token), Outcome.ACTIVE));
        revoked.forEach(token -> require(node.checker().check(token), Outcome.REVOKED));
    }

    private static void require(RevocationDecision decision, Outcome outcome) {
        if (decision.outcome() != outcome) {
            throw new IllegalStateException(decision + " instead of " + outcome);
        }
    }

    /**
     * Checks a token that is not revoked.
     *
     * @param turn whose it is
     * @return the decision
     */
    @Benchmark
    public RevocationDecision miss(Turn turn) {
        return node.checker().check(active.get(turn.next(TOKENS)));
    }

    /**
     * Checks a token that is revoked.
     *
     * @param turn whose it is
     * @return the decision
     */
    @Benchmark
    public RevocationDecision hit(Turn turn) {
        return node.checker().check(revoked.get(turn.next(TOKENS)));
    }

    /** Ends the thread that follows the feed. */
    @TearDown
    public void close() {
        node.close();
    }
}
