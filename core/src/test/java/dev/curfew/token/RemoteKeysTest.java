package dev.curfew.token;

import static dev.curfew.token.TokenAssertions.isRefused;
import static dev.curfew.token.TokenKeysTest.rsa;
import static dev.curfew.token.TokenKeysTest.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import dev.curfew.crypto.KeysUnavailableException;
import dev.curfew.jose.RemoteKeySource;
import dev.curfew.token.InvalidTokenException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@Timeout(60)
class RemoteKeysTest {
    private static final Duration MAX_AGE = Duration.ofMinutes(10);
    private static final Duration USABLE_FOR = Duration.ofHours(1);
    private static final Duration AT_MOST_EVERY = Duration.ofSeconds(30);

    private static final int FLOOD = 10_000;

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);
    private final AtomicInteger requests = new AtomicInteger();
    private final ExecutorService serving = Executors.newCachedThreadPool();
    private volatile int status = 200;
    private volatile String body = set(rsa(TestIssuer.RSA.getPublic(), "k1"));
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private final Logger logger = (Logger) LoggerFactory.getLogger(RemoteKeySource.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private HttpServer server;
    private TokenVerifier verifier;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(serving);
        server.createContext("/jwks", exchange -> {
            requests.incrementAndGet();
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            if (status == 302) {
                exchange.getResponseHeaders().add("Location", "/jwks");
            }
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        log.start();
        logger.addAppender(log);
        verifier = verifier(RemoteKeyOptions.builder());
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
        gate.countDown();
        server.stop(0);
        serving.shutdownNow();
    }

    @Test
    void keys_are_loaded_when_first_needed_and_then_kept() {
        assertThat(requests).hasValue(0);
        for (int i = 0; i < 5; i++) {
            assertThat(verifier.verify(token("k1", TestIssuer.RSA, i))).isNotNull();
        }
        assertThat(requests).hasValue(1);
    }

    @Test
    void concurrent_callers_share_one_request() throws Exception {
        gate = new CountDownLatch(1);
        ExecutorService callers = Executors.newFixedThreadPool(16);
        List<Future<VerifiedToken>> results = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            String token = token("k1", TestIssuer.RSA, i);
            results.add(callers.submit(() -> verifier.verify(token)));
        }
        while (requests.get() == 0) {
            Thread.onSpinWait();
        }
        gate.countDown();
        for (Future<VerifiedToken> result : results) {
            assertThat(result.get(30, TimeUnit.SECONDS)).isNotNull();
        }
        callers.shutdown();
        assertThat(requests).hasValue(1);
    }

    @Test
    void a_new_key_is_found_by_one_request_within_the_rate_limit() {
        verifier.verify(token("k1", TestIssuer.RSA, 1));
        body = set(rsa(TestIssuer.RSA.getPublic(), "k1"), rsa(TestIssuer.OTHER_RSA.getPublic(), "k2"));

        isRefused(verifier, token("k2", TestIssuer.OTHER_RSA, 2), Reason.KEY_UNKNOWN);
        assertThat(requests).as("too soon to ask again").hasValue(1);
        advance(AT_MOST_EVERY.minusNanos(1));
        isRefused(verifier, token("k2", TestIssuer.OTHER_RSA, 2), Reason.KEY_UNKNOWN);
        assertThat(requests).hasValue(1);
        advance(Duration.ofNanos(1));
        assertThat(verifier.verify(token("k2", TestIssuer.OTHER_RSA, 2))).isNotNull();
        assertThat(requests).hasValue(2);
    }

    @Test
    void a_flood_of_unknown_keys_causes_one_request_for_each_interval() {
        verifier.verify(token("k1", TestIssuer.RSA, 1));
        for (int interval = 0; interval < 3; interval++) {
            advance(AT_MOST_EVERY);
            for (int i = 0; i < 50; i++) {
                isRefused(verifier, token("unknown-" + i, TestIssuer.OTHER_RSA, i), Reason.KEY_UNKNOWN);
            }
        }
        assertThat(requests).hasValue(4);
    }

    @Tag("hunt")
    @Test
    void ten_thousand_unknown_keys_from_eight_threads_cause_one_request_for_each_interval() throws Exception {
        verifier.verify(token("k1", TestIssuer.RSA, 1));

        assertThat(flood(verifier)).isEqualTo(FLOOD);
        assertThat(requests).as("too soon to ask again").hasValue(1);
        for (int interval = 1; interval <= 3; interval++) {
            advance(AT_MOST_EVERY);
            assertThat(flood(verifier)).isEqualTo(FLOOD);
            assertThat(requests).hasValue(1 + interval);
        }
    }

    @Tag("hunt")
    @Test
    void an_issuer_that_fails_is_not_asked_by_every_unknown_key() throws Exception {
        verifier.verify(token("k1", TestIssuer.RSA, 1));
        status = 500;
        advance(AT_MOST_EVERY);

        assertThat(flood(verifier)).isEqualTo(FLOOD);
        assertThat(requests).hasValue(2);
        assertThat(verifier.verify(token("k1", TestIssuer.RSA, 2))).isNotNull();
    }

    @Tag("hunt")
    @Test
    void an_issuer_that_never_answered_is_asked_once_in_each_pause() throws Exception {
        status = 500;

        assertThat(flood(verifier)).isZero();
        assertThat(requests).hasValue(1);
        advance(Duration.ofSeconds(5));
        assertThat(flood(verifier)).isZero();
        assertThat(requests).hasValue(2);
    }

    @Tag("hunt")
    @Test
    void an_issuer_that_hangs_holds_up_nobody_for_longer_than_one_request() throws Exception {
        // Time enough for the first request of all, on a busy machine too.
        TokenVerifier hasty = verifier(RemoteKeyOptions.builder().timeout(Duration.ofSeconds(3)));
        hasty.verify(token("k1", TestIssuer.RSA, 1));
        gate = new CountDownLatch(1);
        advance(AT_MOST_EVERY);

        assertThat(flood(hasty)).isEqualTo(FLOOD);
        assertThat(requests).hasValue(2);
        assertThat(hasty.verify(token("k1", TestIssuer.RSA, 2))).isNotNull();
    }

    /** Tokens of as many different unknown keys, from eight threads; answers how many were refused for their key. */
    private static int flood(TokenVerifier verifier) throws Exception {
        AtomicInteger unknown = new AtomicInteger();
        String rest = "." + TestIssuer.base64(TestIssuer.json(TestIssuer.claims())) + "."
                + TestIssuer.base64(TestIssuer.random(256));
        ExecutorService callers = Executors.newFixedThreadPool(8);
        List<Future<?>> all = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            int first = thread;
            all.add(callers.submit(() -> {
                for (int i = first; i < FLOOD; i += 8) {
                    String header = "{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"unknown-" + i + "\"}";
                    try {
                        verifier.verify(TestIssuer.base64(header) + rest);
                        throw new AssertionError("a forged token was verified");
                    } catch (InvalidTokenException e) {
                        assertThat(e.reason()).isEqualTo(Reason.KEY_UNKNOWN);
                        unknown.incrementAndGet();
                    } catch (KeysUnavailableException e) {
                        assertThat(e.isRetryable()).isTrue();
                    }
                }
            }));
        }
        for (Future<?> one : all) {
            one.get(50, TimeUnit.SECONDS);
        }
        callers.shutdown();
        return unknown.get();
    }

    @Test
    void a_forged_signature_under_a_known_key_causes_no_request() {
        verifier.verify(token("k1", TestIssuer.RSA, 1));
        advance(AT_MOST_EVERY);

        isRefused(verifier, token("k1", TestIssuer.OTHER_RSA, 2), Reason.SIGNATURE);

        assertThat(requests).hasValue(1);
    }

    @Test
    void a_withdrawn_key_is_trusted_until_its_set_is_too_old_and_not_by_the_cache_either() {
        String token = token("k1", TestIssuer.RSA, 1);
        verifier.verify(token);
        body = set(rsa(TestIssuer.OTHER_RSA.getPublic(), "k2"));

        advance(MAX_AGE.minusNanos(1));
        assertThat(verifier.verify(token)).isNotNull();
        advance(Duration.ofNanos(1));
        isRefused(verifier, token, Reason.KEY_UNKNOWN);
    }

    @Test
    void another_key_under_the_same_id_ends_what_the_first_one_verified() {
        String token = token("k1", TestIssuer.RSA, 1);
        verifier.verify(token);
        body = set(rsa(TestIssuer.OTHER_RSA.getPublic(), "k1"));
        advance(MAX_AGE);

        isRefused(verifier, token, Reason.SIGNATURE);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 404, 204, 302})
    void during_an_outage_the_last_good_keys_serve_up_to_the_stated_age(int failure) {
        String token = token("k1", TestIssuer.RSA, 1);
        verifier.verify(token);
        status = failure;
        body = "";

        advance(MAX_AGE);
        assertThat(verifier.verify(token)).isNotNull();
        assertThat(requests).hasValue(2);
        assertThat(verifier.verify(token)).isNotNull();
        assertThat(requests).as("a failure is followed by a pause").hasValue(2);
        advance(USABLE_FOR.minus(MAX_AGE).minusNanos(1));
        assertThat(verifier.verify(token)).isNotNull();
        awaitRequests(3);
        advance(Duration.ofNanos(1));
        assertThatExceptionOfType(KeysUnavailableException.class)
                .isThrownBy(() -> verifier.verify(token))
                .satisfies(e -> assertThat(e.isRetryable()).isTrue());
    }

    @Test
    void after_an_outage_the_keys_are_loaded_again() {
        status = 503;
        String token = token("k1", TestIssuer.RSA, 1);
        assertThatExceptionOfType(KeysUnavailableException.class).isThrownBy(() -> verifier.verify(token));
        assertThatExceptionOfType(KeysUnavailableException.class).isThrownBy(() -> verifier.verify(token));
        assertThat(requests).as("a failure is followed by a pause").hasValue(1);

        status = 200;
        advance(Duration.ofSeconds(5));
        assertThat(verifier.verify(token)).isNotNull();
    }

    @Test
    void a_bad_set_does_not_replace_a_good_one() {
        String token = token("k1", TestIssuer.RSA, 1);
        verifier.verify(token);
        body = set(rsa(TestIssuer.RSA.getPublic(), "k1"), rsa(TestIssuer.OTHER_RSA.getPublic(), "k1"));
        advance(MAX_AGE);

        assertThat(verifier.verify(token)).isNotNull();
        assertThat(requests).hasValue(2);
    }

    @Test
    void an_answer_that_is_too_large_is_not_read() {
        TokenVerifier small = verifier(RemoteKeyOptions.builder().maxBytes(body.length()));
        assertThat(small.verify(token("k1", TestIssuer.RSA, 1))).isNotNull();

        TokenVerifier smaller = verifier(RemoteKeyOptions.builder().maxBytes(body.length() - 1));
        assertThatExceptionOfType(KeysUnavailableException.class)
                .isThrownBy(() -> smaller.verify(token("k1", TestIssuer.RSA, 1)));
    }

    @Test
    void an_issuer_that_does_not_answer_is_given_up() {
        gate = new CountDownLatch(1);
        TokenVerifier hasty = verifier(RemoteKeyOptions.builder().timeout(Duration.ofMillis(200)));

        assertThatExceptionOfType(KeysUnavailableException.class)
                .isThrownBy(() -> hasty.verify(token("k1", TestIssuer.RSA, 1)));
    }

    @Test
    void a_redirect_is_not_followed() {
        status = 302;
        body = "";

        assertThatExceptionOfType(KeysUnavailableException.class)
                .isThrownBy(() -> verifier.verify(token("k1", TestIssuer.RSA, 1)));
        assertThat(requests).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://login.example.com/jwks",
                "ftp://localhost/jwks",
                "file:///etc/passwd",
                "https:jwks",
                "/jwks",
                "https://user:pw@login.example.com/",
                "http://localhost.example.com/jwks",
                "http://127.0.0.1.example.com/"
            })
    void an_unsafe_address_is_refused(String address) {
        assertThatIllegalArgumentException().isThrownBy(() -> TokenKeys.remote(URI.create(address)));
    }

    @Test
    void plain_http_is_for_this_machine_only() {
        for (String address :
                List.of("http://localhost/", "http://127.0.0.2:81/", "http://[::1]:80/", "HTTPS://a.example/")) {
            assertThat(TokenKeys.remote(URI.create(address))).isNotNull();
        }
    }

    @Test
    void options_out_of_range_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RemoteKeyOptions.builder().maxAge(Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RemoteKeyOptions.builder().maxBytes(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RemoteKeyOptions.builder().timeout(Duration.ofDays(366)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RemoteKeyOptions.builder()
                        .usableFor(Duration.ofMinutes(1))
                        .build());
    }

    @Test
    void an_empty_set_from_an_issuer_that_answers_properly_withdraws_all_keys() {
        String token = token("k1", TestIssuer.RSA, 1);
        verifier.verify(token);
        body = set();
        advance(MAX_AGE);

        isRefused(verifier, token, Reason.KEY_UNKNOWN);
        assertThat(requests)
                .as("no outage, so that nothing is asked again at once")
                .hasValue(2);
        assertThat(messages()).singleElement().asString().contains(TestIssuer.ISSUER, "/jwks");

        body = set(rsa(TestIssuer.RSA.getPublic(), "k1"));
        advance(AT_MOST_EVERY);
        assertThat(verifier.verify(token)).as("the issuer has its key again").isNotNull();
    }

    @Test
    void a_key_that_cannot_be_used_is_left_out_and_that_is_told_once_for_each_change() {
        String weak = "{\"kty\":\"RSA\",\"kid\":\"weak\",\"n\":\"" + WeakModuli.ROCA + "\",\"e\":\"AQAB\"}";
        body = set(rsa(TestIssuer.RSA.getPublic(), "k1"), weak);
        for (int i = 0; i < 3; i++) {
            assertThat(verifier.verify(token("k1", TestIssuer.RSA, i))).isNotNull();
            advance(MAX_AGE);
        }
        assertThat(requests).hasValue(3);
        assertThat(messages()).singleElement().asString().contains(TestIssuer.ISSUER, "/jwks", "RSA_ROCA");
        assertThat(messages().toString()).doesNotContain(WeakModuli.ROCA.substring(0, 8), "weak");

        isRefused(verifier, token("weak", TestIssuer.OTHER_RSA, 1), Reason.KEY_UNKNOWN);
        body = set(rsa(TestIssuer.RSA.getPublic(), "k1"), "{\"kty\":\"oct\",\"k\":\"canary\"}");
        advance(MAX_AGE);
        assertThat(verifier.verify(token("k1", TestIssuer.RSA, 9))).isNotNull();
        assertThat(messages())
                .hasSize(2)
                .last()
                .asString()
                .contains("SECRET_IN_PUBLIC_SET")
                .doesNotContain("canary");
    }

    static Stream<Arguments> failures() {
        String two = set(rsa(TestIssuer.RSA.getPublic(), "k"), rsa(TestIssuer.OTHER_RSA.getPublic(), "k"));
        return Stream.of(
                Arguments.of(503, "canary", "HTTP status 503"),
                Arguments.of(404, "", "HTTP status 404"),
                Arguments.of(302, "", "HTTP status 302"),
                Arguments.of(200, "<html>canary", "not a JWK set"),
                Arguments.of(200, "{\"canary\":1}", "not a JWK set"),
                Arguments.of(200, "x".repeat(300_000), "larger than maxBytes"),
                Arguments.of(200, two, "different keys have the same id"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void the_log_of_a_failure_says_whose_keys_from_where_and_why(int answered, String answer, String reason) {
        status = answered;
        body = answer;

        assertThatExceptionOfType(KeysUnavailableException.class)
                .isThrownBy(() -> verifier.verify(token("k1", TestIssuer.RSA, 1)));

        assertThat(messages())
                .singleElement()
                .asString()
                .contains(TestIssuer.ISSUER, "http://127.0.0.1:", "/jwks?...", reason)
                .doesNotContain("canary", "key=pw");
    }

    @Test
    void the_log_of_an_issuer_that_is_out_of_reach_or_hangs_says_so() {
        gate = new CountDownLatch(1);
        TokenVerifier hasty = verifier(RemoteKeyOptions.builder().timeout(Duration.ofMillis(200)));
        assertThatExceptionOfType(KeysUnavailableException.class)
                .isThrownBy(() -> hasty.verify(token("k1", TestIssuer.RSA, 1)));
        assertThat(messages()).singleElement().asString().contains("no answer in time");
        gate.countDown();
        server.stop(0);
        assertThatExceptionOfType(KeysUnavailableException.class)
                .isThrownBy(() -> verifier.verify(token("k1", TestIssuer.RSA, 1)));
        assertThat(messages()).last().asString().contains(TestIssuer.ISSUER, "/jwks", "Exception");
    }

    private List<String> messages() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private TokenVerifier verifier(RemoteKeyOptions.Builder options) {
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jwks?key=pw");
        TokenKeys keys = TokenKeys.remote(
                uri,
                options.maxAge(MAX_AGE)
                        .usableFor(USABLE_FOR)
                        .refreshAtMostEvery(AT_MOST_EVERY)
                        .nanoTime(nanos::get)
                        .build());
        return TestIssuer.verifier(TestIssuer.policy(keys));
    }

    private void advance(Duration elapsed) {
        nanos.addAndGet(elapsed.toNanos());
    }

    private void awaitRequests(int number) {
        while (requests.get() < number) {
            Thread.onSpinWait();
        }
    }

    private static String token(String keyId, KeyPair key, int number) {
        return TestIssuer.sign(
                "RS256",
                ("{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"" + keyId + "\"}").getBytes(StandardCharsets.UTF_8),
                TestIssuer.json(TestIssuer.claimsWith("jti", "t-" + number)).getBytes(StandardCharsets.UTF_8),
                key);
    }
}
