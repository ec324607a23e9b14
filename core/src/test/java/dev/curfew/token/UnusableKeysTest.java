package dev.curfew.token;

import static dev.curfew.token.TokenKeysTest.rsa;
import static dev.curfew.token.TokenKeysTest.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.BigIntegerUtils;
import dev.curfew.crypto.UnusableKeyException;
import dev.curfew.crypto.UnusableKeyException.Reason;
import dev.curfew.jose.Algorithm;
import dev.curfew.jose.Ed25519Point;
import dev.curfew.jose.JwkSetReader;
import dev.curfew.jose.PublishedKeys;
import dev.curfew.jose.RsaStrength;
import dev.curfew.jose.SignatureCheck;
import dev.curfew.jose.VerificationKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A key that is weak, broken or out of place is refused when it is read, and the reason is told without the key. */
class UnusableKeysTest {
    private static final BigInteger GOOD_MODULUS = ((RSAPublicKey) TestIssuer.RSA.getPublic()).getModulus();
    private static final BigInteger F4 = BigInteger.valueOf(65537);

    static Stream<Arguments> weakRsa() {
        return Stream.of(
                Arguments.of("a prime", number(WeakModuli.PRIME), F4, Reason.RSA_MODULUS_PRIME),
                Arguments.of("primes side by side", number(WeakModuli.NEXT_PRIMES), F4, Reason.RSA_MODULUS_FACTORED),
                Arguments.of("a square", number(WeakModuli.SQUARE), F4, Reason.RSA_MODULUS_FACTORED),
                Arguments.of("a small factor", number(WeakModuli.SMALL_FACTOR), F4, Reason.RSA_MODULUS_FACTORED),
                Arguments.of("ROCA", number(WeakModuli.ROCA), F4, Reason.RSA_ROCA),
                Arguments.of("even", GOOD_MODULUS.add(BigInteger.ONE), F4, Reason.RSA_MODULUS_EVEN),
                Arguments.of("a power of two", BigInteger.ONE.shiftLeft(2047), F4, Reason.RSA_MODULUS_EVEN),
                Arguments.of("too short", GOOD_MODULUS.shiftRight(1).setBit(0), F4, Reason.RSA_SIZE),
                Arguments.of("tiny", F4, F4, Reason.RSA_SIZE),
                Arguments.of("too long", BigInteger.ONE.shiftLeft(8192).setBit(0), F4, Reason.RSA_SIZE),
                Arguments.of("exponent one", GOOD_MODULUS, BigInteger.ONE, Reason.RSA_EXPONENT),
                Arguments.of("exponent two", GOOD_MODULUS, BigInteger.TWO, Reason.RSA_EXPONENT),
                Arguments.of("exponent three", GOOD_MODULUS, BigInteger.valueOf(3), Reason.RSA_EXPONENT),
                Arguments.of("a small exponent", GOOD_MODULUS, BigInteger.valueOf(65535), Reason.RSA_EXPONENT),
                Arguments.of("an even exponent", GOOD_MODULUS, BigInteger.valueOf(65538), Reason.RSA_EXPONENT),
                Arguments.of("a long exponent", GOOD_MODULUS, F4.shiftLeft(300).setBit(0), Reason.RSA_EXPONENT));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("weakRsa")
    void a_weak_rsa_key_is_refused_however_it_comes(
            String name, BigInteger modulus, BigInteger exponent, Reason reason) {
        assertRefused(rsaJwk(modulus, exponent), reason);
        assertThatExceptionOfType(UnusableKeyException.class)
                .isThrownBy(() -> TokenKeys.ofPublicKey(new BareRsaKey(modulus, exponent)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason))
                .withNoCause();
    }

    @Tag("hunt")
    @Test
    void good_rsa_keys_are_not_taken_for_weak() {
        for (PublicKey key : List.of(
                TestIssuer.RSA.getPublic(),
                TestIssuer.OTHER_RSA.getPublic(),
                TestIssuer.rsa(3072).getPublic())) {
            assertThat(TokenKeys.ofPublicKey(key)).isNotNull();
        }
        Random seeded = new Random(12);
        BigInteger half = ((RSAPublicKey) TestIssuer.RSA.getPublic()).getModulus();
        for (int i = 0; i < 200_000; i++) {
            // What the fingerprint looks at are remainders: a factor changes them all.
            BigInteger modulus = new BigInteger(256, seeded).setBit(0);
            assertThat(RsaStrength.isRoca(modulus)).as("seed 12, number %s", i).isFalse();
        }
        assertThat(RsaStrength.faultOf(half, F4)).isEmpty();
    }

    /** Points of order 1, 2, 4 and 8, and their other spellings, as libsodium and others publish them. */
    @ParameterizedTest
    @CsvSource({
        "0100000000000000000000000000000000000000000000000000000000000000, ED25519_SMALL_ORDER",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f, ED25519_SMALL_ORDER",
        "0000000000000000000000000000000000000000000000000000000000000000, ED25519_SMALL_ORDER",
        "0000000000000000000000000000000000000000000000000000000000000080, ED25519_SMALL_ORDER",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05, ED25519_SMALL_ORDER",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85, ED25519_SMALL_ORDER",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a, ED25519_SMALL_ORDER",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa, ED25519_SMALL_ORDER",
        "0100000000000000000000000000000000000000000000000000000000000080, ED25519_NOT_CANONICAL",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff, ED25519_NOT_CANONICAL",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f, ED25519_NOT_CANONICAL",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff, ED25519_NOT_CANONICAL",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f, ED25519_NOT_CANONICAL",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff, ED25519_NOT_CANONICAL",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f, ED25519_NOT_CANONICAL",
        "0200000000000000000000000000000000000000000000000000000000000000, ED25519_POINT",
        "0200000000000000000000000000000000000000000000000000000000000080, ED25519_POINT",
        "01, ED25519_POINT",
        "010000000000000000000000000000000000000000000000000000000000000000, ED25519_POINT",
    })
    void an_ed25519_key_that_is_no_good_point_is_refused(String hex, Reason reason) {
        assertRefused(okp(HexFormat.of().parseHex(hex)), reason);
    }

    @Test
    void an_ed25519_key_of_the_platform_is_judged_too() throws GeneralSecurityException {
        KeyFactory factory = KeyFactory.getInstance("Ed25519");
        PublicKey neutral = factory.generatePublic(
                new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(false, BigInteger.ONE)));
        PublicKey none = factory.generatePublic(
                new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(false, BigInteger.TWO)));

        assertThat(reasonOf(() -> TokenKeys.ofPublicKey(neutral))).isEqualTo(Reason.ED25519_SMALL_ORDER);
        assertThat(reasonOf(() -> TokenKeys.ofPublicKey(none))).isEqualTo(Reason.ED25519_POINT);
    }

    @Test
    void generated_ed25519_keys_are_good_and_damaged_ones_are_what_the_platform_says() throws GeneralSecurityException {
        Random seeded = new Random(3);
        int undecodable = 0;
        for (int i = 0; i < 300; i++) {
            byte[] encoded = TestIssuer.pair("Ed25519").getPublic().getEncoded();
            byte[] x = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
            assertThat(Ed25519Point.faultOf(x)).isEmpty();
            x[seeded.nextInt(31)] ^= (byte) (1 + seeded.nextInt(255));
            undecodable += Ed25519Point.faultOf(x).isPresent() ? 1 : 0;
        }
        assertThat(undecodable).as("about half of all numbers").isBetween(90, 210);
    }

    @ParameterizedTest
    @ValueSource(strings = {"P-256", "P-384", "P-521"})
    void an_ec_key_off_its_curve_or_beyond_its_field_is_refused(String name) throws GeneralSecurityException {
        KeyPair pair = Map.of("P-256", TestIssuer.P256, "P-384", TestIssuer.P384, "P-521", TestIssuer.P521)
                .get(name);
        ECPublicKey good = (ECPublicKey) pair.getPublic();
        ECParameterSpec parameters = good.getParams();
        BigInteger p = ((ECFieldFp) parameters.getCurve().getField()).getP();
        BigInteger x = good.getW().getAffineX();
        BigInteger y = good.getW().getAffineY();
        int bytes = (p.bitLength() + 7) / 8;

        assertRefused(ecJwk(name, x, y.add(BigInteger.ONE), bytes), Reason.EC_POINT);
        assertRefused(ecJwk(name, y, x, bytes), Reason.EC_POINT);
        assertThat(reasonOf(() -> TokenKeys.ofPublicKey(new BareEcKey(parameters, new ECPoint(x.add(p), y)))))
                .as("another spelling of the same key would have another thumbprint")
                .isEqualTo(Reason.EC_POINT);
        assertThat(reasonOf(() -> TokenKeys.ofPublicKey(new BareEcKey(parameters, new ECPoint(x, y.subtract(p))))))
                .isEqualTo(Reason.EC_POINT);
        assertThat(reasonOf(() -> TokenKeys.ofPublicKey(new BareEcKey(parameters, ECPoint.POINT_INFINITY))))
                .isEqualTo(Reason.EC_POINT);
        assertThat(TokenKeys.ofPublicKey(new BareEcKey(parameters, good.getW())))
                .isNotNull();
    }

    @Test
    void a_private_key_in_a_public_set_is_refused_whatever_it_is_for() throws GeneralSecurityException {
        String rsa = new RSAKey.Builder((RSAPublicKey) TestIssuer.RSA.getPublic())
                .privateKey((RSAPrivateKey) TestIssuer.RSA.getPrivate())
                .build()
                .toJSONString();
        String ec = new ECKey.Builder(Curve.P_256, (ECPublicKey) TestIssuer.P256.getPublic())
                .privateKey(TestIssuer.P256.getPrivate())
                .build()
                .toJSONString();
        String ed = new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(ed25519()))
                .d(Base64URL.encode(new byte[32]))
                .build()
                .toJSONString();
        String good = rsa(TestIssuer.RSA.getPublic(), "k");
        for (String key : List.of(
                rsa,
                ec,
                ed,
                rsa.replace("{", "{\"use\":\"enc\","),
                ec.replace("{", "{\"key_ops\":[\"encrypt\"],"),
                ed.replace("{", "{\"alg\":\"unknown\","),
                good.replace("{", "{\"d\":\"AQ\","),
                good.replace("{", "{\"p\":\"AQ\","),
                good.replace("{", "{\"q\":\"AQ\","),
                good.replace("{", "{\"dp\":\"AQ\","),
                good.replace("{", "{\"dq\":\"AQ\","),
                good.replace("{", "{\"qi\":\"AQ\","),
                good.replace("{", "{\"oth\":[],"),
                good.replace("{", "{\"d\":null,"),
                "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AA\",\"d\":\"AA\"}",
                "{\"kty\":\"AKP\",\"alg\":\"ML-DSA-44\",\"pub\":\"AA\",\"priv\":\"AA\"}")) {
            assertRefused(key, Reason.PRIVATE_MEMBER);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kty\":\"oct\",\"k\":\"AAAA\"}",
                "{\"kty\":\"oct\",\"k\":\"AAAA\",\"use\":\"enc\"}",
                "{\"kty\":\"oct\",\"k\":\"AAAA\",\"use\":\"sig\",\"alg\":\"HS256\"}",
                "{\"kty\":\"oct\",\"k\":\"AAAA\",\"alg\":\"A256KW\"}",
                "{\"kty\":\"oct\",\"k\":\"AAAA\",\"key_ops\":[\"encrypt\"]}",
                "{\"kty\":\"oct\"}"
            })
    void a_secret_in_a_public_set_is_refused_whatever_it_is_for(String jwk) {
        assertRefused(jwk, Reason.SECRET_IN_PUBLIC_SET);
    }

    static Stream<String> malformedMembers() {
        String n = TestIssuer.base64(bytes(GOOD_MODULUS));
        String x = TestIssuer.base64(ed25519());
        Stream<String> numbers = Stream.of(n + "=", n + "==", " " + n, n + "\\n", n.substring(1) + "+", n + "*")
                .map(spelled -> "{\"kty\":\"RSA\",\"n\":\"" + spelled + "\",\"e\":\"AQAB\"}");
        Stream<String> others = Stream.of(
                "{\"kty\":\"RSA\",\"n\":\"" + n + "\",\"e\":\"AQAB=\"}",
                "{\"kty\":\"RSA\",\"n\":\"" + n + "\",\"e\":\"AQ+B\"}",
                "{\"kty\":\"RSA\",\"n\":\"" + n + "\",\"e\":\"\"}",
                "{\"kty\":\"RSA\",\"n\":\"" + n + "\",\"e\":65537}",
                "{\"kty\":\"RSA\",\"n\":[],\"e\":\"AQAB\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + x + "=\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + x.substring(0, 42) + strayBits(x) + "\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + x.substring(0, 20) + " " + x.substring(20) + "\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ==\",\"y\":\"AQ\"}",
                "{\"kty\":\"EC\",\"crv\":7,\"x\":\"AQ\",\"y\":\"AQ\"}",
                "{\"kty\":7}",
                "{\"kty\":null}");
        String good = rsa(TestIssuer.RSA.getPublic(), "k");
        Stream<String> types = Stream.of(
                        "\"key_ops\":\"verify\"",
                        "\"key_ops\":{\"verify\":true}",
                        "\"key_ops\":[\"verify\",1]",
                        "\"key_ops\":[[\"verify\"]]",
                        "\"key_ops\":[\"verify\",\"verify\"]",
                        "\"key_ops\":null",
                        "\"use\":[\"sig\"]",
                        "\"use\":null",
                        "\"alg\":256",
                        "\"alg\":null")
                .map(member -> good.replace("{", "{" + member + ","));
        return Stream.of(numbers, others, types).flatMap(all -> all);
    }

    @ParameterizedTest
    @MethodSource("malformedMembers")
    void a_member_of_the_wrong_type_or_in_another_spelling_is_refused(String jwk) {
        assertRefused(jwk, Reason.MEMBER_MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"n\":\"AQAB\"}",
                "{\"kty\":\"RSA\"}",
                "{\"kty\":\"RSA\",\"n\":\"AQAB\"}",
                "{\"kty\":\"EC\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\"}",
                "{\"kty\":\"OKP\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}"
            })
    void a_key_without_a_member_that_it_needs_is_refused(String jwk) {
        assertRefused(jwk, Reason.MEMBER_MISSING);
    }

    @Test
    void an_unknown_type_is_passed_over_whatever_its_members_mean() {
        String jwk = "{\"kty\":\"FUTURE\",\"d\":\"public\",\"k\":1}";

        assertThat(TokenKeys.ofJwkSet(set(jwk, rsa(TestIssuer.RSA.getPublic(), "k")))
                        .source()
                        .current()
                        .size())
                .isEqualTo(1);
    }

    @Test
    void more_keys_without_an_id_than_a_token_is_tried_with_are_refused() {
        String[] eleven =
                IntStream.range(0, 11).mapToObj(i -> anonymousEd25519()).toArray(String[]::new);
        String[] ten = Arrays.copyOf(eleven, 10);
        String[] tenAndOthers = Stream.concat(Stream.of(ten), Stream.of(rsa(TestIssuer.RSA.getPublic(), null), ten[3]))
                .toArray(String[]::new);

        assertThat(reasonOf(() -> TokenKeys.ofJwkSet(set(eleven)))).isEqualTo(Reason.TOO_MANY_KEYS_WITHOUT_ID);
        assertThat(TokenKeys.ofJwkSet(set(tenAndOthers)).source().current().size())
                .isEqualTo(11);
        PublishedKeys published = JwkSetReader.readPublished(set(eleven).getBytes(StandardCharsets.UTF_8));
        assertThat(published.keys().size()).isEqualTo(10);
        assertThat(published.leftOut()).containsExactly(Reason.TOO_MANY_KEYS_WITHOUT_ID);
    }

    @Test
    void what_an_issuer_publishes_loses_the_bad_keys_and_keeps_the_others() {
        String good = rsa(TestIssuer.RSA.getPublic(), "k");
        String bad = okp(HexFormat.of().parseHex("02" + "00".repeat(31)));
        String weak = rsaJwk(number(WeakModuli.PRIME), F4);

        PublishedKeys published =
                JwkSetReader.readPublished(set(bad, good, weak).getBytes(StandardCharsets.UTF_8));

        assertThat(published.keys().size()).isEqualTo(1);
        assertThat(published.leftOut()).containsExactly(Reason.ED25519_POINT, Reason.RSA_MODULUS_PRIME);
        assertThat(JwkSetReader.readPublished(set().getBytes(StandardCharsets.UTF_8))
                        .keys()
                        .isEmpty())
                .isTrue();
    }

    @Test
    void a_check_that_fails_at_run_time_is_a_refusal_and_a_key_that_cannot_work_is_found_when_it_is_read() {
        for (SignatureCheck broken : List.<SignatureCheck>of(
                (algorithm, signed, signature) -> {
                    throw new IllegalStateException("canary");
                },
                (algorithm, signed, signature) -> {
                    throw new InvalidKeyException("canary");
                },
                (algorithm, signed, signature) -> {
                    throw new JOSEException("canary");
                })) {
            VerificationKey key = new VerificationKey(null, "t", Algorithm.of(Algorithm.Family.RSA), broken);

            assertThat(key.verifies(Algorithm.RS256, new byte[1], new byte[256]))
                    .isFalse();
            assertThat(reasonOf(() -> key.requireWorking(256))).isEqualTo(Reason.NOT_WORKING);
        }
    }

    @Test
    void every_reason_has_a_sentence_of_its_own() {
        assertThat(Stream.of(Reason.values()).map(reason -> new UnusableKeyException(reason).getMessage()))
                .doesNotHaveDuplicates()
                .allMatch(message -> message.startsWith("keys: "));
    }

    private static void assertRefused(String jwk, Reason reason) {
        UnusableKeyException refusal = catchThrowableOfType(
                UnusableKeyException.class,
                () -> TokenKeys.ofJwkSet(set(rsa(TestIssuer.OTHER_RSA.getPublic(), "good"), jwk)));
        assertThat(refusal).as(jwk).isNotNull();
        assertThat(refusal.reason()).as(jwk).isEqualTo(reason);
        assertThat(refusal).hasNoCause();
        assertThat(JwkSetReader.readPublished(set(jwk).getBytes(StandardCharsets.UTF_8))
                        .leftOut())
                .as(jwk)
                .containsExactly(reason);
    }

    private static Reason reasonOf(ThrowingCallable call) {
        UnusableKeyException refusal = catchThrowableOfType(UnusableKeyException.class, call);
        assertThat(refusal).as("accepted").isNotNull();
        return refusal.reason();
    }

    private static BigInteger number(String base64url) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(base64url));
    }

    private static byte[] bytes(BigInteger number) {
        return Base64URL.encode(BigIntegerUtils.toBytesUnsigned(number)).decode();
    }

    private static String rsaJwk(BigInteger modulus, BigInteger exponent) {
        return "{\"kty\":\"RSA\",\"n\":\"" + TestIssuer.base64(bytes(modulus)) + "\",\"e\":\""
                + TestIssuer.base64(bytes(exponent)) + "\"}";
    }

    private static String ecJwk(String curve, BigInteger x, BigInteger y, int bytes) {
        return "{\"kty\":\"EC\",\"crv\":\"" + curve + "\",\"x\":\"" + coordinate(x, bytes) + "\",\"y\":\""
                + coordinate(y, bytes) + "\"}";
    }

    private static String coordinate(BigInteger value, int bytes) {
        return ECKey.encodeCoordinate(bytes * 8, value).toString();
    }

    private static String okp(byte[] x) {
        return "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + TestIssuer.base64(x) + "\"}";
    }

    private static String anonymousEd25519() {
        byte[] encoded = TestIssuer.pair("Ed25519").getPublic().getEncoded();
        return okp(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    }

    private static byte[] ed25519() {
        byte[] encoded = TestIssuer.ED25519.getPublic().getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    }

    /** The last of 43 characters has two bits that count for nothing, which a lenient reader ignores. */
    private static char strayBits(String x) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return alphabet.charAt(alphabet.indexOf(x.charAt(42)) + 1);
    }

    /** Of another provider than the JDK's, which would not make some of these. */
    private record BareRsaKey(BigInteger getModulus, BigInteger getPublicExponent) implements RSAPublicKey {
        @Override
        public String getAlgorithm() {
            return "RSA";
        }

        @Override
        public String getFormat() {
            return null;
        }

        @Override
        public byte[] getEncoded() {
            return null;
        }
    }

    private record BareEcKey(ECParameterSpec getParams, ECPoint getW) implements ECPublicKey {
        @Override
        public String getAlgorithm() {
            return "EC";
        }

        @Override
        public String getFormat() {
            return null;
        }

        @Override
        public byte[] getEncoded() {
            return null;
        }
    }
}
