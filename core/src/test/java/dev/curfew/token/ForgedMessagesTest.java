package dev.curfew.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.RSAKey;
import dev.curfew.crypto.KeysUnavailableException;
import dev.curfew.session.Seeds;
import dev.curfew.token.EventTokenPolicy.Profile;
import dev.curfew.token.InvalidEventTokenException.Reason;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** DOS-04, DOS-05: what no issuer signed is refused by its type, and reaches nothing. */
class ForgedMessagesTest {
    private static final int TRIES = 10_000;
    private static final int AT_ONCE = 64;

    @Test
    void ten_thousand_forged_messages_cost_one_request_for_keys_each_half_minute() throws Exception {
        try (JwksServer server = new JwksServer(jwk("k1"))) {
            EventTokenVerifier verifier = TestMessages.verifier(Profile.LOGOUT, policy -> policy.keys(server.keys()));
            String signature = TestIssuer.base64(TestIssuer.random(256));
            Set<Reason> reasons = EnumSet.noneOf(Reason.class);

            for (int i = 0; i < TRIES; i++) {
                Reason reason = reasonOf(verifier, forged(i, signature));
                reasons.add(reason);
            }

            assertThat(reasons).contains(Reason.KEY_UNKNOWN, Reason.SIGNATURE, Reason.ISSUER, Reason.AUDIENCE);
            // The first, and the one that the first unknown key id may ask for.
            assertThat(server.requests()).isBetween(1, 2);
            server.advance(JwksServer.AT_MOST_EVERY);
            for (int i = 0; i < 100; i++) {
                reasonOf(verifier, forged(i, signature));
            }
            assertThat(server.requests()).isBetween(2, 3);
        }
    }

    /** The bound of the requests belongs to the keys; what is not meant for us does not even ask for them. */
    @Test
    void what_is_for_somebody_else_asks_for_no_keys_at_all() throws Exception {
        try (JwksServer server = new JwksServer(jwk("k1"))) {
            EventTokenVerifier verifier = TestMessages.verifier(Profile.LOGOUT, policy -> policy.keys(server.keys()));

            TestMessages.isRefused(verifier, TestMessages.with(Profile.LOGOUT, "iss", "another"), Reason.ISSUER);
            TestMessages.isRefused(verifier, TestMessages.with(Profile.LOGOUT, "aud", "another"), Reason.AUDIENCE);
            TestMessages.isRefused(verifier, TestMessages.typed(Profile.LOGOUT, "at+jwt"), Reason.TYPE);
            TestMessages.isRefused(
                    verifier,
                    TestIssuer.token("ES256", "logout+jwt", TestMessages.claims(Profile.LOGOUT)),
                    Reason.ALGORITHM);

            assertThat(server.requests()).isZero();
        }
    }

    @Test
    void keys_that_cannot_be_had_are_an_outage_and_no_refusal() throws Exception {
        try (JwksServer server = new JwksServer(jwk("k1"))) {
            server.fails();
            EventTokenVerifier verifier = TestMessages.verifier(Profile.LOGOUT, policy -> policy.keys(server.keys()));

            assertThatThrownBy(() -> verifier.verify(TestMessages.message(Profile.LOGOUT)))
                    .isInstanceOf(KeysUnavailableException.class);
        }
    }

    @Test
    void a_key_that_is_not_known_while_newer_ones_cannot_be_had_is_an_outage_and_no_refusal() throws Exception {
        try (JwksServer server = new JwksServer(jwk("k1"))) {
            EventTokenVerifier verifier = TestMessages.verifier(Profile.LOGOUT, policy -> policy.keys(server.keys()));
            String signature = TestIssuer.base64(TestIssuer.random(256));
            assertThat(verifier.verify(TestMessages.message(Profile.LOGOUT))).isNotNull();
            server.fails();
            server.advance(JwksServer.AT_MOST_EVERY);

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> verifier.verify(forged(1, signature, "k2")))
                        .isInstanceOf(KeysUnavailableException.class)
                        .hasMessageContaining("newer keys");
            }
            assertThat(verifier.verify(TestMessages.message(Profile.LOGOUT))).isNotNull();
        }
    }

    /** The keys are held back, so that nobody who comes in comes out. */
    @Test
    void messages_of_unknown_keys_hold_up_none_whose_key_is_known() throws Exception {
        try (JwksServer server = new JwksServer(jwk("k1"))) {
            EventTokenVerifier verifier = TestMessages.verifier(Profile.LOGOUT, policy -> policy.keys(server.keys()));
            String token = TestMessages.message(Profile.LOGOUT);
            String signature = TestIssuer.base64(TestIssuer.random(256));
            assertThat(verifier.verify(token)).isNotNull();
            server.advance(JwksServer.AT_MOST_EVERY);
            CountDownLatch gate = server.holdsRequests();
            ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
            try {
                List<Future<Reason>> forgeries = new ArrayList<>();
                for (int i = 0; i < AT_ONCE; i++) {
                    String forged = forged(1, signature, "k-" + i);
                    forgeries.add(threads.submit(() -> reasonOf(verifier, forged)));
                }
                awaitCrowd(verifier, forged(1, signature, "one-more"));

                assertThat(verifier.verify(token).id()).isEqualTo("m-1");
                gate.countDown();
                for (Future<Reason> each : forgeries) {
                    assertThat(each.get(60, TimeUnit.SECONDS)).isEqualTo(Reason.KEY_UNKNOWN);
                }
            } finally {
                gate.countDown();
                threads.shutdownNow();
            }
        }
    }

    /** Until as many wait for newer keys as may: who comes then is told to come again, and does not wait. */
    private static void awaitCrowd(EventTokenVerifier verifier, String forged) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (verifier.seeking() > 0) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(1);
        }
        assertThatThrownBy(() -> verifier.verify(forged))
                .isInstanceOfSatisfying(
                        KeysUnavailableException.class,
                        crowd -> assertThat(crowd.isRetryable()).isTrue());
    }

    @Test
    void as_many_as_come_at_once_wait_for_the_first_keys_and_all_succeed() throws Exception {
        int crowd = 3 * AT_ONCE;
        try (JwksServer server = new JwksServer(jwk("k1"))) {
            CountDownLatch gate = server.holdsRequests();
            EventTokenVerifier verifier = TestMessages.verifier(Profile.LOGOUT, policy -> policy.keys(server.keys()));
            String token = TestMessages.message(Profile.LOGOUT);
            CountDownLatch begun = new CountDownLatch(crowd);
            ExecutorService threads = Executors.newFixedThreadPool(crowd);
            try {
                List<Future<EventToken>> under = new ArrayList<>();
                for (int i = 0; i < crowd; i++) {
                    under.add(threads.submit(() -> {
                        begun.countDown();
                        return verifier.verify(token);
                    }));
                }
                assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
                server.awaitRequests(1);
                // What can be refused without a signature still is.
                TestMessages.isRefused(verifier, TestMessages.with(Profile.LOGOUT, "iss", "x"), Reason.ISSUER);
                gate.countDown();

                for (Future<EventToken> each : under) {
                    assertThat(each.get(60, TimeUnit.SECONDS).id()).isEqualTo("m-1");
                }
                assertThat(server.requests()).isEqualTo(1);
            } finally {
                gate.countDown();
                threads.shutdownNow();
            }
        }
    }

    @Test
    void who_finds_no_place_for_its_signature_in_time_is_told_to_come_again() {
        EventTokenVerifier verifier = TestMessages.verifier(Profile.LOGOUT);
        String token = TestMessages.message(Profile.LOGOUT);
        verifier.room().acquireUninterruptibly(AT_ONCE);

        assertThatThrownBy(() -> verifier.verify(token))
                .isInstanceOfSatisfying(
                        VerificationsBusyException.class,
                        busy -> assertThat(busy.isRetryable()).isTrue());
        TestMessages.isRefused(verifier, TestMessages.with(Profile.LOGOUT, "iss", "x"), Reason.ISSUER);
        verifier.room().release(AT_ONCE);

        assertThat(verifier.verify(token).id()).isEqualTo("m-1");
        assertThat(verifier.room().availablePermits()).isEqualTo(AT_ONCE);
    }

    @Test
    void whatever_comes_is_refused_by_the_typed_exception_alone() {
        List<EventTokenVerifier> verifiers = new ArrayList<>();
        for (Profile profile : Profile.values()) {
            verifiers.add(TestMessages.verifier(profile));
        }
        Seeds.forAll(10, 10_000, random -> {
            long refused = 0;
            for (Profile profile : Profile.values()) {
                String good = TestMessages.message(profile);
                for (int i = 0; i < 50; i++) {
                    String text = damaged(good, random);
                    for (EventTokenVerifier verifier : verifiers) {
                        refused += reasonOf(verifier, text) == null ? 0 : 1;
                    }
                }
            }
            return refused;
        });
    }

    private static String damaged(String good, Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> good.substring(0, random.nextInt(good.length()));
            case 1 -> good.substring(random.nextInt(good.length()));
            case 2 -> {
                StringBuilder text = new StringBuilder(good);
                text.setCharAt(random.nextInt(good.length()), (char) random.nextInt(0x180));
                yield text.toString();
            }
            case 3 -> {
                byte[] bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
                yield new String(bytes, StandardCharsets.ISO_8859_1);
            }
            case 4 -> {
                byte[] bytes = new byte[1 + random.nextInt(100)];
                random.nextBytes(bytes);
                yield TestIssuer.base64("{\"alg\":\"RS256\"}") + "." + TestIssuer.base64(bytes) + ".AAAA";
            }
            default -> good + good.substring(random.nextInt(good.length()));
        };
    }

    /** Null if it was accepted; any other failure than the typed one fails the test. */
    private static Reason reasonOf(EventTokenVerifier verifier, String text) {
        try {
            verifier.verify(text);
            return null;
        } catch (InvalidEventTokenException e) {
            assertThat(e.getCause()).isNull();
            return e.reason();
        }
    }

    /** Well-formed and signed by nobody; some name other keys, or other parties. */
    private static String forged(int number, String signature) {
        return forged(number, signature, number % 2 == 0 ? "k1" : "k-" + number);
    }

    private static String forged(int number, String signature, String keyId) {
        Map<String, Object> claims = TestMessages.claims(Profile.LOGOUT);
        claims.put("jti", "forged-" + number);
        if (number % 7 == 0) {
            claims.put("iss", "https://evil.example");
        }
        if (number % 11 == 0) {
            claims.put("aud", "evil");
        }
        String header = "{\"alg\":\"RS256\",\"typ\":\"logout+jwt\",\"kid\":\"" + keyId + "\"}";
        return TestIssuer.base64(header) + "." + TestIssuer.base64(TestIssuer.json(claims)) + "." + signature;
    }

    private static String jwk(String keyId) {
        return new RSAKey.Builder((RSAPublicKey) TestIssuer.RSA.getPublic())
                .keyID(keyId)
                .build()
                .toJSONString();
    }
}
