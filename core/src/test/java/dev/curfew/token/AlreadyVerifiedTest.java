package dev.curfew.token;

import static dev.curfew.token.TokenAssertions.isRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenId;
import dev.curfew.token.InvalidTokenException.Reason;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlreadyVerifiedTest {
    private final TokenVerifier verifier =
            TestIssuer.verifier(TestIssuer.policy(TokenKeys.verifiedElsewhere()).acceptPlainJwt());

    @Test
    void a_text_whose_signature_others_verified_gives_the_same_facts() {
        String token = TestIssuer.token(TestIssuer.claimsWithout("jti"));

        VerifiedToken believed = verifier.alreadyVerified(token, "framework");

        assertThat(believed.facts().tokenKey())
                .isEqualTo(TokenId.ofSigningInput(token.substring(0, token.lastIndexOf('.')))
                        .key(TestIssuer.REALM));
        assertThat(believed.facts().signingKeyKey())
                .isEqualTo(RevocationTarget.signingKey("framework").key());
    }

    @Test
    void claims_with_the_instants_of_a_framework_are_read() {
        Map<String, Object> claims = TestIssuer.claims();
        claims.put("exp", TestIssuer.NOW.plusSeconds(60));
        claims.put("iat", TestIssuer.NOW.minusSeconds(60));

        VerifiedToken believed = verifier.alreadyVerified(claims, "framework");
        claims.put("sub", "mallory");

        assertThat(believed.expiresAt()).isEqualTo(TestIssuer.NOW.plusSeconds(60));
        assertThat(believed.facts().tokenKey()).isEqualTo(TokenId.ofJti("t-1").key(TestIssuer.REALM));
        assertThat(believed.claims()).containsEntry("sub", "alice");
    }

    @Test
    void claims_without_a_token_id_are_refused() {
        isRefused(() -> verifier.alreadyVerified(TestIssuer.claimsWithout("jti"), "framework"), Reason.CLAIM);
    }

    @Test
    void everything_but_the_signature_is_checked_again() {
        long now = TestIssuer.NOW.getEpochSecond();
        isRefusedTwice(TestIssuer.claimsWith("iss", "https://evil.example"), Reason.ISSUER);
        isRefusedTwice(TestIssuer.claimsWith("aud", "other"), Reason.AUDIENCE);
        isRefusedTwice(TestIssuer.claimsWith("exp", now - 10), Reason.EXPIRED);
        isRefusedTwice(TestIssuer.claimsWith("nbf", now + 11), Reason.NOT_YET_VALID);
        isRefusedTwice(TestIssuer.claimsWith("sid", ""), Reason.SESSION_ID);
        isRefusedTwice(TestIssuer.claimsWithout("auth_time"), Reason.AUTH_TIME_MISSING);
        isRefused(() -> verifier.alreadyVerified("a.b.c", "framework"), Reason.MALFORMED);
        isRefused(
                () -> verifier.alreadyVerified(
                        TestIssuer.token("RS256", "logout+jwt", TestIssuer.claims()), "framework"),
                Reason.TYPE);
        isRefused(
                () -> verifier.alreadyVerified(
                        TestIssuer.tokenWithHeader("{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}"), "framework"),
                Reason.ALGORITHM);
    }

    @Test
    void without_keys_nothing_else_is_accepted() {
        isRefused(verifier, TestIssuer.token(), Reason.KEY_UNKNOWN);
    }

    @Test
    void the_name_of_the_key_is_required() {
        assertThatIllegalArgumentException().isThrownBy(() -> verifier.alreadyVerified(TestIssuer.token(), ""));
    }

    private void isRefusedTwice(Map<String, Object> claims, Reason reason) {
        isRefused(() -> verifier.alreadyVerified(claims, "framework"), reason);
        isRefused(() -> verifier.alreadyVerified(TestIssuer.token(claims), "framework"), reason);
    }
}
