package dev.curfew.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.TokenFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** REV-02, REV-03, REV-04: whoever holds a revoked token cannot make another one of it. */
@Tag("hunt")
class RespellingTest {

    @ParameterizedTest
    @CsvSource({
        "RS256,true",
        "RS256,false",
        "PS256,true",
        "PS256,false",
        "ES256,true",
        "ES256,false",
        "EdDSA,true",
        "EdDSA,false",
        "HS256,true",
        "HS256,false"
    })
    void every_other_spelling_is_refused_or_is_known_as_the_same_token(String algorithm, boolean withId) {
        Map<String, Object> claims = withId ? TestIssuer.claims() : TestIssuer.claimsWithout("jti");
        TokenKeys keys = algorithm.startsWith("HS")
                ? TokenKeys.ofSecret("signing-1", TestIssuer.SECRET)
                : TokenKeys.ofPublicKey(TestIssuer.publicKeyFor(algorithm));
        // Every length of the last group, so that header and payload have stray bits to offer.
        for (int filler = 0; filler < 3; filler++) {
            claims.put("filler", "x".repeat(filler));
            String base = TestIssuer.token(
                    algorithm,
                    "{\"alg\":\"" + algorithm + "\",\"typ\":\"at+jwt\",\"f\":\"" + "x".repeat(filler) + "\"}",
                    TestIssuer.json(claims));
            TokenVerifier verifier = TestIssuer.verifier(TestIssuer.policy(keys).acceptPlainJwt());
            TokenFacts facts = verifier.verify(base).facts();
            List<String> spellings = new ArrayList<>(Respellings.all(base));
            if (algorithm.equals("ES256")) {
                spellings.add(Respellings.ecdsaTwin(base));
                spellings.add(Respellings.ecdsaDer(base));
            }
            for (String spelling : spellings) {
                assertThat(spelling).isNotEqualTo(base);
                assertRefusedOrSame(verifier, spelling, facts);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void the_twin_of_an_ecdsa_signature_is_accepted_as_the_same_token(boolean withId) {
        Map<String, Object> claims = withId ? TestIssuer.claims() : TestIssuer.claimsWithout("jti");
        String base = TestIssuer.token("ES256", "JWT", claims);
        TokenVerifier verifier =
                TestIssuer.verifier(TestIssuer.policy(TokenKeys.ofPublicKey(TestIssuer.P256.getPublic()))
                        .acceptPlainJwt());

        String twin = Respellings.ecdsaTwin(base);

        assertThat(twin).isNotEqualTo(base);
        assertThat(verifier.verify(twin).facts().tokenKey())
                .isEqualTo(verifier.verify(base).facts().tokenKey());
    }

    private static void assertRefusedOrSame(TokenVerifier verifier, String spelling, TokenFacts base) {
        try {
            assertThat(verifier.verify(spelling).facts().tokenKey()).isEqualTo(base.tokenKey());
        } catch (InvalidTokenException refused) {
            assertThat(refused.reason()).isNotNull();
        }
    }
}
