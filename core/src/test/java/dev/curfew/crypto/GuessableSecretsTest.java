package dev.curfew.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What people paste is refused, and what a generator makes is not. */
class GuessableSecretsTest {
    private static final int KEYS = 200_000;
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /** Each of at least 32 characters. */
    private static final List<String> TYPED = List.of(
            "The quick brown fox jumps over the lazy dog",
            "correct horse battery staple and more",
            "lorem ipsum dolor sit amet, consectetur",
            "to be or not to be that is the question",
            "my voice is my passport 2024 verify me please 1",
            "El perro de San Roque no tiene rabo",
            "Größere Schlüssel öffnen größere Türen",
            "пароль для подписи токенов",
            "thisisaverylongpassphrasewithoutspaces",
            "thequickbrownfoxjumpsoverthelazydog",
            "supercalifragilisticexpialidocious",
            "allyourbasearebelongtouswearelegion",
            "ABSOLUTELYUNBREAKABLEKEYMATERIALOFOURS",
            "MYVERYLONGSIGNINGMATERIALFORPRODUCTION",
            "xkcdqvbnmzlkjhgfpoiuytrewqasdfzx",
            "MySuperLongKeyForSigningTokensOk",
            "LoremIpsumDolorSitAmetConsectetur",
            "MeinGeheimerSchluesselFuerDieProduktion",
            "EstaEsUnaClaveMuyLargaParaFirmarTokens",
            "MaCleTresLonguePourLaProductionDuSite",
            "ThisIsMyVerySecureSigningMaterial2024!",
            "jwt.signing.material.for.my.application.prod",
            "super-duper-long-signing-material-for-prod",
            "kubernetes-cluster-production-eu-west-1",
            "my_company_name_service_account_1",
            "AdminAdminAdmin1234AdminAdmin5678",
            "let-me-in-please-let-me-in-please-now",
            "aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffff",
            "aabbccddeeffgghhiijjkkllmmnnooppqqrrssttuu",
            "Ab1!00000000000000000000000000000000",
            "abcdefghijklmnopqrstuvwxyzabcdef",
            "0123456789abcdef0123456789abcdeg",
            "31415926535897932384626433832795028841",
            "4929123412341234492912341234123",
            "0123456789012345678901234567890123456789",
            "-----BEGIN PUBLIC KEY-----",
            "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----",
            "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T\"}",
            "{ \"keys\": [ {\"alg\": \"HS256\"} ], \"x\": \"9d8f7g6h5j\" }",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.Tl3PkBnQqzR1vX9gM4yW7cKaJ8dHs2fLe6uVb0oYiN5",
            "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d");

    static Stream<Arguments> guessable() throws GeneralSecurityException {
        List<Arguments> all = new ArrayList<>();
        for (String typed : TYPED) {
            byte[] bytes = typed.getBytes(StandardCharsets.UTF_8);
            all.add(Arguments.of("as it is: " + typed, bytes));
            all.add(Arguments.of("with a line break: " + typed, (typed + "\n").getBytes(StandardCharsets.UTF_8)));
            all.add(Arguments.of("in hex: " + typed, ascii(HexFormat.of().formatHex(bytes))));
            all.add(Arguments.of(
                    "in hex, marked: " + typed, ascii("0x" + HexFormat.of().formatHex(bytes))));
            all.add(Arguments.of(
                    "in capital hex: " + typed,
                    ascii(HexFormat.of().withUpperCase().formatHex(bytes))));
            all.add(Arguments.of("in base64: " + typed, Base64.getEncoder().encode(bytes)));
            all.add(Arguments.of(
                    "in base64url: " + typed,
                    Base64.getUrlEncoder().withoutPadding().encode(bytes)));
            all.add(Arguments.of(
                    "in hex in base64: " + typed,
                    Base64.getEncoder().encode(ascii(HexFormat.of().formatHex(bytes)))));
            all.add(Arguments.of("in UTF-16: " + typed, typed.getBytes(StandardCharsets.UTF_16LE)));
        }
        for (String tooShort : List.of("hunter2", "Kx9!vT2#pQ7&zL4@", "short and sweet 12345", "q7Wz")) {
            byte[] text = ascii(tooShort);
            all.add(Arguments.of("padded with zeros: " + tooShort, Arrays.copyOf(text, 32)));
            all.add(Arguments.of("padded with blanks: " + tooShort, ascii(String.format("%-40s", tooShort))));
            all.add(Arguments.of("padded with 0: " + tooShort, ascii(tooShort + "0".repeat(32))));
            all.add(Arguments.of(
                    "padded in hex: " + tooShort, ascii(HexFormat.of().formatHex(Arrays.copyOf(text, 32)))));
            all.add(Arguments.of(
                    "padded in base64: " + tooShort, Base64.getEncoder().encode(Arrays.copyOf(text, 32))));
        }
        all.add(Arguments.of("a short text in hex", ascii(HexFormat.of().formatHex(ascii("Kx9!vT2#pQ7&zL4@")))));
        all.add(Arguments.of("a short text in base64", Base64.getEncoder().encode(ascii("Kx9!vT2#pQ7&zL4@mB6*yN8%"))));
        byte[] generated = random(new SplittableRandom(5), 28);
        all.add(Arguments.of("zeros", new byte[32]));
        all.add(Arguments.of("ones", filled(1)));
        all.add(Arguments.of("bits", filled(0xFF)));
        all.add(Arguments.of("zeros in hex", ascii("0".repeat(64))));
        all.add(Arguments.of("zeros in base64", Base64.getEncoder().encode(new byte[32])));
        all.add(Arguments.of(
                "counted",
                HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")));
        all.add(Arguments.of(
                "counted in hex", ascii("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")));
        all.add(Arguments.of("bytes padded", Arrays.copyOf(generated, 37)));
        for (KeyPair pair : List.of(pair("RSA"), pair("EC"), pair("Ed25519"))) {
            for (byte[] der :
                    List.of(pair.getPublic().getEncoded(), pair.getPrivate().getEncoded())) {
                String name = pair.getPublic().getAlgorithm();
                all.add(Arguments.of("DER of a key: " + name, der));
                all.add(Arguments.of(
                        "in base64: DER of a key: " + name, Base64.getEncoder().encode(der)));
                all.add(Arguments.of(
                        "in lines: DER of a key: " + name,
                        Base64.getMimeEncoder().encode(der)));
                all.add(Arguments.of(
                        "in hex: DER of a key: " + name, ascii(HexFormat.of().formatHex(der))));
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("guessable")
    void what_people_paste_is_refused_and_the_message_says_what_to_do(String name, byte[] secret) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GuessableSecrets.refuse("the key", secret))
                .withMessageStartingWith("the key is guessable (")
                .withMessageContaining(secret.length + " bytes")
                .withMessageEndingWith("openssl rand -base64 32");
    }

    /** The four that our documents name. */
    static Stream<Arguments> usual() {
        return spellings()
                .filter(spelling -> List.of(
                                "32 bytes", "32 bytes in hex", "32 bytes in base64", "32 bytes in base64url")
                        .contains(spelling.get()[0]));
    }

    static Stream<Arguments> spellings() {
        Base64.Encoder base64 = Base64.getEncoder();
        Base64.Encoder url = Base64.getUrlEncoder();
        HexFormat hex = HexFormat.of();
        return Stream.of(
                spelling("32 bytes", random -> random(random, 32)),
                spelling("64 bytes", random -> random(random, 64)),
                spelling("32 bytes in hex", random -> ascii(hex.formatHex(random(random, 32)))),
                spelling("16 bytes in hex", random -> ascii(hex.formatHex(random(random, 16)))),
                spelling(
                        "32 bytes in capital hex",
                        random -> ascii(hex.withUpperCase().formatHex(random(random, 32)))),
                spelling("64 bytes in hex", random -> ascii(hex.formatHex(random(random, 64)))),
                spelling("32 bytes in base64", random -> base64.encode(random(random, 32))),
                spelling("48 bytes in base64", random -> base64.encode(random(random, 48))),
                spelling("64 bytes in base64", random -> base64.encode(random(random, 64))),
                spelling("32 bytes in base64url", random -> url.withoutPadding().encode(random(random, 32))),
                spelling(
                        "32 bytes in base64, a line",
                        random ->
                                ascii(new String(base64.encode(random(random, 32)), StandardCharsets.US_ASCII) + "\n")),
                spelling("32 bytes in base32", random -> ascii(drawn(random, BASE32, 52))),
                spelling(
                        "32 bytes in small base32",
                        random -> ascii(drawn(random, BASE32.toLowerCase(Locale.ROOT), 52))),
                spelling("32 letters and digits", random -> ascii(drawn(random, LETTERS_AND_DIGITS, 32))),
                spelling("64 letters and digits", random -> ascii(drawn(random, LETTERS_AND_DIGITS, 64))),
                spelling("32 visible characters", random -> ascii(drawn(random, visible(), 32))),
                spelling(
                        "32 bytes in hex in base64",
                        random -> base64.encode(ascii(hex.formatHex(random(random, 32))))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("usual")
    void what_a_generator_makes_is_not_refused(String name, Function<SplittableRandom, byte[]> generator) {
        assertNoneRefused(generator, 20261128, KEYS);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("spellings")
    void what_any_generator_makes_is_not_refused(String name, Function<SplittableRandom, byte[]> generator) {
        assertNoneRefused(generator, 1, KEYS / 50);
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0}")
    @MethodSource("spellings")
    void none_of_many_generated_keys_of_any_spelling_is_refused(
            String name, Function<SplittableRandom, byte[]> generator) {
        assertNoneRefused(generator, 20261129, KEYS);
    }

    private static void assertNoneRefused(Function<SplittableRandom, byte[]> generator, long seed, int keys) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < keys; i++) {
            byte[] secret = generator.apply(random);
            try {
                GuessableSecrets.refuse("key", secret);
            } catch (IllegalArgumentException e) {
                throw new AssertionError("key " + i + " of seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    @Test
    void two_identifiers_in_a_row_are_long_enough_and_not_judged() {
        String two = UUID.randomUUID().toString() + UUID.randomUUID();

        assertThatCode(() -> GuessableSecrets.refuse("key", ascii(two))).doesNotThrowAnyException();
    }

    @Test
    void no_message_spells_the_secret() {
        for (String typed : TYPED) {
            try {
                GuessableSecrets.refuse("key", typed.getBytes(StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).doesNotContain(typed.substring(0, 8));
                assertThat(e).hasNoCause();
            }
        }
    }

    private static Arguments spelling(String name, Function<SplittableRandom, byte[]> generator) {
        return Arguments.of(name, generator);
    }

    private static byte[] random(SplittableRandom random, int bytes) {
        byte[] key = new byte[bytes];
        random.nextBytes(key);
        return key;
    }

    private static String drawn(SplittableRandom random, String alphabet, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private static String visible() {
        StringBuilder all = new StringBuilder();
        for (char c = '!'; c <= '~'; c++) {
            all.append(c);
        }
        return all.toString();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] filled(int octet) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) octet);
        return key;
    }

    private static KeyPair pair(String algorithm) throws GeneralSecurityException {
        return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    }
}
