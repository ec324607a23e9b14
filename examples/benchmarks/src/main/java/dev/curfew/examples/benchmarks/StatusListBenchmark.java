package dev.curfew.examples.benchmarks;

import dev.curfew.RevocationCause;
import dev.curfew.SessionService;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.revocation.TokenId;
import dev.curfew.session.ClientId;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.status.StatusListIssuer;
import dev.curfew.status.StatusReference;
import dev.curfew.token.SigningKey;
import java.net.URI;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a status list costs that is full: rendered anew and signed with ES256, from what this node knows, and answered
 * again within its second. One token of a hundred is revoked.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StatusListBenchmark {
    private static final Duration LIFE = Duration.ofHours(12);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final RevocationCause LOGOUT = RevocationCause.byUser(RevocationReason.USER_LOGOUT);

    /** How many tokens there are. */
    @Param("131072")
    public int tokens;

    private final Moved clock = new Moved();
    private SessionService service;
    private StatusListIssuer issuer;
    private EndpointRequest request;

    /** Made by the harness. */
    public StatusListBenchmark() {}

    /** A clock that moves when it is told to, so that a list is too old at each call. */
    private static final class Moved extends Clock {
        private final Instant start = Instant.now();
        private final AtomicLong nanos = new AtomicLong();

        @Override
        public Instant instant() {
            return start.plusNanos(nanos.get());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /** Gives all tokens their places, and ends the sessions of a few. */
    @Setup
    public void load() {
        service = SessionService.builder()
                .store(InMemorySessionStore.create())
                .lifetimes(SessionLifetimes.aal1())
                .maxTokenLifetime(LIFE)
                .trustTokensOlderThanStore()
                .clock(clock, clock.nanos::get)
                .withoutAuditLog()
                .build();
        issuer = StatusListIssuer.of(
                        service, "https://issuer.example", key(), URI.create("https://issuer.example/statuslists/"))
                .build();
        SecureRandom random = new SecureRandom();
        String uri = "";
        for (int i = 0; i < tokens; i++) {
            SubjectId subject = new SubjectId(TokenIssuer.REALM, "person-" + i);
            StatusReference place = issuer.allocate(
                    TokenFacts.in(TokenIssuer.REALM)
                            .token(TokenId.ofJti("jti-" + i))
                            .session(SessionId.mint(subject, clock.instant(), random))
                            .subject(subject)
                            .client(new ClientId(TokenIssuer.REALM, "app"))
                            .issuedAt(clock.instant())
                            .build(),
                    clock.instant().plus(LIFE));
            uri = place.uri().toString();
            if (i % 100 == 0) {
                service.revokeAllSessions(subject, LOGOUT);
            }
        }
        request = EndpointRequest.of("GET")
                .pathId(uri.substring(uri.lastIndexOf('/') + 1))
                .build();
        answer();
    }

    private static SigningKey key() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            return SigningKey.of("benchmark", "ES256", pair.getPrivate(), pair.getPublic());
        } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A second and a bit passes, and the replica has followed. */
    @State(Scope.Thread)
    public static class Later {
        /** Made by the harness. */
        public Later() {}

        /**
         * Lets the time pass.
         *
         * @param of which benchmark
         */
        @Setup(Level.Invocation)
        public void pass(StatusListBenchmark of) {
            of.clock.nanos.addAndGet(Duration.ofMillis(1_001).toNanos());
            if (!of.service.replica().orElseThrow().catchUp(PATIENCE)) {
                throw new IllegalStateException("the replica does not follow");
            }
        }
    }

    /**
     * Answers a list that is to be rendered. Four times of five nothing is read; else the directory.
     *
     * @param later time has passed
     * @return the list
     */
    @Benchmark
    public EndpointResponse rendered(Later later) {
        return answer();
    }

    /**
     * Answers a list that was rendered a moment ago.
     *
     * @return the list
     */
    @Benchmark
    public EndpointResponse answered() {
        return answer();
    }

    private EndpointResponse answer() {
        EndpointResponse answer = issuer.answer(request);
        if (answer.status() != 200) {
            throw new IllegalStateException("answered " + answer.status());
        }
        return answer;
    }

    /** Ends the threads. */
    @TearDown
    public void close() {
        service.close();
    }
}
