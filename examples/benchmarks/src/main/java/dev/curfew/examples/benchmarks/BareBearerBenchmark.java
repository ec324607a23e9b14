package dev.curfew.examples.benchmarks;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import java.text.ParseException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The same header with bare nimbus, in its quickest honest form: parse, verify with a verifier that was made once,
 * check issuer, audience and expiry. No key is looked for, and nothing is asked about revocation.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BareBearerBenchmark {
    /** How the tokens are signed. */
    @Param({"HS256", "RS256", "ES256", "EdDSA"})
    public String algorithm;

    private final DefaultJWTClaimsVerifier<SecurityContext> claims = new DefaultJWTClaimsVerifier<>(
            TokenIssuer.AUDIENCE,
            new JWTClaimsSet.Builder().issuer(TokenIssuer.ISSUER).build(),
            Set.of("sub", "sid", "exp", "iat"));

    private List<String> headers;
    private JWSVerifier verifier;

    /** Made by the harness. */
    public BareBearerBenchmark() {}

    /** Signs the tokens. */
    @Setup
    public void sign() {
        SigningKey key = SigningKey.of(algorithm);
        headers = BearerBenchmark.headers(new TokenIssuer(key));
        verifier = key.verifier();
    }

    /**
     * Verifies a token.
     *
     * @param turn whose it is
     * @return its claims
     * @throws ParseException if it is not a token
     * @throws JOSEException if the signature cannot be verified
     * @throws BadJWTException if a claim is wrong
     */
    @Benchmark
    public JWTClaimsSet bare(Turn turn) throws ParseException, JOSEException, BadJWTException {
        String header = headers.get(turn.next(BearerBenchmark.TOKENS));
        SignedJWT token = SignedJWT.parse(header.substring(BearerBenchmark.SCHEME.length()));
        if (!token.verify(verifier)) {
            throw new IllegalStateException("a token of this run is not authentic");
        }
        JWTClaimsSet found = token.getJWTClaimsSet();
        claims.verify(found, null);
        return found;
    }
}
