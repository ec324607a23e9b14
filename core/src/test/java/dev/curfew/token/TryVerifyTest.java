package dev.curfew.token;

import static dev.curfew.token.TokenKeysTest.rsa;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.crypto.KeysUnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Verification for event loops: it never waits for an issuer. The issuer holds every request that nobody may wait for,
 * so that a call that waited all the same would end in the time limit of the test.
 */
@Timeout(120)
class TryVerifyTest {
    private JwksServer issuer;
    private TokenVerifier verifier;

    @BeforeEach
    void start() throws IOException {
        issuer = new JwksServer(rsa(TestIssuer.RSA.getPublic(), "k1"));
        verifier = TestIssuer.verifier(TestIssuer.policy(issuer.keys()));
    }

    @AfterEach
    void stop() {
        issuer.close();
    }

    private static String token(String keyId) {
        byte[] header =
                ("{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"" + keyId + "\"}").getBytes(StandardCharsets.UTF_8);
        byte[] payload = TestIssuer.json(TestIssuer.claims()).getBytes(StandardCharsets.UTF_8);
        return TestIssuer.sign("RS256", header, payload, TestIssuer.RSA);
    }

    @Test
    void keys_that_are_given_are_never_waited_for() {
        String good = TestIssuer.token();

        assertThat(TestIssuer.verifier().tryVerify(good)).containsInstanceOf(VerifiedToken.class);
    }

    @Test
    void keys_that_nobody_has_loaded_yet_are_neither_waited_for_nor_asked_for() {
        issuer.holdsRequests();

        assertThat(verifier.tryVerify(token("k1"))).isEmpty();
        assertThat(issuer.requests()).isZero();
    }

    @Test
    void once_they_are_loaded_tokens_are_verified_without_waiting() {
        String first = token("k1");
        verifier.verify(first);
        issuer.holdsRequests();

        assertThat(verifier.tryVerify(first)).as("remembered").containsInstanceOf(VerifiedToken.class);
        assertThat(TestIssuer.verifier(TestIssuer.policy(issuer.keys())).tryVerify(first))
                .as("another set of keys knows nothing yet")
                .isEmpty();
        assertThat(issuer.requests()).isEqualTo(1);
    }

    @Test
    void a_remembered_token_does_not_outlive_the_age_of_the_keys_that_verified_it() {
        String good = token("k1");
        verifier.verify(good);
        issuer.holdsRequests();
        issuer.advance(JwksServer.MAX_AGE);

        assertThat(verifier.tryVerify(good)).isEmpty();
        assertThat(issuer.requests()).isEqualTo(1);
    }

    @Test
    void an_unknown_key_is_refused_at_once_only_while_no_newer_keys_may_be_asked_for() {
        verifier.verify(token("k1"));
        issuer.holdsRequests();

        assertThatExceptionOfType(InvalidTokenException.class).isThrownBy(() -> verifier.tryVerify(token("k2")));
        issuer.advance(JwksServer.AT_MOST_EVERY);
        assertThat(verifier.tryVerify(token("k2"))).isEmpty();
        assertThat(issuer.requests()).isEqualTo(1);
    }

    @Test
    void during_an_outage_the_last_good_keys_serve_event_loops_too() throws InterruptedException {
        String good = token("k1");
        verifier.verify(good);
        issuer.fails();
        issuer.advance(JwksServer.MAX_AGE);
        assertThat(verifier.verify(good)).as("finds the issuer out of reach").isNotNull();

        CountDownLatch gate = issuer.holdsRequests();
        issuer.advance(Duration.ofSeconds(5));
        assertThat(verifier.tryVerify(good))
                .as("the probe is held up, the caller is not")
                .containsInstanceOf(VerifiedToken.class);
        issuer.awaitRequests(3);
        gate.countDown();
    }

    @Test
    void keys_that_are_known_not_to_be_had_are_an_outage_at_once() {
        issuer.fails();
        assertThatExceptionOfType(KeysUnavailableException.class).isThrownBy(() -> verifier.verify(token("k1")));

        assertThatExceptionOfType(KeysUnavailableException.class).isThrownBy(() -> verifier.tryVerify(token("k1")));
        assertThat(issuer.requests()).isEqualTo(1);
    }
}
