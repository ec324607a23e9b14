package dev.curfew.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import dev.curfew.jose.Algorithm;
import dev.curfew.jose.KeySet;
import dev.curfew.jose.TokenHeader;
import dev.curfew.jose.VerificationKey;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.InvalidIdentifierException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TOK-09, TOK-10. */
class TokenKeysTest {
    /** RFC 7638, section 3.1. */
    private static final String RFC_7638_N =
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSo"
                    + "c_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93"
                    + "lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs"
                    + "8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFT"
                    + "WhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1j"
                    + "F44-csFCur-kEgU8awapJzKnqDKgw";

    private static final String THUMBPRINT = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";

    @Test
    void the_thumbprint_is_that_of_the_standard_however_the_numbers_are_spelled() {
        byte[] n = Base64.getUrlDecoder().decode(RFC_7638_N);
        byte[] leadingZero = new byte[n.length + 1];
        System.arraycopy(n, 0, leadingZero, 1, n.length);

        for (String spelling : List.of(RFC_7638_N, TestIssuer.base64(leadingZero))) {
            String jwk = "{\"kty\":\"RSA\",\"n\":\"" + spelling + "\",\"e\":\"AQAB\",\"kid\":\"2011-04-29\"}";
            assertThat(only(set(jwk)).thumbprint()).isEqualTo(THUMBPRINT);
        }
    }

    @Test
    void different_keys_of_one_id_are_refused_and_the_same_key_twice_is_one() {
        String a = rsa(TestIssuer.RSA.getPublic(), "k");
        String b = rsa(TestIssuer.OTHER_RSA.getPublic(), "k");

        assertThatIllegalArgumentException().isThrownBy(() -> TokenKeys.ofJwkSet(set(a, b)));
        assertThatIllegalArgumentException().isThrownBy(() -> TokenKeys.ofJwkSet(set(a, ec("k"))));
        assertThat(TokenKeys.ofJwkSet(set(a, a)).source().current().size()).isEqualTo(1);
    }

    @Test
    void a_secret_among_public_keys_is_refused() {
        String secret = new OctetSequenceKey.Builder(TestIssuer.SECRET)
                .keyID("s")
                .build()
                .toJSONString();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenKeys.ofJwkSet(set(rsa(TestIssuer.RSA.getPublic(), "k"), secret)));
        assertThatIllegalArgumentException().isThrownBy(() -> TokenKeys.ofJwkSet(set(secret)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenKeys.ofPublicKey(TestIssuer.RSA.getPublic())
                        .and(TokenKeys.ofSecret("s", TestIssuer.SECRET)));
    }

    @Test
    void an_rsa_key_of_less_than_2048_bits_is_refused() {
        PublicKey weak = TestIssuer.rsa(1024).getPublic();

        assertThatIllegalArgumentException().isThrownBy(() -> TokenKeys.ofPublicKey(weak));
        assertThatIllegalArgumentException().isThrownBy(() -> TokenKeys.ofJwkSet(set(rsa(weak, "k"))));
    }

    @Test
    void keys_of_other_kinds_are_refused_alone() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> TokenKeys.ofPublicKey(TestIssuer.pair("X25519").getPublic()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenKeys.ofPublicKey(TestIssuer.pair("Ed448").getPublic()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenKeys.ofPublicKey(TestIssuer.pair("DSA").getPublic()));
    }

    @Test
    void keys_for_encryption_and_of_unknown_types_are_passed_over() {
        String good = rsa(TestIssuer.RSA.getPublic(), "k");
        String encryption = new RSAKey.Builder((RSAPublicKey) TestIssuer.OTHER_RSA.getPublic())
                .keyUse(KeyUse.ENCRYPTION)
                .build()
                .toJSONString();

        TokenKeys keys = TokenKeys.ofJwkSet(set(
                good,
                encryption,
                "{\"kty\":\"AKP\",\"alg\":\"ML-DSA-44\",\"pub\":\"AA\"}",
                "{\"kty\":\"RSA\",\"alg\":\"RSA-OAEP\",\"n\":\"AQAB\",\"e\":\"AQAB\"}",
                "{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AA\",\"y\":\"AA\"}",
                "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AA\"}",
                "{\"kty\":\"RSA\",\"key_ops\":[\"encrypt\"],\"n\":\"AQAB\",\"e\":\"AQAB\"}"));

        assertThat(keys.source().current().size()).isEqualTo(1);
        assertThatIllegalArgumentException().isThrownBy(() -> TokenKeys.ofJwkSet(set(encryption)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"keys\":{}}",
                "{\"keys\":[]}",
                "{\"keys\":[1]}",
                "{\"keys\":[{}]}",
                "{\"keys\":[{\"kty\":7}]}",
                "{\"keys\":[{\"kty\":\"RSA\"}]}",
                "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}",
                "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"\"}]}",
                "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\"}]}",
                "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\"}]}",
                "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\"}]}",
                "{\"keys\":[],\"keys\":[]}"
            })
    void what_is_not_a_good_set_is_refused(String json) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenKeys.ofJwkSet(json))
                .withNoCause();
    }

    @Test
    void an_algorithm_that_does_not_fit_the_type_of_its_key_is_refused() {
        String jwk = rsa(TestIssuer.RSA.getPublic(), "k").replace("{", "{\"alg\":\"ES256\",");

        assertThatIllegalArgumentException().isThrownBy(() -> TokenKeys.ofJwkSet(set(jwk)));
    }

    @Test
    void a_set_of_too_many_keys_is_refused() {
        String many = IntStream.range(0, KeySet.MAX_KEYS + 1)
                .mapToObj(i -> rsa(TestIssuer.RSA.getPublic(), "k" + i))
                .collect(Collectors.joining(",", "{\"keys\":[", "]}"));

        assertThatIllegalArgumentException().isThrownBy(() -> TokenKeys.ofJwkSet(many));
    }

    @Test
    void the_length_of_a_secret_decides_what_it_may_verify() {
        assertThatIllegalArgumentException().isThrownBy(() -> TokenKeys.ofSecret("s", TestIssuer.random(31)));
        assertThat(TokenKeys.ofSecret("s", TestIssuer.random(32)).algorithms()).containsExactly(Algorithm.HS256);
        assertThat(TokenKeys.ofSecret("s", TestIssuer.random(48)).algorithms())
                .containsExactly(Algorithm.HS256, Algorithm.HS384);
        assertThat(TokenKeys.ofSecret("s", TestIssuer.random(64)).algorithms()).hasSize(3);
        assertThatIllegalArgumentException().isThrownBy(() -> TokenKeys.ofSecret("", TestIssuer.SECRET));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000000000000000000000000000000",
                "12345678901234567890123456789012",
                "abcdefghijklmnopqrstuvwxyz0123456789",
                "your-256-bit-secret-your-256-bit-secret",
                "MySuperSecretKeyForJwtTokensInProduction",
                "PasswordPasswordPasswordPassword",
                "changeme-changeme-changeme-changeme!",
                "0a6b944d-d2fb-46fc-a85e-0295c986cd9f",
                "A&'/}Z57M(2hNg=;LE?~]YtRA&'/}Z57M(2hNg=;LE?~]YtR",
                "3141592653589793238462643383279502884197"
            })
    void a_guessable_secret_is_refused_without_being_spelled(String secret) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenKeys.ofSecret("s", secret.getBytes(StandardCharsets.UTF_8)))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(secret.substring(0, 8)));
    }

    @Test
    void a_refused_secret_is_told_by_its_length_and_what_to_do_instead() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenKeys.ofSecret("s", TestIssuer.random(31)))
                .withMessage("the secret \"s\" has 31 bytes, and HS256 needs at least 32: generate one, as by:"
                        + " openssl rand -base64 32");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenKeys.ofSecret("s", new byte[48]))
                .withMessage(
                        "the secret \"s\" is guessable (few different bytes, 48 bytes were given): generate one, as by:"
                                + " openssl rand -base64 32");
    }

    @Test
    void a_secret_is_copied() {
        byte[] secret = TestIssuer.SECRET.clone();
        TokenKeys keys = TokenKeys.ofSecret("signing-1", secret);
        Arrays.fill(secret, (byte) 0);

        assertThat(TestIssuer.verifier(TestIssuer.policy(keys))
                        .verify(TestIssuer.token("HS256", "at+jwt", TestIssuer.claims())))
                .isNotNull();
    }

    @Test
    void two_secrets_serve_while_one_replaces_the_other() {
        TokenKeys both =
                TokenKeys.ofSecret("old", TestIssuer.random(32)).and(TokenKeys.ofSecret("new", TestIssuer.SECRET));

        assertThat(TestIssuer.verifier(TestIssuer.policy(both))
                        .verify(TestIssuer.token("HS256", "at+jwt", TestIssuer.claims())))
                .isNotNull();
        assertThatIllegalArgumentException()
                .as("a revocation of the name would mean both")
                .isThrownBy(() -> both.and(TokenKeys.ofSecret("old", TestIssuer.random(32))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> both.and(TokenKeys.remote(URI.create("https://login.example.com/jwks"))));
    }

    private static VerificationKey only(String set) {
        return TokenKeys.ofJwkSet(set)
                .source()
                .current()
                .candidates(new TokenHeader(Algorithm.RS256, null, null))
                .get(0);
    }

    static String set(String... keys) {
        return "{\"keys\":[" + String.join(",", keys) + "]}";
    }

    static String rsa(PublicKey key, String id) {
        return new RSAKey.Builder((RSAPublicKey) key).keyID(id).build().toJSONString();
    }

    private static String ec(String id) {
        return new ECKey.Builder(Curve.P_256, (ECPublicKey) TestIssuer.P256.getPublic())
                .keyID(id)
                .build()
                .toJSONString();
    }

    /** A name with a blank in one setting and without it in another would revoke nothing. */
    @Test
    void a_secret_whose_name_begins_or_ends_with_a_blank_is_refused() {
        for (String name : new String[] {" demo", "demo ", "demo\n", "\u00a0demo", "demo\u200b"}) {
            assertThatExceptionOfType(InvalidIdentifierException.class)
                    .isThrownBy(() -> TokenKeys.ofSecret(name, TestIssuer.SECRET))
                    .withMessageContaining("signing-key");
            assertThatExceptionOfType(InvalidIdentifierException.class)
                    .isThrownBy(() -> RevocationTarget.signingKey(name));
        }
    }
}
