package dev.curfew.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealerTest {
    private static final byte[] PLAIN = "a login under way".getBytes(UTF_8);

    private final byte[] key = randomKey();
    private final Sealer sealer = Sealer.withKey(key);

    private static byte[] randomKey() {
        byte[] key = new byte[Sealer.KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] decode(String text) {
        return Base64.getUrlDecoder().decode(text);
    }

    @Test
    void whoever_shares_the_key_opens_it() {
        String sealed = sealer.seal(PLAIN, "login");

        assertThat(Sealer.withKey(key).open(sealed, "login")).hasValue(PLAIN);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 16, 17, 1_000, 100_000})
    void a_value_of_any_size_comes_back(int size) {
        byte[] plain = new byte[size];
        new SecureRandom().nextBytes(plain);

        assertThat(sealer.open(sealer.seal(plain, "login"), "login")).hasValue(plain);
    }

    @Test
    void the_text_is_of_base64url_characters_and_hides_the_value() {
        String sealed = sealer.seal(PLAIN, "login");

        assertThat(sealed).matches("[A-Za-z0-9_-]+");
        assertThat(new String(decode(sealed), UTF_8)).doesNotContain("login");
    }

    @Test
    void the_same_value_never_looks_the_same() {
        Set<String> nonces = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            nonces.add(sealer.seal(PLAIN, "login").substring(0, 16));
        }

        assertThat(nonces).hasSize(1_000);
    }

    @Test
    void a_change_of_any_bit_makes_it_worthless() {
        byte[] sealed = decode(sealer.seal(PLAIN, "login"));

        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] tampered = sealed.clone();
            tampered[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(sealer.open(encode(tampered), "login")).as("bit %d", bit).isEmpty();
        }
    }

    @Test
    void a_text_cut_off_anywhere_is_worthless() {
        byte[] sealed = decode(sealer.seal(PLAIN, "login"));

        for (int length = 0; length < sealed.length; length++) {
            assertThat(sealer.open(encode(Arrays.copyOf(sealed, length)), "login"))
                    .as("length %d", length)
                    .isEmpty();
        }
        assertThat(sealer.open(encode(Arrays.copyOf(sealed, sealed.length + 1)), "login"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "log", "logins", "LOGIN", "login\u0000"})
    void it_opens_for_no_other_purpose(String purpose) {
        assertThat(sealer.open(sealer.seal(PLAIN, "login"), purpose)).isEmpty();
    }

    @Test
    void it_opens_with_no_other_key() {
        String sealed = sealer.seal(PLAIN, "login");
        byte[] almost = key.clone();
        almost[31] ^= 1;

        assertThat(Sealer.withKey(almost).open(sealed, "login")).isEmpty();
        assertThat(Sealer.withRandomKey().open(sealed, "login")).isEmpty();
        assertThat(Sealer.withRandomKey().open(Sealer.withRandomKey().seal(PLAIN, "p"), "p"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "=", "A", "AAAA", "not base64!", "ñ", "\u0000", "a+b/", "AAAA\nAAAA"})
    void what_is_no_sealed_text_opens_to_nothing(String text) {
        assertThat(sealer.open(text, "login")).isEmpty();
    }

    @Test
    void an_endless_text_is_not_even_decoded() {
        assertThat(sealer.open("A".repeat(5_000_000), "login")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16, 24, 31, 33, 64})
    void a_key_of_another_size_is_refused_without_being_shown(int size) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sealer.withKey(new byte[size]))
                .withMessage("sealing key has " + size
                        + " bytes, and must have 32: generate one, as by: openssl rand -base64 32,"
                        + " then decode it");
    }

    @Test
    void the_key_is_copied() {
        byte[] mine = key.clone();
        Sealer early = Sealer.withKey(mine);
        Arrays.fill(mine, (byte) 0);

        assertThat(early.open(sealer.seal(PLAIN, "login"), "login")).hasValue(PLAIN);
    }
}
