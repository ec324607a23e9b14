package dev.curfew.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SecretHashTest {
    /** SHA-256 of "abc", FIPS 180-2 appendix B.1. */
    private static final byte[] ABC =
            HexFormat.of().parseHex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

    @Test
    void of_is_sha256() {
        assertThat(SecretHash.of("abc").toBytes()).isEqualTo(ABC);
    }

    @Test
    void hashes_are_equal_by_all_their_bytes() {
        SecretHash hash = SecretHash.of("abc");

        assertThat(SecretHash.stored(ABC)).isEqualTo(hash).hasSameHashCodeAs(hash);
        for (int bit = 0; bit < 256; bit++) {
            byte[] other = ABC.clone();
            other[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(SecretHash.stored(other)).isNotEqualTo(hash);
        }
        assertThat(hash).isNotEqualTo(SecretHash.of("abd")).isNotEqualTo(null).isNotEqualTo("abc");
    }

    @Test
    void stored_of_another_length_is_refused() {
        assertThatThrownBy(() -> SecretHash.stored(new byte[31])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SecretHash.stored(new byte[33])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SecretHash.stored(new byte[0])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bytes_are_copied_in_and_out() {
        byte[] in = ABC.clone();
        SecretHash hash = SecretHash.stored(in);
        in[0] ^= 1;
        hash.toBytes()[1] ^= 1;

        assertThat(hash.toBytes()).isEqualTo(ABC);
    }

    @Test
    void to_string_shows_nothing_of_the_hash() {
        assertThat(SecretHash.of("abc")).hasToString("SecretHash");
    }
}
