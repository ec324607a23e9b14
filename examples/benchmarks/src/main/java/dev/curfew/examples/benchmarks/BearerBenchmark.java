package dev.curfew.examples.benchmarks;

import dev.curfew.check.RevocationDecision;
import dev.curfew.token.TokenVerifier;
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
 * From the text of an Authorization header to the decision: verify the token, then check it against a million
 * revocations.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BearerBenchmark {
    static final String SCHEME = "Bearer ";
    static final int TOKENS = 1_024;

    /** How the tokens are signed. */
    @Param({"HS256", "RS256", "ES256", "EdDSA"})
    public String algorithm;

    /** How many revocations are live. */
    @Param("1000000")
    public long live;

    private List<String> headers;
    private TokenVerifier remembering;
    private TokenVerifier forgetful;
    private Node node;

    /** Made by the harness. */
    public BearerBenchmark() {}

    /** Loads the index and signs the tokens. */
    @Setup
    public void load() {
        TokenIssuer issuer = new TokenIssuer(SigningKey.of(algorithm));
        headers = headers(issuer);
        remembering = issuer.verifier(10_000);
        forgetful = issuer.verifier(0);
        node = Node.holding(live, List.of());
        headers.forEach(header -> remembering.verify(header.substring(SCHEME.length())));
    }

    static List<String> headers(TokenIssuer issuer) {
        return issuer.compact("bearer-", TOKENS).stream()
                .map(token -> SCHEME + token)
                .toList();
    }

    /**
     * A token that was verified before, as every request after the first one has.
     *
     * @param turn whose it is
     * @return the decision
     */
    @Benchmark
    public RevocationDecision warm(Turn turn) {
        return decide(remembering, turn);
    }

    /**
     * A token that is seen for the first time.
     *
     * @param turn whose it is
     * @return the decision
     */
    @Benchmark
    public RevocationDecision cold(Turn turn) {
        return decide(forgetful, turn);
    }

    private RevocationDecision decide(TokenVerifier verifier, Turn turn) {
        String token = headers.get(turn.next(TOKENS)).substring(SCHEME.length());
        return node.checker().check(verifier.verify(token));
    }

    /** Ends the thread that follows the feed. */
    @TearDown
    public void close() {
        node.close();
    }
}
