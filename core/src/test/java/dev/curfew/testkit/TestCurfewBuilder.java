package dev.curfew.testkit;

import dev.curfew.SessionService;
import dev.curfew.SessionServiceBuilder;
import dev.curfew.contract.ManualClock;
import dev.curfew.http.RequestFilter;
import dev.curfew.http.SessionEndpoints;
import dev.curfew.http.SessionEndpointsBuilder;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.store.SessionStore;
import dev.curfew.token.TokenPolicyBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@link TestCurfew}: those of the host, where its tests depend on them. Confined to one thread.
 */
public final class TestCurfewBuilder {
    /** In real time: the patience of a check whose store hangs, which a test ends before. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int QUESTIONS_IN_FLIGHT = 64;

    private Instant start = Instant.parse("2030-01-01T12:00:00Z");
    private String realm = "test";
    private String issuer = "https://issuer.test.example";
    private String audience = "https://api.test.example";
    private @Nullable SessionStore store;
    private UnaryOperator<TokenPolicyBuilder> tokens = UnaryOperator.identity();
    private UnaryOperator<SessionServiceBuilder> service = UnaryOperator.identity();
    private UnaryOperator<SessionEndpointsBuilder> endpoints = UnaryOperator.identity();
    private UnaryOperator<RequestFilter.Builder> filter = UnaryOperator.identity();

    TestCurfewBuilder() {}

    /**
     * Sets where time begins.
     *
     * @param value noon of the first of January 2030 by default
     * @return this
     */
    public TestCurfewBuilder startingAt(Instant value) {
        this.start = Objects.requireNonNull(value, "startingAt");
        return this;
    }

    /**
     * Sets the realm.
     *
     * @param name {@code test} by default
     * @return this
     */
    public TestCurfewBuilder realm(String name) {
        this.realm = Objects.requireNonNull(name, "realm");
        return this;
    }

    /**
     * Sets what stands in {@code iss} and {@code aud}, for code under test that looks at them.
     *
     * @param iss {@code https://issuer.test.example} by default
     * @param aud {@code https://api.test.example} by default
     * @return this
     */
    public TestCurfewBuilder issuer(String iss, String aud) {
        this.issuer = Objects.requireNonNull(iss, "iss");
        this.audience = Objects.requireNonNull(aud, "aud");
        return this;
    }

    /**
     * Takes another store than a new one in memory, such as the host's own over a database in memory. It stays the
     * test's, and is not closed here.
     *
     * @param value a store that nobody has opened
     * @return this
     */
    public TestCurfewBuilder store(SessionStore value) {
        this.store = Objects.requireNonNull(value, "store");
        return this;
    }

    /**
     * Changes the policy of tokens, which demands RFC 9068 tokens of at most 15 minutes with our session ids.
     *
     * @param change for example {@code policy -> policy.acceptPlainJwt()}
     * @return this
     */
    public TestCurfewBuilder tokens(UnaryOperator<TokenPolicyBuilder> change) {
        this.tokens = Objects.requireNonNull(change, "tokens");
        return this;
    }

    /**
     * Changes the service, whose sessions last for 24 hours and one hour without activity
     * ({@link SessionLifetimes#aal2()}), and which has no audit log.
     *
     * @param change for example {@code service -> service.sessionLimit(SessionLimit.endOldestBeyond(3))}
     * @return this
     */
    public TestCurfewBuilder service(UnaryOperator<SessionServiceBuilder> change) {
        this.service = Objects.requireNonNull(change, "service");
        return this;
    }

    /**
     * Changes the endpoints, which are as they are by default.
     *
     * @param change for example {@code endpoints -> endpoints.profile(Profile.STANDARDS)}
     * @return this
     */
    public TestCurfewBuilder endpoints(UnaryOperator<SessionEndpointsBuilder> change) {
        this.endpoints = Objects.requireNonNull(change, "endpoints");
        return this;
    }

    /**
     * Changes the filter, to which nothing is open, and which has the endpoints at their default paths.
     *
     * @param change for example {@code filter -> filter.contextPath("/shop").open("/hello")}
     * @return this
     */
    public TestCurfewBuilder filter(UnaryOperator<RequestFilter.Builder> change) {
        this.filter = Objects.requireNonNull(change, "filter");
        return this;
    }

    /**
     * Starts it.
     *
     * @return to be closed at the end of the test
     * @throws IllegalStateException if two settings contradict each other, as when a host is built
     */
    public TestCurfew start() {
        return new TestCurfew(this);
    }

    ManualClock clock() {
        return ManualClock.at(start);
    }

    TestStore store(ManualClock clock) {
        return TestStore.over(
                store == null
                        ? InMemorySessionStore.builder().ticker(clock.ticker()).build()
                        : store,
                clock);
    }

    TestIssuer issuer(ManualClock clock) {
        return new TestIssuer(Realm.of(realm), issuer, audience, clock, tokens);
    }

    SessionService service(SessionServiceBuilder begun) {
        return service.apply(begun.lifetimes(SessionLifetimes.aal2())
                        .withoutAuditLog()
                        .replica(replica -> replica.patience(PATIENCE, QUESTIONS_IN_FLIGHT)))
                .build();
    }

    SessionEndpoints endpoints(SessionEndpointsBuilder begun) {
        return endpoints.apply(begun).build();
    }

    RequestFilter filter(RequestFilter.Builder begun) {
        return filter.apply(begun).build();
    }
}
