package dev.curfew.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much of a secret may follow a plain rule: a generator makes a little of everything now and then. */
class ByteShapeTest {
    private static final int BYTES = 32;

    /** Bytes of a generator, among which no two neighbours are equal or one apart. */
    private final byte[] generated = generated();

    @Test
    void bytes_of_a_generator_follow_no_rule() {
        assertThat(ByteShape.weaknessOf(generated)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "32, 1", "200, 1", "31, -1", "127, -1", "255, -1"})
    void bytes_that_count_are_a_sequence(int first, int step) {
        byte[] counted = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            counted[i] = (byte) (first + i * step);
        }

        assertThat(ByteShape.weaknessOf(counted)).isEqualTo("a sequence");
    }

    @Test
    void more_steps_of_a_sequence_than_half_the_bytes_are_too_many() {
        assertThat(ByteShape.weaknessOf(beginningWith(counted(17)))).isNull();
        assertThat(ByteShape.weaknessOf(beginningWith(counted(18)))).isEqualTo("a sequence");
    }

    @Test
    void a_run_of_eight_equal_bytes_is_too_long() {
        byte[] seven = new byte[7];
        Arrays.fill(seven, (byte) 'x');
        byte[] eight = new byte[8];
        Arrays.fill(eight, (byte) 'x');

        assertThat(ByteShape.weaknessOf(beginningWith(seven))).isNull();
        assertThat(ByteShape.weaknessOf(beginningWith(eight))).isEqualTo("long runs of one byte");
    }

    @Test
    void many_short_runs_are_too_many_from_two_fifths_on() {
        assertThat(ByteShape.weaknessOf(withDoubles(12))).isNull();
        assertThat(ByteShape.weaknessOf(withDoubles(13))).isEqualTo("long runs of one byte");
    }

    @Test
    void a_quarter_of_zeros_is_too_many() {
        byte[] zeros = generated.clone();
        for (int i = 0; i < 7; i++) {
            zeros[i * 4] = 0;
        }
        assertThat(ByteShape.weaknessOf(zeros)).isNull();
        zeros[28] = 0;
        assertThat(ByteShape.weaknessOf(zeros)).contains("zero bytes");
    }

    /** As in UTF-16, where one of the two bytes is the alphabet's. */
    @ParameterizedTest
    @CsvSource({"0", "1"})
    void three_values_in_every_second_place_are_too_few(int start) {
        byte[] text = generated.clone();
        for (int i = start; i < BYTES; i += 2) {
            text[i] = (byte) (4 + i / 2 % 3 * 40);
        }
        assertThat(ByteShape.weaknessOf(text)).contains("UTF-16");
        text[start + 20] = (byte) 0x91;
        assertThat(ByteShape.weaknessOf(text)).isNull();
    }

    @Test
    void seven_different_bytes_are_too_few_and_eight_may_be_enough() {
        assertThat(ByteShape.weaknessOf(ofValues(7))).isEqualTo("few different bytes");
        assertThat(ByteShape.weaknessOf(ofValues(8))).isNull();
    }

    @ParameterizedTest
    @CsvSource({"16, 32", "16, 48", "11, 33", "16, 40", "24, 48"})
    void what_comes_again_and_again_is_a_repetition(int period, int length) {
        byte[] repeated = new byte[length];
        for (int i = 0; i < length; i++) {
            repeated[i] = generated[i % period];
        }

        assertThat(ByteShape.weaknessOf(repeated)).isEqualTo("a repetition");
        repeated[length - 1] ^= 0x55;
        assertThat(ByteShape.weaknessOf(repeated)).as("another last byte").isNull();
    }

    private byte[] beginningWith(byte[] striking) {
        return ByteBuffer.allocate(BYTES)
                .put(striking)
                .put(generated, striking.length, BYTES - striking.length)
                .array();
    }

    private static byte[] counted(int length) {
        byte[] counted = new byte[length];
        for (int i = 0; i < length; i++) {
            counted[i] = (byte) (0x41 + i);
        }
        return counted;
    }

    /** With so many bytes that repeat the one before, never three in a row. */
    private byte[] withDoubles(int count) {
        byte[] doubled = generated.clone();
        for (int i = 0; i < count; i++) {
            doubled[2 * i + 1] = doubled[2 * i];
        }
        return doubled;
    }

    /** Of so many different values, far from each other and in no order. */
    private static byte[] ofValues(int values) {
        SplittableRandom random = new SplittableRandom(values);
        byte[] drawn = new byte[BYTES];
        int before = -1;
        for (int i = 0; i < BYTES; i++) {
            int next = i < values ? i : random.nextInt(values);
            while (next == before) {
                next = random.nextInt(values);
            }
            drawn[i] = (byte) (5 + next * 29);
            before = next;
        }
        return drawn;
    }

    private static byte[] generated() {
        SplittableRandom random = new SplittableRandom(7);
        byte[] drawn = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            do {
                drawn[i] = (byte) random.nextInt(1, 256);
            } while (i > 0 && Math.abs(drawn[i] - drawn[i - 1]) < 2);
        }
        return drawn;
    }
}
