package dev.curfew.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionLabelTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "Work laptop",
                " spaced ",
                "<b>Tom & Jerry</b>",
                "\u05d4\u05de\u05d7\u05e9\u05d1 \u05e9\u05dc\u05d9", // Hebrew, whose direction needs no marks
                "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", // Persian, spelled with a non-joiner
                "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67", // a family, joined
                "\ud83c\udff4\udb40\udc67\udb40\udc62\udb40\udc73\udb40\udc63\udb40\udc74\udb40\udc7f" // Scotland
            })
    void what_people_write_is_taken_as_it_is(String label) {
        assertThat(SessionLabel.require(label)).isEqualTo(label);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069})
    void what_turns_the_direction_of_text_is_refused(int codePoint) {
        assertRefused("secret" + Character.toString(codePoint) + "phone");
    }

    @Test
    void every_control_and_line_break_is_refused() {
        for (int c = 0; c < 0x20; c++) {
            assertRefused("secret" + (char) c);
        }
        for (int c = 0x7F; c < 0xA0; c++) {
            assertRefused("secret" + (char) c);
        }
        assertRefused("secret\u2028");
        assertRefused("secret\u2029");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "\udc00", "secret\ud83d", "\ude00secret", "a\ude00\ud83db"})
    void a_lone_surrogate_is_refused(String label) {
        assertRefused(label);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u00a0\u3000", "\u200b", "\ufeff", "\u3164", "\u2800", "\u200d\u200c"})
    void what_shows_nothing_is_refused(String label) {
        assertRefused(label);
    }

    @Test
    void it_has_at_most_64_code_points() {
        String longest = "\ud83d\ude00".repeat(64);

        assertThat(SessionLabel.require(longest)).isEqualTo(longest);
        assertThat(SessionLabel.require("x".repeat(64))).hasSize(64);
        assertRefused("x".repeat(65));
        assertRefused("\ud83d\ude00".repeat(64) + "x");
        assertRefused("x".repeat(128));
        assertRefused("x".repeat(1 << 20));
    }

    private static void assertRefused(String label) {
        assertThatThrownBy(() -> SessionLabel.require(label))
                .isInstanceOf(InvalidIdentifierException.class)
                .hasMessageStartingWith("label ")
                .message()
                .doesNotContain("secret", "xx");
    }
}
