package dev.curfew.token;

import static dev.curfew.token.TokenAssertions.isRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.session.Realm;
import dev.curfew.token.InvalidTokenException.Reason;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only the signature is believed: what the policy refuses by other means is refused from a framework too. */
class BelievedTokensTest {
    private static final String OTHER = "https://other.example";

    /** A framework that was talked into another algorithm than the policy's has verified nothing that counts. */
    @ParameterizedTest
    @ValueSource(strings = {"HS256", "RS256", "RS512", "PS256", "ES384"})
    void an_algorithm_that_the_policy_does_not_name_is_refused_although_its_signature_is_believed(String algorithm) {
        TokenVerifier verifier = TestIssuer.verifier(
                TestIssuer.policy(TokenKeys.verifiedElsewhere()).algorithms("ES256"));

        assertThat(verifier.alreadyVerified(believed("ES256"), "framework")).isNotNull();
        isRefused(() -> verifier.alreadyVerified(believed(algorithm), "framework"), Reason.ALGORITHM);
    }

    @Test
    void an_algorithm_that_the_policys_own_keys_cannot_verify_is_refused() {
        TokenVerifier verifier =
                TestIssuer.verifier(TestIssuer.policy(TokenKeys.ofPublicKey(TestIssuer.P256.getPublic())));

        assertThat(verifier.alreadyVerified(believed("ES256"), "framework")).isNotNull();
        isRefused(() -> verifier.alreadyVerified(believed("RS256"), "framework"), Reason.ALGORITHM);
        isRefused(() -> verifier.alreadyVerified(believed("none"), "framework"), Reason.ALGORITHM);
    }

    @Test
    void each_policy_keeps_its_own_cap() {
        TokenVerifier verifier = TokenVerifier.builder(
                        TestIssuer.policy().maxTokenLength(2000).build(),
                        TestIssuer.complete(TokenPolicy.forIssuer(Realm.of("other"), OTHER)))
                .clock(TestIssuer.CLOCK)
                .build();
        Map<String, Object> claims = TestIssuer.claimsWith("filler", "x".repeat(2000));

        isRefused(() -> verifier.alreadyVerified(TestIssuer.token(claims), "framework"), Reason.TOO_LONG);
        claims.put("iss", OTHER);
        assertThat(verifier.alreadyVerified(TestIssuer.token(claims), "framework"))
                .isNotNull();
    }

    @Test
    void the_key_must_be_named_for_claims_too() {
        TokenVerifier verifier = TestIssuer.verifier();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> verifier.alreadyVerified(TestIssuer.claims(), ""))
                .withMessageContaining("signingKey");
    }

    private static String believed(String algorithm) {
        String header = "{\"alg\":\"" + algorithm + "\",\"typ\":\"at+jwt\"}";
        return TestIssuer.base64(header) + "." + TestIssuer.base64(TestIssuer.json(TestIssuer.claims())) + "."
                + TestIssuer.base64(new byte[64]);
    }
}
