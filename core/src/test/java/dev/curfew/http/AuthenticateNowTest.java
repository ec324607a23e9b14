package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.LoginResult.LoggedIn;
import dev.curfew.SessionService;
import dev.curfew.SessionServiceBuilder;
import dev.curfew.check.OutagePolicy;
import dev.curfew.check.WatchedStore;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.crypto.SecretToken;
import dev.curfew.http.AuthenticationResult.Authenticated;
import dev.curfew.http.AuthenticationResult.Refused;
import dev.curfew.http.FilterResult.Answered;
import dev.curfew.http.FilterResult.Passed;
import dev.curfew.memory.InMemoryRateLimiter;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.meter.Meter;
import dev.curfew.ratelimit.RateLimitDecision;
import dev.curfew.ratelimit.RateLimitKey;
import dev.curfew.ratelimit.RateLimiter;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.token.SessionIds;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.TokenVerifier;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Authentication for event loops: no call of the store and no wait happens in it, whatever is slow or down. A call that
 * waited for what hangs here would end in the time limit of the test.
 */
@Timeout(120)
class AuthenticateNowTest {
    private static final Realm REALM = Realm.of("shop");
    private static final Duration STALENESS = Duration.ofHours(1);

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final WatchedStore store = new WatchedStore(
            InMemorySessionStore.builder().ticker(clock.ticker()).build());
    private final TestTokens tokens = TestTokens.ours(REALM, clock);
    private final SessionService service = node(settings -> settings);
    private final EventLoop loop = new EventLoop(store);
    private CountDownLatch hanging = new CountDownLatch(0);

    /** No read of the feed comes by itself. */
    private SessionService node(UnaryOperator<SessionServiceBuilder> settings) {
        SessionServiceBuilder builder = SessionService.builder()
                .store(store)
                .lifetimes(SessionLifetimes.aal2())
                .tokenPolicies(tokens.policy())
                .clock(clock, clock.ticker())
                .replica(replica -> replica.staleness(STALENESS, STALENESS.dividedBy(3)))
                .withoutAuditLog();
        SessionService node = settings.apply(builder).build();
        // Beyond the birth of the store.
        clock.advance(Duration.ofMinutes(1));
        node.replica()
                .ifPresent(replica ->
                        assertThat(replica.catchUp(Duration.ofSeconds(60))).isTrue());
        return node;
    }

    @AfterEach
    void close() {
        hanging.countDown();
        store.recover();
        service.close();
    }

    private SessionEndpointsBuilder endpoints(SessionService node) {
        return SessionEndpoints.builder()
                .service(node)
                .verifier(TokenVerifier.builder(tokens.policy()).clock(clock).build())
                .profile(Profile.STANDARDS)
                .sessionTokens(REALM)
                .rateLimiter(InMemoryRateLimiter.of(1_000, Duration.ofMinutes(1)))
                .clock(clock);
    }

    private Session login() {
        return service.beginLogin(tokens.subject("alice"))
                .complete(DeviceInfo.unknown())
                .orElseThrow();
    }

    private String sessionToken() {
        return ((LoggedIn) service.beginLogin(tokens.subject("alice"))
                        .withSessionToken()
                        .complete(DeviceInfo.unknown()))
                .token()
                .orElseThrow()
                .reveal();
    }

    private static EndpointRequest get(String token) {
        return Host.get(token).clientAddress("192.0.2.1").build();
    }

    private Optional<AuthenticationResult> now(SessionEndpoints endpoints, EndpointRequest request) {
        return loop.run(() -> endpoints.authentication().authenticateNow(request));
    }

    private static int status(Optional<AuthenticationResult> result) {
        assertThat(result).containsInstanceOf(Refused.class);
        return ((Refused) result.orElseThrow()).response().status();
    }

    private static long checks(SessionService node) {
        return node.checker().meters().stream()
                .mapToLong(meter -> ((Meter.Counter) meter).count().getAsLong())
                .sum();
    }

    private void becomesStale() {
        hanging = loop.hangs();
        clock.advance(STALENESS.plusMillis(1));
    }

    @Test
    void the_proof_notices_a_wait_and_a_call_of_the_store() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> loop.run(() -> {
                    LockSupport.parkNanos(1);
                    return 1;
                }));
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> loop.run(() -> service.findSession(login().ref())));
    }

    @Test
    void a_good_token_passes_and_is_a_sign_of_life_that_nobody_waits_for() {
        Session session = login();
        SessionEndpoints endpoints = endpoints(service).build();
        clock.advance(Duration.ofMinutes(2));

        assertThat(now(endpoints, get(tokens.draft(session).compact())))
                .hasValueSatisfying(result -> assertThat(result)
                        .isInstanceOfSatisfying(
                                Authenticated.class,
                                authenticated -> assertThat(
                                                authenticated.caller().session())
                                        .contains(session.ref())));

        service.close();
        assertThat(store.find(session.ref(), clock.instant())
                        .orElseThrow()
                        .session()
                        .lastSeenAt())
                .isEqualTo(clock.instant());
    }

    @Test
    void what_is_bad_in_itself_is_refused_at_once() {
        Session session = login();
        String good = tokens.draft(session).compact();
        String expired = tokens.draft(session)
                .with("iat", clock.instant().minusSeconds(900).getEpochSecond())
                .with("exp", clock.instant().minusSeconds(60).getEpochSecond())
                .compact();
        SessionEndpoints endpoints = endpoints(service).build();

        assertThat(status(now(endpoints, get(expired)))).isEqualTo(401);
        assertThat(status(now(endpoints, get(good.substring(0, good.length() - 4) + "AAAA"))))
                .isEqualTo(401);
        assertThat(status(now(endpoints, EndpointRequest.of("GET").build()))).isEqualTo(401);
        assertThat(status(now(
                        endpoints,
                        Host.get(good).header("Authorization", "Bearer x").build())))
                .isEqualTo(400);
    }

    @Test
    void what_this_node_knows_to_be_revoked_is_refused_at_once_even_if_it_knows_nothing_new() {
        Session session = login();
        String token = tokens.draft(session).compact();
        service.logout(tokens.verify(token));
        SessionEndpoints endpoints = endpoints(service).build();

        assertThat(status(now(endpoints, get(token)))).isEqualTo(401);
        hanging = loop.hangs();
        clock.advance(Duration.ofMinutes(10));
        assertThat(status(now(endpoints, get(token)))).isEqualTo(401);
    }

    @Test
    void a_node_that_is_too_old_leaves_the_answer_to_a_worker_while_the_store_hangs() {
        String opaque = sessionToken();
        SessionEndpoints endpoints = endpoints(service).build();
        endpoints.authentication().authenticate(get(opaque));
        becomesStale();
        String token = tokens.draft("alice").compact();

        assertThat(now(endpoints, get(token))).isEmpty();
        assertThat(now(endpoints, get(opaque))).isEmpty();
    }

    @Test
    void what_is_left_to_a_worker_is_reported_and_counted_by_nobody() {
        List<Object> events = new CopyOnWriteArrayList<>();
        SessionService node = node(settings -> settings.listener(events::add).eventExecutor(Runnable::run));
        SessionEndpoints endpoints = endpoints(node).build();
        becomesStale();
        events.clear();
        long before = checks(node);

        assertThat(now(endpoints, get(tokens.draft("alice").compact()))).isEmpty();

        assertThat(events).isEmpty();
        assertThat(checks(node)).isEqualTo(before);
        hanging.countDown();
        node.close();
    }

    @Test
    void a_policy_for_outages_does_not_speak_for_a_node_that_could_still_ask() {
        SessionService node = node(settings -> settings.duringOutages(OutagePolicy.lastKnownGood(Duration.ofHours(5))));
        SessionEndpoints endpoints = endpoints(node).build();
        becomesStale();

        assertThat(now(endpoints, get(tokens.draft("alice").compact()))).isEmpty();
        hanging.countDown();
        node.close();
    }

    @Test
    void authoritative_checks_are_always_a_worker_s() {
        SessionService node = node(SessionServiceBuilder::authoritativeChecks);
        String good = tokens.draft(login()).compact();
        String opaque = sessionToken();
        SessionEndpoints endpoints = endpoints(node).build();

        assertThat(now(endpoints, get(good))).isEmpty();
        assertThat(now(endpoints, get(opaque))).isEmpty();
        assertThat(endpoints.authentication().authenticate(get(good))).isInstanceOf(Authenticated.class);
        node.close();
    }

    @Test
    void a_session_token_passes_once_a_worker_has_seen_it() {
        String opaque = sessionToken();
        SessionEndpoints endpoints = endpoints(service).build();

        assertThat(now(endpoints, get(opaque))).isEmpty();
        assertThat(endpoints.authentication().authenticate(get(opaque))).isInstanceOf(Authenticated.class);
        assertThat(now(endpoints, get(opaque))).containsInstanceOf(Authenticated.class);

        String guessed = SecretToken.mint(
                        CredentialKind.SESSION_TOKEN,
                        SecretToken.parse(opaque).orElseThrow().session(),
                        new SecureRandom())
                .reveal();
        assertThat(now(endpoints, get(guessed)))
                .as("only the store can judge it")
                .isEmpty();
    }

    @Test
    void a_limiter_that_asks_a_server_counts_on_a_worker() {
        List<RateLimitKey> counted = new CopyOnWriteArrayList<>();
        RateLimiter remote = (key, now) -> {
            counted.add(key);
            return RateLimitDecision.permitted();
        };
        SessionEndpoints endpoints = endpoints(service).rateLimiter(remote).build();
        String good = tokens.draft(login()).compact();

        assertThat(now(endpoints, get("x.y.z"))).isEmpty();
        assertThat(now(
                        endpoints,
                        EndpointRequest.of("GET").clientAddress("192.0.2.1").build()))
                .isEmpty();
        assertThat(counted).isEmpty();
        assertThat(now(endpoints, get(good))).as("nothing to count").containsInstanceOf(Authenticated.class);

        endpoints.authentication().authenticate(get("x.y.z"));
        assertThat(counted).hasSize(1);
    }

    private static RequestFilter shop(SessionEndpoints endpoints) {
        return RequestFilter.builder(endpoints)
                .contextPath("/shop")
                .open("/hello")
                .build();
    }

    @Test
    void a_filter_answers_and_lets_pass_without_waiting() {
        RequestFilter filter = shop(endpoints(service).build());
        EndpointRequest known = get(tokens.draft(login()).compact());
        EndpointRequest stranger = EndpointRequest.of("GET").build();

        assertThat(loop.run(() -> filter.filterNow("/shop/me", known)))
                .hasValueSatisfying(result -> assertThat(result)
                        .isInstanceOfSatisfying(
                                Passed.class,
                                passed -> assertThat(passed.caller()).isPresent()));
        assertThat(loop.run(() -> filter.filterNow("/shop/me", stranger))).containsInstanceOf(Answered.class);
        assertThat(loop.run(() -> filter.filterNow("/shop/hello", stranger)))
                .hasValueSatisfying(result -> assertThat(result)
                        .isInstanceOfSatisfying(
                                Passed.class,
                                passed -> assertThat(passed.caller()).isEmpty()));
        assertThat(loop.run(() -> filter.filterNow("/shop/hello", get("x.y.z"))))
                .as("a dead token does not matter there")
                .containsInstanceOf(Passed.class);
    }

    @Test
    void a_filter_leaves_the_endpoints_to_a_worker_and_whatever_nobody_knows_at_once() {
        RequestFilter filter = shop(endpoints(service).build());
        EndpointRequest known = get(tokens.draft(login()).compact());

        assertThat(loop.run(() -> filter.filterNow("/shop/api/auth/sessions", known)))
                .isEmpty();
        assertThat(filter.filter("/shop/api/auth/sessions", known)).isInstanceOf(Answered.class);
        becomesStale();
        EndpointRequest later = get(tokens.draft("alice").compact());
        assertThat(loop.run(() -> filter.filterNow("/shop/me", later))).isEmpty();
        assertThat(loop.run(() -> filter.filterNow("/shop/hello", later))).isEmpty();
        assertThat(loop.run(() -> filter.filterNow(
                        "/shop/hello", EndpointRequest.of("GET").build())))
                .as("nobody has to be known")
                .containsInstanceOf(Passed.class);
    }

    /** It accepts connections, and never says a word. */
    @Test
    void an_issuer_that_does_not_answer_is_a_worker_s_business() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            URI keys = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/jwks");
            TokenPolicy policy = TokenPolicy.forIssuer(REALM, tokens.policy().issuer())
                    .keys(TokenKeys.remote(keys))
                    .audience("https://api.example.com")
                    .sessionIds(SessionIds.OURS)
                    .maxTokenLifetime(TestTokens.LIFETIME)
                    .build();
            SessionEndpoints endpoints = endpoints(service)
                    .verifier(TokenVerifier.builder(policy).clock(clock).build())
                    .build();

            assertThat(now(endpoints, get(tokens.draft(login()).compact()))).isEmpty();
        }
    }
}
