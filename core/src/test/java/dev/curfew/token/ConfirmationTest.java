package dev.curfew.token;

import static dev.curfew.token.TestIssuer.claims;
import static dev.curfew.token.TestIssuer.claimsWith;
import static dev.curfew.token.TestIssuer.policy;
import static dev.curfew.token.TestIssuer.token;
import static dev.curfew.token.TestIssuer.verifier;
import static dev.curfew.token.TokenAssertions.isRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.session.SenderKey;
import dev.curfew.token.InvalidTokenException.Reason;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** To which key an issuer has bound a token. */
class ConfirmationTest {
    /** The examples of RFC 9449 section 6.1 and RFC 8705 section 3.1. */
    private static final String JKT = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

    private static final String X5T = "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg0";

    private static VerifiedToken verified(Map<String, ?> cnf) {
        return verifier().verify(token(claimsWith("cnf", cnf)));
    }

    @Test
    void the_keys_of_both_standards_are_read() {
        assertThat(verified(Map.of("jkt", JKT)).senderKey()).contains(new SenderKey(SenderKey.Kind.JKT, JKT));
        assertThat(verified(Map.of("x5t#S256", X5T)).senderKey()).contains(new SenderKey(SenderKey.Kind.X5T_S256, X5T));
    }

    @Test
    void a_token_without_the_claim_is_anybodys_to_bear() {
        VerifiedToken token = verifier().verify(token(claims()));

        assertThat(token.senderKey()).isEmpty();
        assertThat(token.isUsableWith(null)).isTrue();
        assertThat(token.isUsableWith(new SenderKey(SenderKey.Kind.JKT, JKT))).isTrue();
    }

    @Test
    void a_bound_one_is_usable_with_that_very_key_alone() {
        VerifiedToken token = verified(Map.of("jkt", JKT));

        assertThat(token.isUsableWith(new SenderKey(SenderKey.Kind.JKT, JKT))).isTrue();
        assertThat(token.isUsableWith(new SenderKey(SenderKey.Kind.X5T_S256, JKT)))
                .isFalse();
        assertThat(token.isUsableWith(new SenderKey(SenderKey.Kind.JKT, X5T))).isFalse();
        assertThat(token.isUsableWith(null)).isFalse();
    }

    @Test
    void another_form_is_refused() {
        for (Object cnf : Arrays.asList(
                null,
                "",
                JKT,
                7,
                true,
                List.of(),
                List.of(Map.of("jkt", JKT)),
                Map.of(),
                Map.of("jkt", ""),
                Map.of("jkt", 7),
                Map.of("jkt", List.of(JKT)),
                Map.of("jkt", JKT + "="),
                Map.of("jkt", JKT.substring(1)),
                Map.of("jkt", JKT.substring(0, 42) + "J"),
                Map.of("jkt", JKT.replace('-', '+')))) {
            isRefused(verifier(), token(claimsWith("cnf", cnf)), Reason.CLAIM);
        }
    }

    @Test
    void what_nobody_can_compare_is_refused_and_does_not_become_a_bearer_token() {
        for (Map<String, ?> cnf : List.<Map<String, ?>>of(
                Map.of("jwk", Map.of("kty", "EC")),
                Map.of("jwe", "x"),
                Map.of("kid", "key-1"),
                Map.of("jku", "https://keys.example.com", "kid", "key-1"),
                Map.of("jkt#S256", JKT),
                Map.of("JKT", JKT),
                Map.of("jkt", JKT, "x5t#S256", X5T),
                Map.of("jkt", JKT, "kid", "key-1"))) {
            isRefused(verifier(), token(claimsWith("cnf", cnf)), Reason.CLAIM);
        }
    }

    @Test
    void a_refusal_says_why_and_spells_nothing_that_came() {
        assertThatExceptionOfType(InvalidTokenException.class)
                .isThrownBy(() -> verified(Map.of("kid", "secret-kid")))
                .withMessageContaining("cnf has neither jkt nor x5t#S256, and nothing else can be compared")
                .withMessageNotContaining("secret-kid");
        assertThatExceptionOfType(InvalidTokenException.class)
                .isThrownBy(() -> verified(Map.of("jkt", "secret-print")))
                .withMessageContaining("cnf has a thumbprint that is not 32 bytes in base64url")
                .withMessageNotContaining("secret-print");
    }

    @Test
    void it_counts_also_where_others_verified_the_token() {
        TokenVerifier believing = verifier(policy(TokenKeys.verifiedElsewhere()).acceptPlainJwt());
        Map<String, Object> claims = claimsWith("cnf", Map.of("jkt", JKT));

        assertThat(believing.alreadyVerified(claims, "framework").senderKey())
                .contains(new SenderKey(SenderKey.Kind.JKT, JKT));
        isRefused(() -> believing.alreadyVerified(claimsWith("cnf", Map.of("kid", "x")), "framework"), Reason.CLAIM);
    }
}
