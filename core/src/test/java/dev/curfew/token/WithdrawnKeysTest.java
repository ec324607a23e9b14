package dev.curfew.token;

import static dev.curfew.token.TokenAssertions.isRefused;
import static dev.curfew.token.TokenKeysTest.rsa;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.crypto.KeysUnavailableException;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.token.InvalidTokenException.Reason;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What was verified by a key goes with the key. */
@Timeout(120)
class WithdrawnKeysTest {
    private static final String FIRST = rsa(TestIssuer.RSA.getPublic(), "k1");
    private static final String SECOND = rsa(TestIssuer.OTHER_RSA.getPublic(), "k2");

    private final String token = TestIssuer.token();
    private JwksServer issuer;
    private TokenVerifier verifier;

    @BeforeEach
    void start() throws IOException {
        issuer = new JwksServer(FIRST);
        verifier = TestIssuer.verifier(TestIssuer.policy(issuer.keys()));
    }

    @AfterEach
    void stop() {
        issuer.close();
    }

    @Test
    void a_key_that_comes_back_brings_nothing_back_that_it_verified_before() {
        TokenFacts before = verifier.verify(token).facts();
        issuer.publishes(SECOND);
        issuer.advance(JwksServer.MAX_AGE);
        isRefused(() -> verifier.verify(token), Reason.SIGNATURE);
        issuer.publishes(FIRST);
        issuer.advance(JwksServer.MAX_AGE);

        assertThat(verifier.verify(token).facts()).as("verified anew").isNotSameAs(before);
    }

    @Test
    void a_set_that_was_loaded_again_and_still_has_the_key_keeps_what_it_verified() {
        TokenFacts before = verifier.verify(token).facts();
        issuer.publishes(FIRST, SECOND);
        issuer.advance(JwksServer.MAX_AGE);

        assertThat(verifier.verify(token).facts()).isSameAs(before);
        assertThat(issuer.requests()).isEqualTo(2);
    }

    /** The cache must not outlive the keys either: what cannot be checked is not usable. */
    @Test
    void a_remembered_token_is_not_answered_when_no_keys_may_be_used_any_more() {
        verifier.verify(token);
        issuer.fails();
        issuer.advance(JwksServer.USABLE_FOR);

        assertThatExceptionOfType(KeysUnavailableException.class).isThrownBy(() -> verifier.verify(token));
    }
}
