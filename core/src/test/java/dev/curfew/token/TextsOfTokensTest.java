package dev.curfew.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.jose.NotStrictJsonException;
import dev.curfew.jose.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which texts of a token are read, escape by escape: two readers that differ here see two subjects. */
class TextsOfTokensTest {
    @ParameterizedTest
    @CsvSource({
        "\\b, 0008",
        "\\f, 000C",
        "\\n, 000A",
        "\\r, 000D",
        "\\t, 0009",
        "\\\", 0022",
        "\\\\, 005C",
        "\\/, 002F",
        "\\u1a2B, 1A2B",
        "\\uFfFf, FFFF",
        "\\u0041, 0041"
    })
    void an_escape_is_the_character_of_the_standard(String escape, String codePoint) throws NotStrictJsonException {
        assertThat(read("\"" + escape + "\"")).isEqualTo(Character.toString(Integer.parseInt(codePoint, 16)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\a", "\\v", "\\0", "\\'", "\\U0041", "\\u", "\\u004", "\\u004g", "\\x41", "\\u00 1"})
    void another_escape_is_refused(String escape) {
        isRefused("\"" + escape + "\"");
    }

    @Test
    void a_control_character_must_be_escaped_and_a_blank_need_not() throws NotStrictJsonException {
        for (char c = 0; c < ' '; c++) {
            isRefused("\"" + c + "\"");
        }
        assertThat(read("\" \u007f\"")).isEqualTo(" \u007f");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\ud83d",
                "\\ude00",
                "\\ud83dx",
                "\\ud83d\\ud83d",
                "\\ude00\\ud83d",
                "\\ud83d\\ude00\\ude00",
                "x\\ud83d\\ude00\\ud83d",
                "\\ud83d\\u0041"
            })
    void half_a_pair_is_refused_wherever_it_stands(String escapes) {
        isRefused("\"" + escapes + "\"");
    }

    @Test
    void whole_pairs_are_read_wherever_they_stand() throws NotStrictJsonException {
        assertThat(read("\"\\ud83d\\ude00\\ud83d\\ude01x\\ud83d\\ude02\"")).isEqualTo("😀😁x😂");
    }

    @Test
    void blanks_may_stand_between_all_parts() throws NotStrictJsonException {
        String blank = " \t\r\n";
        String json = String.join(blank, "", "{", "\"n\"", ":", "[", "1", ",", "{", "}", ",", "[", "]", "]", "}", "");

        assertThat(StrictJson.object(json.getBytes(StandardCharsets.UTF_8)).get("n"))
                .isEqualTo(List.of(1L, Map.of(), List.of()));
    }

    @Test
    void a_list_cannot_be_changed_by_who_reads_it() throws NotStrictJsonException {
        List<?> list = (List<?>) read("[1]");

        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> list.remove(0));
    }

    private static void isRefused(String value) {
        assertThatExceptionOfType(NotStrictJsonException.class).as(value).isThrownBy(() -> read(value));
    }

    private static Object read(String value) throws NotStrictJsonException {
        return StrictJson.object(("{\"n\":" + value + "}").getBytes(StandardCharsets.UTF_8))
                .get("n");
    }
}
