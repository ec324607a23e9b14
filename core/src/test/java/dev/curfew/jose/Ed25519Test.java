package dev.curfew.jose;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import dev.curfew.session.Seeds;
import java.io.File;
import java.io.IOException;
import java.math.BigInteger;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ed25519 by tink and by the JDK: what is right for one is right for the other. */
class Ed25519Test {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] X509_PREFIX = HEX.parseHex("302a300506032b6570032100");
    private static final int BYTES = 32;
    private static final BigInteger P = BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger ORDER =
            BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));

    /** RFC 8032, section 7.1: tests 1, 2, 3 and SHA(abc). */
    @ParameterizedTest
    @CsvSource({
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',e5564300c360ac72"
                + "9086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25b"
                + "f5f0595bbe24655141438e7a100b",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,92a009a9f0d4cab8"
                + "720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b"
                + "2eaeb4302aeeb00d291612bb0c00",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,af82,6291d657deec24"
                + "024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a"
                + "7c15e9716ed28dc027beceea1ec40a",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf,ddaf35a193617abacc4"
                + "17349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d442"
                + "3643ce80e2a9ac94fa54ca49f,dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c"
                + "26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
    })
    void the_published_signatures_are_right(String x, String message, String signature)
            throws GeneralSecurityException, JOSEException {
        assertThat(judged(HEX.parseHex(x), HEX.parseHex(message), HEX.parseHex(signature)))
                .isEqualTo("tink true, JDK true");
    }

    /** Every way to spell a signature that some verifier somewhere takes. */
    @Test
    void tink_and_the_jdk_refuse_the_same_signatures() {
        Seeds.forAll(40, 40 * 18, random -> {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
                generator.initialize(255, Seeds.predictable(random));
                KeyPair pair = generator.generateKeyPair();
                byte[] encoded = pair.getPublic().getEncoded();
                byte[] x = Arrays.copyOfRange(encoded, encoded.length - BYTES, encoded.length);
                byte[] message = new byte[random.nextInt(200)];
                random.nextBytes(message);
                Signature signer = Signature.getInstance("Ed25519");
                signer.initSign(pair.getPrivate());
                signer.update(message);
                byte[] right = signer.sign();
                assertThat(judged(x, message, right)).isEqualTo("tink true, JDK true");
                Map<String, byte[]> wrong = wrong(random, right);
                BigInteger scalar = scalar((EdECPrivateKey) pair.getPrivate());
                wrong.putAll(withRofSmallOrder(x, scalar, message));
                // Only the owner can make it, and RFC 8032 allows it.
                assertThat(judged(x, message, of(little(BigInteger.ONE), x, scalar, message)))
                        .isEqualTo("tink true, JDK true");
                for (Map.Entry<String, byte[]> each : wrong.entrySet()) {
                    assertThat(judged(x, message, each.getValue()))
                            .as(each.getKey())
                            .isEqualTo("tink false, JDK false");
                }
                return wrong.size();
            } catch (GeneralSecurityException | JOSEException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static Map<String, byte[]> wrong(Random random, byte[] right) {
        byte[] r = Arrays.copyOf(right, BYTES);
        BigInteger s = number(Arrays.copyOfRange(right, BYTES, 2 * BYTES));
        Map<String, byte[]> wrong = new LinkedHashMap<>();
        byte[] flipped = right.clone();
        flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        wrong.put("a bit is changed", flipped);
        for (int times = 1; times <= 3; times++) {
            wrong.put("S + " + times + " orders", both(r, little(s.add(ORDER.multiply(BigInteger.valueOf(times))))));
        }
        wrong.put("S is the order", both(r, little(ORDER)));
        wrong.put("S is zero", both(r, new byte[BYTES]));
        wrong.put("a zero byte behind it", Arrays.copyOf(right, right.length + 1));
        wrong.put("many zero bytes behind it", Arrays.copyOf(right, right.length + BYTES));
        wrong.put("another byte behind it", Arrays.copyOf(both(right, new byte[] {1}), right.length + 1));
        wrong.put("a zero byte before it", both(new byte[1], right));
        wrong.put("a byte less", Arrays.copyOf(right, right.length - 1));
        wrong.put("R alone", r);
        wrong.put("nothing", new byte[0]);
        wrong.put("all zero", new byte[right.length]);
        return wrong;
    }

    private static Map<String, byte[]> withRofSmallOrder(byte[] x, BigInteger scalar, byte[] message)
            throws GeneralSecurityException {
        Map<String, BigInteger> points = new LinkedHashMap<>();
        points.put("R is neutral, y = p + 1", P.add(BigInteger.ONE));
        points.put("R is neutral, x of the wrong sign", BigInteger.ONE.setBit(255));
        points.put("R has order 2", P.subtract(BigInteger.ONE));
        points.put("R has order 4", BigInteger.ZERO);
        points.put("R has order 4, y = p", P);
        points.put("R is no point", BigInteger.TWO);
        Map<String, byte[]> signatures = new LinkedHashMap<>();
        for (Map.Entry<String, BigInteger> point : points.entrySet()) {
            signatures.put(point.getKey(), of(little(point.getValue()), x, scalar, message));
        }
        return signatures;
    }

    /** The signature of the owner for an R that stands for the neutral point, spelled as it may be. */
    private static byte[] of(byte[] r, byte[] x, BigInteger scalar, byte[] message) throws GeneralSecurityException {
        MessageDigest sha512 = MessageDigest.getInstance("SHA-512");
        sha512.update(r);
        sha512.update(x);
        BigInteger hash = number(sha512.digest(message));
        return both(r, little(hash.multiply(scalar).mod(ORDER)));
    }

    private static BigInteger scalar(EdECPrivateKey key) throws GeneralSecurityException {
        byte[] half = Arrays.copyOf(
                MessageDigest.getInstance("SHA-512").digest(key.getBytes().orElseThrow()), BYTES);
        half[0] &= (byte) 248;
        half[31] &= 127;
        half[31] |= 64;
        return number(half);
    }

    private static String judged(byte[] x, byte[] message, byte[] signature)
            throws GeneralSecurityException, JOSEException {
        SignatureCheck tink = TinkEd25519.find(x).orElseThrow();
        PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(both(X509_PREFIX, x)));
        return "tink " + isRight(tink, message, signature) + ", JDK "
                + isRight(SignatureCheck.ofEd25519(key), message, signature);
    }

    private static boolean isRight(SignatureCheck check, byte[] message, byte[] signature) {
        return new VerificationKey(null, "thumbprint", Set.of(Algorithm.EDDSA), check)
                .verifies(Algorithm.EDDSA, message, signature);
    }

    private static byte[] both(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static BigInteger number(byte[] littleEndian) {
        return new BigInteger(1, reversed(littleEndian));
    }

    private static byte[] little(BigInteger number) {
        byte[] big = number.toByteArray();
        byte[] little = Arrays.copyOf(reversed(big), BYTES);
        assertThat(number(little)).isEqualTo(number);
        return little;
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    /** A host without tink, or with a part of it: keys are read, and signatures are checked by the JDK. */
    @Test
    void without_tink_the_jdk_checks() throws Exception {
        Set<String> noTink = Set.of("tink-");
        assertThat(answersIn(noTink)).isEqualTo("JDK, right, wrong");
        assertThat(answersIn(Set.of())).isEqualTo("tink, right, wrong");
    }

    private static String answersIn(Set<String> missing) throws ReflectiveOperationException, IOException {
        URL[] urls = Stream.of(classPath().split(File.pathSeparator))
                .filter(entry ->
                        missing.stream().noneMatch(Path.of(entry).getFileName().toString()::startsWith))
                .map(Ed25519Test::url)
                .toArray(URL[]::new);
        try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
            Callable<?> host = (Callable<?>) loader.loadClass(Ed25519Host.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
            return (String) host.call();
        } catch (ReflectiveOperationException | IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
