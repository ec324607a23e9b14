package dev.curfew.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.curfew.crypto.KeysUnavailableException;
import dev.curfew.crypto.UnusableKeyException;
import dev.curfew.jose.ParsedToken;
import dev.curfew.token.EventTokenPolicy.Profile;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys that sign what Curfew sends; judged by another implementation and by our own verifier. */
class SigningKeyTest {
    private static final Map<String, Object> CLAIMS = Map.of("iss", "https://op.example", "iat", 1_790_000_000L);

    private static KeyPair pair(String algorithm) {
        return switch (algorithm) {
            case "ES256" -> TestIssuer.P256;
            case "EdDSA" -> TestIssuer.ED25519;
            default -> TestIssuer.RSA;
        };
    }

    private static SigningKey key(String algorithm) {
        KeyPair pair = pair(algorithm);
        return SigningKey.of("k-" + algorithm, algorithm, pair.getPrivate(), pair.getPublic());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "PS256", "ES256", "EdDSA"})
    void what_it_signs_another_implementation_verifies_with_the_published_set(String algorithm) throws Exception {
        SigningKey key = key(algorithm);

        SignedJWT token = SignedJWT.parse(key.sign("token-introspection+jwt", CLAIMS));

        JWK published = JWKSet.parse(SigningKey.jwkSet(List.of(key))).getKeyByKeyId(key.keyId());
        JWSVerifier verifier = switch (algorithm) {
            case "ES256" -> new ECDSAVerifier(published.toECKey());
            case "EdDSA" -> new Ed25519Verifier(published.toOctetKeyPair());
            default -> new RSASSAVerifier(published.toRSAKey());
        };
        assertThat(token.verify(verifier)).isTrue();
        assertThat(token.getHeader().getAlgorithm().getName()).isEqualTo(algorithm);
        assertThat(token.getHeader().getType()).isEqualTo(new JOSEObjectType("token-introspection+jwt"));
        assertThat(token.getHeader().getKeyID()).isEqualTo("k-" + algorithm);
        assertThat(token.getJWTClaimsSet().getIssuer()).isEqualTo("https://op.example");
        assertThat(published.isPrivate()).isFalse();
        assertThat(published.getAlgorithm().getName()).isEqualTo(algorithm);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "PS256", "ES256", "EdDSA"})
    void what_it_signs_our_own_verifier_accepts(String algorithm) {
        SigningKey key = key(algorithm);
        Map<String, Object> claims = TestMessages.claims(Profile.LOGOUT);

        EventToken token = TestMessages.verifier(
                        Profile.LOGOUT,
                        policy ->
                                policy.algorithms(algorithm).keys(TokenKeys.ofJwkSet(SigningKey.jwkSet(List.of(key)))))
                .verify(key.sign("logout+jwt", claims));

        assertThat(token.subject()).contains("alice");
        assertThat(token.claims()).isEqualTo(claims);
    }

    /** A coordinate that begins with zeros keeps them (RFC 7518 section 6.2.1.2). */
    @Test
    void a_coordinate_is_written_in_its_full_length() throws Exception {
        int found = 0;
        for (int i = 0; i < 5_000 && found == 0; i++) {
            KeyPair pair = TestIssuer.ec("secp256r1");
            SigningKey key = SigningKey.external("k", "ES256", pair.getPublic(), input -> input);
            JWK jwk = JWKSet.parse(SigningKey.jwkSet(List.of(key))).getKeyByKeyId("k");

            assertThat(jwk.toECKey().toECPublicKey()).isEqualTo(pair.getPublic());
            byte[] x = jwk.toECKey().getX().decode();
            assertThat(x).hasSize(32);
            found += x[0] == 0 ? 1 : 0;
        }
        assertThat(found).isPositive();
    }

    @Test
    void values_of_every_json_kind_come_out_as_they_went_in() throws Exception {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("text", "quote \" slash \\ line \n tag </script> \u2028 \uD83D\uDE00");
        claims.put("number", 7L);
        claims.put("fraction", 1.5);
        claims.put("yes", true);
        claims.put("nothing", null);
        claims.put("list", Arrays.asList("a", 1L, null, List.of(), Map.of("b", false)));
        claims.put("map", Map.of("c", Map.of()));

        String token = key("EdDSA").sign("JWT", claims);

        assertThat(ParsedToken.parse(token, 10_000).claims()).isEqualTo(claims);
    }

    @Test
    void a_claim_that_json_does_not_know_is_refused_by_its_class_alone() {
        for (Object claim : List.of(new AtomicReference<>("secret"), Double.NaN, Double.POSITIVE_INFINITY, 'c', 1.5f)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> key("EdDSA").sign("JWT", Map.of("x", List.of(claim))))
                    .withMessageContaining(claim.getClass().getName())
                    .withMessageNotContaining("secret");
        }
    }

    @Test
    void a_key_of_another_kind_is_refused_in_a_sentence() {
        assertThatThrownBy(() -> SigningKey.of("k", "ES256", TestIssuer.RSA.getPrivate(), TestIssuer.RSA.getPublic()))
                .isInstanceOf(UnusableKeyException.class)
                .hasMessageStartingWith("keys: a key's alg does not fit its type: ")
                .hasMessageContaining("ES256 is for P-256");
        assertThatThrownBy(() -> SigningKey.of("k", "ES256", TestIssuer.P384.getPrivate(), TestIssuer.P384.getPublic()))
                .isInstanceOf(UnusableKeyException.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SigningKey.of("k", "RS256", TestIssuer.P256.getPrivate(), TestIssuer.RSA.getPublic()))
                .withMessageContaining("does not belong to its published key");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        SigningKey.of("k", "RS256", TestIssuer.OTHER_RSA.getPrivate(), TestIssuer.RSA.getPublic()))
                .withMessageContaining("does not belong to its published key");
    }

    @Test
    void a_weak_key_is_refused_in_a_sentence() {
        KeyPair weak = TestIssuer.rsa(1024);

        assertThatThrownBy(() -> SigningKey.of("k", "RS256", weak.getPrivate(), weak.getPublic()))
                .isInstanceOf(UnusableKeyException.class)
                .hasMessage("keys: RSA key must have 2048 to 8192 bits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "HS256", "RS512", "rs256", "Ed25519", ""})
    void an_algorithm_that_is_not_signed_with_is_refused(String algorithm) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SigningKey.external("k", algorithm, TestIssuer.RSA.getPublic(), input -> input))
                .withMessageContaining("must be one of [RS256, PS256, ES256, EdDSA]");
    }

    @Test
    void an_external_signer_gets_exactly_what_is_signed() {
        List<byte[]> seen = new ArrayList<>();
        SigningKey key = SigningKey.external("kms-1", "RS256", TestIssuer.RSA.getPublic(), input -> {
            seen.add(input);
            try {
                Signature signer = Signature.getInstance("SHA256withRSA");
                signer.initSign(TestIssuer.RSA.getPrivate());
                signer.update(input);
                return signer.sign();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(seen).isEmpty();

        String token = key.sign("JWT", CLAIMS);

        assertThat(seen).hasSize(1);
        assertThat(new String(seen.get(0), StandardCharsets.US_ASCII))
                .isEqualTo(token.substring(0, token.lastIndexOf('.')));
    }

    @Test
    void an_external_signer_that_fails_or_signs_wrongly_makes_nothing() throws Exception {
        IllegalStateException outage = new IllegalStateException("unreachable");
        SigningKey failing = SigningKey.external("kms-1", "RS256", TestIssuer.RSA.getPublic(), input -> {
            throw outage;
        });
        SigningKey lying = SigningKey.external("kms-2", "RS256", TestIssuer.RSA.getPublic(), input -> new byte[256]);
        // What a key management service gives unless told otherwise.
        SigningKey der = SigningKey.external("kms-3", "ES256", TestIssuer.P256.getPublic(), input -> {
            try {
                Signature signer = Signature.getInstance("SHA256withECDSA");
                signer.initSign(TestIssuer.P256.getPrivate());
                signer.update(input);
                return signer.sign();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        });

        assertThatThrownBy(() -> failing.sign("JWT", CLAIMS))
                .isInstanceOf(KeysUnavailableException.class)
                .hasCause(outage);
        assertThatThrownBy(() -> lying.sign("JWT", CLAIMS))
                .isInstanceOf(KeysUnavailableException.class)
                .hasMessageContaining("kms-2");
        assertThatThrownBy(() -> der.sign("JWT", CLAIMS)).isInstanceOf(KeysUnavailableException.class);
    }

    @Test
    void a_set_has_each_id_once() {
        SigningKey one = key("RS256");

        assertThatIllegalArgumentException().isThrownBy(() -> SigningKey.jwkSet(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> SigningKey.jwkSet(List.of(one, one)));
        assertThat(SigningKey.jwkSet(List.of(one, key("ES256")))).doesNotContain("\"d\"", "\"p\"");
        assertThat(one).hasToString("SigningKey[k-RS256, RS256]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SigningKey.external("", "RS256", TestIssuer.RSA.getPublic(), input -> input));
    }
}
