package dev.curfew.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.jose.CompactForm;
import dev.curfew.jose.NotStrictJsonException;
import dev.curfew.jose.StrictJson;
import dev.curfew.jose.UnreadableTokenException;
import dev.curfew.token.InvalidTokenException.Reason;
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

    /** Wherever a text ends too early, that is a refusal and no accident of the reader. */
    @Test
    void a_text_that_was_cut_off_is_refused_wherever() {
        String whole = "{\"a\":[-12,3.5e+7,0],\"b\":{\"c\":\"\\u00e9\\n\"},\"d\":true,\"e\":null,\"f\":false}";
        for (int end = 0; end < whole.length(); end++) {
            byte[] cut = whole.substring(0, end).getBytes(StandardCharsets.UTF_8);
            assertThatExceptionOfType(NotStrictJsonException.class)
                    .as("after %s characters", end)
                    .isThrownBy(() -> StrictJson.object(cut));
        }
    }

    @Test
    void a_list_cannot_be_changed_by_who_reads_it() throws NotStrictJsonException {
        List<?> list = (List<?>) read("[1]");

        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> list.remove(0));
    }

    /** Each digit of base64url that ends a part counts, or one token would have several texts. */
    @ParameterizedTest
    @ValueSource(
            strings = {"AA.AA.A0", "AA.AA.A1", "AA.AA.A9", "AA.AA.A-", "AA.AA.A_", "AA.AA.AA1", "AA.AA.AA9", "AA.AA.AA_"
            })
    void stray_bits_of_any_last_character_are_refused(String compact) {
        TokenAssertions.isRefused(TestIssuer.verifier(), compact, Reason.MALFORMED);
        assertThatExceptionOfType(UnreadableTokenException.class).isThrownBy(() -> CompactForm.parse(compact, 100));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"AA.AA.Aw", "AA.AA.AA0", "AA.AA.AA4", "AA.AA.AA8", "AA.AA.0189", "AA.AA.-_-_", "AA.AA.AZaz"})
    void a_part_without_stray_bits_is_read(String compact) throws Exception {
        assertThat(CompactForm.parse(compact, 100).signingInput()).isEqualTo("AA.AA");
    }

    private static void isRefused(String value) {
        assertThatExceptionOfType(NotStrictJsonException.class).as(value).isThrownBy(() -> read(value));
    }

    private static Object read(String value) throws NotStrictJsonException {
        return StrictJson.object(("{\"n\":" + value + "}").getBytes(StandardCharsets.UTF_8))
                .get("n");
    }
}
