package dev.curfew.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextHashTest {
    private static TextHash expected(String text) throws NoSuchAlgorithmException {
        ByteBuffer hash = ByteBuffer.wrap(
                MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.ISO_8859_1)));
        return new TextHash(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
    }

    /** Around the size of a block, of the buffer, and beyond. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 55, 56, 63, 64, 65, 700, 1_023, 1_024, 1_025, 2_047, 2_048, 2_049, 16_384})
    void a_text_of_any_length_has_the_hash_of_its_bytes(int length) throws NoSuchAlgorithmException {
        String text = IntStream.range(0, length)
                .mapToObj(i -> String.valueOf((char) ('-' + i % 78)))
                .reduce("", String::concat);

        assertThat(TextHash.of(text)).isEqualTo(expected(text)).isEqualTo(TextHash.of(text));
    }

    @Test
    void a_hash_does_not_depend_on_what_was_hashed_before() throws NoSuchAlgorithmException {
        TextHash.of("a".repeat(1_000));

        assertThat(TextHash.of("b")).isEqualTo(expected("b"));
    }

    /** The lower byte of each is that of a character of a token. */
    @ParameterizedTest
    @ValueSource(strings = {"\u0141", "\u2041", "\uD841\uDC41", "\uD841", "\uDC41", "\u00C1"})
    void no_character_beyond_ascii_is_taken_for_one_of_a_token(String other) {
        String before = "x".repeat(1_023);

        assertThat(TextHash.of(before + other + "y"))
                .isNotEqualTo(TextHash.of(before + "Ay"))
                .isNotEqualTo(TextHash.of(before + "AAy"));
    }
}
