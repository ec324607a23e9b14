package dev.curfew.token;

import static dev.curfew.token.TokenAssertions.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import dev.curfew.jose.Algorithm;
import dev.curfew.jose.TokenHeader;
import dev.curfew.jose.VerificationKey;
import dev.curfew.token.InvalidTokenException.Reason;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TOK-04, TOK-05, TOK-07, TOK-08, TOK-11, TOK-31. */
class SignatureTest {
    private final TokenVerifier verifier = TestIssuer.verifier();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519",
                "HS256", "HS384", "HS512"
            })
    void each_algorithm_is_verified_and_a_changed_bit_is_noticed(String algorithm) {
        TokenKeys keys = algorithm.startsWith("HS")
                ? TokenKeys.ofSecret("signing-1", TestIssuer.SECRET)
                : TokenKeys.ofPublicKey(TestIssuer.publicKeyFor(algorithm));
        String token = TestIssuer.token(algorithm, "at+jwt", TestIssuer.claims());

        for (TokenPolicyBuilder policy : new TokenPolicyBuilder[] {
            TestIssuer.policy(keys), TestIssuer.policy(keys).algorithms(algorithm)
        }) {
            TokenVerifier each = TestIssuer.verifier(policy);
            assertThat(each.verify(token).subject()).isPresent();
            isRefused(each, changed(token, 1), Reason.SIGNATURE);
            isRefused(each, changed(token, 2), Reason.SIGNATURE);
            isRefused(each, truncated(token), Reason.SIGNATURE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "nOnE", "NONE", "hs256", "rs256", "RS256 ", "", "HS256", "ES256K", "RSA1_5", "dir"})
    void an_algorithm_that_is_not_exactly_an_allowed_one_is_refused(String algorithm) {
        String header = TestIssuer.json(Map.of("alg", algorithm, "typ", "at+jwt"));

        isRefused(verifier, TestIssuer.tokenWithHeader(header), Reason.ALGORITHM);
    }

    @Test
    void a_narrower_list_of_algorithms_refuses_what_the_key_could_verify() {
        TokenVerifier narrow = TestIssuer.verifier(TestIssuer.policy().algorithms("RS512", "PS256"));

        isRefused(narrow, TestIssuer.token("RS256", "at+jwt", TestIssuer.claims()), Reason.ALGORITHM);
        assertThat(narrow.verify(TestIssuer.token("PS256", "at+jwt", TestIssuer.claims())))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"typ\":\"at+jwt\"}",
                "{\"alg\":null}",
                "{\"alg\":256}",
                "{\"alg\":\"RS256\",\"kid\":7}",
                "{\"alg\":\"RS256\",\"typ\":[\"at+jwt\"]}"
            })
    void a_header_of_wrong_types_is_refused(String header) {
        isRefused(verifier, TestIssuer.tokenWithHeader(header), Reason.MALFORMED);
    }

    @Test
    void the_bytes_of_a_public_key_are_never_a_secret() throws Exception {
        byte[] publicKey = TestIssuer.RSA.getPublic().getEncoded();
        String input = TestIssuer.base64("{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}") + "."
                + TestIssuer.base64(TestIssuer.json(TestIssuer.claims()));
        String forged = input + "."
                + new MACSigner(publicKey)
                        .sign(new JWSHeader(JWSAlgorithm.HS256), input.getBytes(StandardCharsets.US_ASCII));

        isRefused(verifier, forged, Reason.ALGORITHM);
    }

    @Test
    void a_key_bound_to_one_algorithm_verifies_no_other() {
        String jwk = new RSAKey.Builder((RSAPublicKey) TestIssuer.RSA.getPublic())
                .keyID("k1")
                .algorithm(JWSAlgorithm.PS256)
                .build()
                .toJSONString();
        String ecJwk = jwkSetOf(jwk, "");
        TokenVerifier bound = TestIssuer.verifier(TestIssuer.policy(TokenKeys.ofJwkSet(ecJwk)));

        assertThat(bound.verify(TestIssuer.token("PS256", "at+jwt", TestIssuer.claims())))
                .isNotNull();
        isRefused(bound, TestIssuer.token("RS256", "at+jwt", TestIssuer.claims()), Reason.ALGORITHM);
    }

    @Test
    void a_known_key_of_another_kind_is_refused_for_its_algorithm() {
        String rsa = new RSAKey.Builder((RSAPublicKey) TestIssuer.RSA.getPublic())
                .keyID("k1")
                .build()
                .toJSONString();
        String ec = new ECKey.Builder(Curve.P_256, (ECPublicKey) TestIssuer.P256.getPublic())
                .keyID("k2")
                .build()
                .toJSONString();
        TokenVerifier both = TestIssuer.verifier(TestIssuer.policy(TokenKeys.ofJwkSet(jwkSetOf(rsa, ec))));

        isRefused(
                both,
                TestIssuer.tokenWithHeader("{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"k1\"}"),
                Reason.ALGORITHM);
        isRefused(
                both,
                TestIssuer.tokenWithHeader("{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"k3\"}"),
                Reason.KEY_UNKNOWN);
        assertThat(both.verify(TestIssuer.tokenWithHeader("{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"k1\"}")))
                .isNotNull();
        assertThat(both.verify(TestIssuer.token())).isNotNull();
    }

    @Test
    void a_key_in_the_header_is_not_even_read() {
        String attackers = new RSAKey.Builder((RSAPublicKey) TestIssuer.OTHER_RSA.getPublic())
                .build()
                .toJSONString();
        for (String embedded : new String[] {
            "\"jwk\":" + attackers,
            "\"jku\":\"http://127.0.0.1:1/jwks.json\"",
            "\"x5u\":\"http://127.0.0.1:1/chain.pem\"",
            "\"x5c\":[\"MIIB\"]",
            "\"jwk\":17"
        }) {
            byte[] header =
                    ("{\"alg\":\"RS256\",\"typ\":\"at+jwt\"," + embedded + "}").getBytes(StandardCharsets.UTF_8);
            byte[] payload = TestIssuer.json(TestIssuer.claims()).getBytes(StandardCharsets.UTF_8);

            isRefused(verifier, TestIssuer.sign("RS256", header, payload, TestIssuer.OTHER_RSA), Reason.SIGNATURE);
            assertThat(verifier.verify(TestIssuer.sign("RS256", header, payload, TestIssuer.RSA)))
                    .isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../../etc/passwd", "' OR '1'='1", "\0", "*)(uid=*", "%s%n", "${jndi:ldap://x}", "", "k1 ", "K1"
            })
    void a_naughty_key_id_is_plainly_unknown(String keyId) {
        String jwk = new RSAKey.Builder((RSAPublicKey) TestIssuer.RSA.getPublic())
                .keyID("k1")
                .build()
                .toJSONString();
        TokenVerifier named = TestIssuer.verifier(TestIssuer.policy(TokenKeys.ofJwkSet(jwkSetOf(jwk, ""))));

        for (String each : new String[] {keyId, keyId + "x".repeat(10_000)}) {
            String header = TestIssuer.json(Map.of("alg", "RS256", "typ", "at+jwt", "kid", each));
            isRefused(named, TestIssuer.tokenWithHeader(header), Reason.KEY_UNKNOWN);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"crit\":[\"exp\"],\"exp\":1",
                "\"crit\":[]",
                "\"crit\":[\"b64\"],\"b64\":true",
                "\"b64\":false",
                "\"b64\":true",
                "\"crit\":null"
            })
    void an_extension_is_refused(String extension) {
        isRefused(
                verifier,
                TestIssuer.tokenWithHeader("{\"alg\":\"RS256\",\"typ\":\"at+jwt\"," + extension + "}"),
                Reason.ALGORITHM);
    }

    @Test
    void the_signature_is_judged_before_the_claims() {
        byte[] header = "{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8);
        byte[] payload = "{\"iss\":\"https://evil.example\",\"exp\":1}".getBytes(StandardCharsets.UTF_8);

        isRefused(verifier, TestIssuer.sign("RS256", header, payload, TestIssuer.OTHER_RSA), Reason.SIGNATURE);
        isRefused(verifier, TestIssuer.sign("RS256", header, payload, TestIssuer.RSA), Reason.ISSUER);
    }

    /** RFC 8037, appendix A.4. */
    @Test
    void the_published_example_of_ed25519_is_verified() {
        TokenKeys keys = TokenKeys.ofJwkSet("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
                + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}");
        VerificationKey key = keys.source()
                .current()
                .candidates(new TokenHeader(Algorithm.EDDSA, null, null))
                .get(0);
        String signed = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        byte[] signature = Base64.getUrlDecoder()
                .decode("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");

        assertThat(key.thumbprint()).isEqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assertThat(key.verifies(Algorithm.EDDSA, signed.getBytes(StandardCharsets.US_ASCII), signature))
                .isTrue();
        signature[0] ^= 1;
        assertThat(key.verifies(Algorithm.EDDSA, signed.getBytes(StandardCharsets.US_ASCII), signature))
                .isFalse();
    }

    private static String jwkSetOf(String first, String second) {
        return "{\"keys\":[" + first + (second.isEmpty() ? "" : "," + second) + "]}";
    }

    /** Another letter in the middle of a part; the payload's stays JSON by changing the value of {@code jti}. */
    private static String changed(String token, int part) {
        String[] parts = token.split("\\.", -1);
        if (part == 1) {
            parts[1] = TestIssuer.base64(TestIssuer.json(TestIssuer.claimsWith("jti", "t-2")));
        } else {
            byte[] signature = Base64.getUrlDecoder().decode(parts[2]);
            signature[signature.length / 2] ^= 1;
            parts[2] = TestIssuer.base64(signature);
        }
        return String.join(".", parts);
    }

    private static String truncated(String token) {
        return token.substring(0, token.lastIndexOf('.') + 5);
    }
}
