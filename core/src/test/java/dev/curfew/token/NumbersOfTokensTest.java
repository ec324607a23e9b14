package dev.curfew.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.jose.NotStrictJsonException;
import dev.curfew.jose.NumericDate;
import dev.curfew.jose.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which numbers of a token are read, and as what, up to the last one that is. */
class NumbersOfTokensTest {
    private static final long LAST_SECOND = 253_402_300_799L;
    private static final Instant END_OF_9999 = Instant.parse("9999-12-31T23:59:59Z");

    /** A number that a long holds is read exactly, however long it is: identifiers are numbers too. */
    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                -1,
                999_999_999_999_999_999L,
                -99_999_999_999_999_999L,
                1_000_000_000_000_000_001L,
                -1_000_000_000_000_000_001L,
                9_007_199_254_740_993L,
                9_223_372_036_854_775_295L,
                -9_223_372_036_854_775_295L
            })
    void a_whole_number_within_a_long_is_read_to_the_last_digit(long number) throws NotStrictJsonException {
        assertThat(read(Long.toString(number))).isEqualTo(number);
    }

    /** Never the nearest long: what does not fit must not become a number that does. */
    @ParameterizedTest
    @CsvSource({
        "9223372036854775808, 9223372036854775808",
        "-9223372036854775809, -9223372036854775808",
        "123456789012345678901234567890, 123456789012345678901234567890",
        "1e2, 100",
        "1E+2, 100",
        "15e-1, 1.5",
        "-0.5, -0.5",
        "1.0, 1",
        "1.7976931348623157e308, 1.7976931348623157e308",
        "1e-400, 0"
    })
    void any_other_number_is_read_as_a_double(String json, double value) throws NotStrictJsonException {
        assertThat(read(json)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e309", "-1e309", "1.8e308"})
    void a_number_beyond_every_double_is_refused(String json) {
        assertThatExceptionOfType(NotStrictJsonException.class).isThrownBy(() -> read(json));
    }

    @Test
    void a_number_is_read_up_to_64_characters_and_refused_beyond() throws NotStrictJsonException {
        String longest = "0." + "1".repeat(62);

        assertThat(read(longest)).isEqualTo(Double.valueOf(longest));
        assertThatExceptionOfType(NotStrictJsonException.class).isThrownBy(() -> read(longest + "1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e", "1e+", "1e-", "1e+-2", "1.e2", "-", "--1", "00", "-01", "1 2", "0x1", "1/2", "1:2"})
    void half_a_number_is_none(String json) {
        assertThatExceptionOfType(NotStrictJsonException.class).isThrownBy(() -> read(json));
    }

    @Test
    @SuppressWarnings("JavaUtilDate") // it comes from others
    void an_instant_is_read_from_the_epoch_to_the_end_of_the_year_9999() {
        assertThat(NumericDate.read(0L)).contains(Instant.EPOCH);
        assertThat(NumericDate.read(0.0)).contains(Instant.EPOCH);
        assertThat(NumericDate.read(-1L)).isEmpty();
        assertThat(NumericDate.read(-0.1)).as("floored to -1").isEmpty();
        assertThat(NumericDate.read(Instant.EPOCH.minusNanos(1))).isEmpty();

        assertThat(NumericDate.read(LAST_SECOND)).contains(END_OF_9999);
        assertThat(NumericDate.read(LAST_SECOND + 0.9)).contains(END_OF_9999);
        assertThat(NumericDate.read(END_OF_9999.plusMillis(999))).contains(END_OF_9999);
        assertThat(NumericDate.read(Date.from(END_OF_9999.plusMillis(999)))).contains(END_OF_9999);
        assertThat(NumericDate.read(LAST_SECOND + 1)).isEmpty();
        assertThat(NumericDate.read(LAST_SECOND + 1.0)).isEmpty();
        assertThat(NumericDate.read(END_OF_9999.plusSeconds(1))).isEmpty();
        assertThat(NumericDate.read(Date.from(END_OF_9999.plusSeconds(1)))).isEmpty();
    }

    @Test
    void what_is_no_number_is_no_instant() {
        for (Object other : new Object[] {"1772366400", true, 'x', Double.POSITIVE_INFINITY, Double.NaN, Float.NaN}) {
            assertThat(NumericDate.read(other)).isEmpty();
        }
        assertThat(NumericDate.read(null)).isEmpty();
    }

    private static Object read(String number) throws NotStrictJsonException {
        return StrictJson.object(("{\"n\":" + number + "}").getBytes(StandardCharsets.UTF_8))
                .get("n");
    }
}
