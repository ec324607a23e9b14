package dev.curfew.token;

import static dev.curfew.token.TestIssuer.claimsWith;
import static dev.curfew.token.TestIssuer.claimsWithout;
import static dev.curfew.token.TestIssuer.token;
import static dev.curfew.token.TestIssuer.verifier;
import static dev.curfew.token.TokenAssertions.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.token.InvalidTokenException.Reason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An issuer signs other tokens with the same keys; none of them opens an API, whatever the audience is. */
class TokenKindTest {
    private static TokenPolicyBuilder open() {
        return TokenPolicy.forIssuer(TestIssuer.REALM, TestIssuer.ISSUER)
                .keys(TokenKeys.ofPublicKey(TestIssuer.RSA.getPublic()))
                .anyAudience()
                .acceptPlainJwt()
                .sessionIds(SessionIds.FOREIGN)
                .maxTokenLifetime(TestIssuer.LIFETIME);
    }

    @ParameterizedTest
    @CsvSource({
        "token_use, id",
        "token_use, refresh",
        "typ, ID",
        "typ, Refresh",
        "typ, Offline",
        "typ, Logout",
        "token_type, refresh",
        "token_type, id_token",
        "type, refresh",
        "type, REFRESH_TOKEN"
    })
    void a_claim_that_says_another_kind_refuses_in_every_mode(String claim, String kind) {
        for (Object value : new Object[] {kind, List.of(kind), List.of("access", kind)}) {
            Map<String, Object> claims = claimsWith(claim, value);
            isRefused(verifier(), token(claims), Reason.TYPE);
            isRefused(verifier(open()), token("RS256", "JWT", claims), Reason.TYPE);
            isRefused(() -> verifier(open()).alreadyVerified(claims, "key"), Reason.TYPE);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "token_use, access",
        "typ, Bearer",
        "typ, DPoP",
        "token_type, Bearer",
        "token_type, access",
        "type, access",
        "type, person"
    })
    void a_claim_that_says_access_token_or_nothing_about_it_passes(String claim, String kind) {
        assertThat(verifier(open()).verify(token("RS256", "JWT", claimsWith(claim, kind))))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonce", "at_hash", "c_hash", "s_hash"})
    void the_shape_of_an_id_token_refuses_whatever_its_value_is(String claim) {
        for (Object value : new Object[] {"x", "", null, 7, List.of()}) {
            Map<String, Object> claims = claimsWith(claim, value);
            isRefused(verifier(open()), token("RS256", "JWT", claims), Reason.TYPE);
            isRefused(() -> verifier(open()).alreadyVerified(claims, "key"), Reason.TYPE);
        }
    }

    @Test
    void a_nonce_may_be_allowed_and_allows_nothing_else() {
        TokenPolicyBuilder old = open().allowNonce().require("typ", "Bearer");
        Map<String, Object> claims = claimsWith("nonce", "x");

        isRefused(verifier(old), token("RS256", "JWT", claims), Reason.CLAIM);
        claims.put("typ", "ID");
        isRefused(verifier(old), token("RS256", "JWT", claims), Reason.TYPE);
        claims.put("typ", "Bearer");
        assertThat(verifier(old).verify(token("RS256", "JWT", claims))).isNotNull();
        claims.put("at_hash", "x");
        isRefused(verifier(old), token("RS256", "JWT", claims), Reason.TYPE);
    }

    @Test
    void an_id_token_is_a_bearer_token_only_where_the_policy_says_so_loudly() {
        TokenVerifier loud = verifier(open().idTokensAreBearerTokens());
        Map<String, Object> claims = claimsWith("nonce", "x");
        claims.put("at_hash", "x");
        claims.put("token_use", "id");

        assertThat(loud.verify(token("RS256", "JWT", claims))).isNotNull();
        claims.put("token_use", "refresh");
        isRefused(loud, token("RS256", "JWT", claims), Reason.TYPE);
        isRefused(loud, token("RS256", "JWT", claimsWith("events", Map.of())), Reason.TYPE);
    }

    @Test
    void a_required_claim_is_one_of_its_texts_and_nothing_else() {
        TokenVerifier strict = verifier(open().require("token_use", "access", "service"));

        for (String good : List.of("access", "service")) {
            assertThat(strict.verify(token(claimsWith("token_use", good)))).isNotNull();
        }
        for (Object bad : new Object[] {
            "Access",
            "access ",
            "",
            "other",
            null,
            7,
            true,
            Map.of(),
            List.of(),
            List.of("access"),
            List.of("access", "x")
        }) {
            isRefused(strict, token(claimsWith("token_use", bad)), Reason.CLAIM);
        }
        isRefused(strict, token(claimsWithout("token_use")), Reason.CLAIM);
    }

    @Test
    void only_allowed_clients_pass_by_whatever_claim_names_them() {
        TokenVerifier strict = verifier(open().allowedClients("web", "app"));
        TokenVerifier mapped =
                verifier(open().clientClaims("cid").allowMissingClient().allowedClients("web"));

        assertThat(strict.verify(token(claimsWith("client_id", "app")))).isNotNull();
        isRefused(strict, token(claimsWith("client_id", "other")), Reason.CLIENT);
        isRefused(strict, token(claimsWith("client_id", "WEB")), Reason.CLIENT);
        assertThat(mapped.verify(token(claimsWith("cid", "web")))).isNotNull();
        isRefused(mapped, token(), Reason.CLIENT);
    }
}
