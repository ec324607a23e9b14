package dev.curfew.token;

import static dev.curfew.token.TokenAssertions.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.session.Realm;
import dev.curfew.token.InvalidTokenException.Reason;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** TOK-12: the key must belong to the issuer that the token names. */
class SeveralIssuersTest {
    private static final String OTHER = "https://other.example";

    private final TokenVerifier verifier = TokenVerifier.builder(
                    TestIssuer.policy().maxTokenLength(2000).build(),
                    TestIssuer.complete(TokenPolicy.forIssuer(Realm.of("other"), OTHER)))
            .clock(TestIssuer.CLOCK)
            .build();

    @Test
    void the_issuer_chooses_the_realm() {
        assertThat(verifier.verify(signed(TestIssuer.claims(), TestIssuer.RSA)).realm())
                .isEqualTo(TestIssuer.REALM);
        assertThat(verifier.verify(signed(TestIssuer.claimsWith("iss", OTHER), TestIssuer.OTHER_RSA))
                        .realm())
                .isEqualTo(Realm.of("other"));
    }

    @Test
    void the_key_of_another_issuer_makes_no_token_of_this_one() {
        isRefused(verifier, signed(TestIssuer.claims(), TestIssuer.OTHER_RSA), Reason.SIGNATURE);
        isRefused(verifier, signed(TestIssuer.claimsWith("iss", OTHER), TestIssuer.RSA), Reason.SIGNATURE);
    }

    @Test
    void an_unknown_issuer_is_refused() {
        isRefused(
                verifier, signed(TestIssuer.claimsWith("iss", "https://evil.example"), TestIssuer.RSA), Reason.ISSUER);
        isRefused(verifier, signed(TestIssuer.claimsWithout("iss"), TestIssuer.RSA), Reason.ISSUER);
    }

    @Test
    void each_policy_has_its_own_cap() {
        Map<String, Object> claims = TestIssuer.claimsWith("filler", "x".repeat(2000));

        isRefused(verifier, signed(claims, TestIssuer.RSA), Reason.TOO_LONG);
        claims.put("iss", OTHER);
        assertThat(verifier.verify(signed(claims, TestIssuer.OTHER_RSA))).isNotNull();
    }

    private static String signed(Map<String, Object> claims, KeyPair key) {
        return TestIssuer.sign(
                "RS256",
                "{\"alg\":\"RS256\",\"typ\":\"at+jwt\"}".getBytes(StandardCharsets.UTF_8),
                TestIssuer.json(claims).getBytes(StandardCharsets.UTF_8),
                key);
    }
}
