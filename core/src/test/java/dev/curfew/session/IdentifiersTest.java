package dev.curfew.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Realms, subjects, clients and foreign session ids take the same texts. */
class IdentifiersTest {
    private static final Realm REALM = Realm.of("tenant");

    static Stream<Named<Function<String, String>>> identifiers() {
        return Stream.of(
                Named.of("realm", text -> Realm.of(text).name()),
                Named.of("subject", text -> new SubjectId(REALM, text).value()),
                Named.of("client", text -> new ClientId(REALM, text).value()),
                Named.of("foreign session", text -> new ForeignSessionId(text).value()));
    }

    @ParameterizedTest
    @MethodSource("identifiers")
    void an_empty_text_is_refused(Function<String, String> identifier) {
        assertRefused(identifier, "");
    }

    @ParameterizedTest
    @MethodSource("identifiers")
    void a_lone_surrogate_is_refused(Function<String, String> identifier) {
        assertRefused(identifier, "\ud800");
        assertRefused(identifier, "\udc00");
        assertRefused(identifier, "secret\ud83d");
        assertRefused(identifier, "\ude00secret");
        assertRefused(identifier, "a\ude00\ud83db");
    }

    @ParameterizedTest
    @MethodSource("identifiers")
    void a_text_is_taken_up_to_16384_units_and_no_longer(Function<String, String> identifier) {
        String longest = "x".repeat(16_384);

        assertThat(identifier.apply(longest)).isEqualTo(longest);
        assertRefused(identifier, longest + "x");
        assertRefused(identifier, "\ud83d\ude00".repeat(8_193));
    }

    @ParameterizedTest
    @MethodSource("identifiers")
    void odd_but_well_formed_texts_are_kept_as_they_are(Function<String, String> identifier) {
        for (String text : new String[] {
            "a\u0000b", "a b", "a\u200bb", "\uffff", "\ud83d\ude00", "\u2764\ufe0f", "\u05d0", "' OR 1=1"
        }) {
            assertThat(identifier.apply(text)).isEqualTo(text);
        }
    }

    @Test
    void what_callers_bring_is_kept_with_its_blanks() {
        for (String text : new String[] {"\u0000", " ", "\t\n", "\u202e", "\ufeff", " alice", "alice\u00a0"}) {
            assertThat(new SubjectId(REALM, text).value()).isEqualTo(text);
            assertThat(new ClientId(REALM, text).value()).isEqualTo(text);
            assertThat(new ForeignSessionId(text).value()).isEqualTo(text);
        }
    }

    /**
     * Every code point that Unicode calls white space, a separator, a control or a format character, and some that show
     * nothing.
     */
    @Test
    void the_name_of_a_realm_neither_begins_nor_ends_with_a_blank() {
        List<Integer> blanks = IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .filter(c -> switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SPACE_SEPARATOR,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> true;
                    default -> false;
                })
                .boxed()
                .collect(Collectors.toCollection(ArrayList::new));
        blanks.addAll(List.of(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0));
        assertThat(blanks)
                .hasSizeGreaterThan(200)
                .contains(0x09, 0x20, 0x7F, 0x85, 0xA0, 0xAD, 0x2028, 0x202E, 0x3000, 0xFEFF);

        for (int blank : blanks) {
            String text = Character.toString(blank);
            for (String name : List.of(text, text + "tenant", "tenant" + text, text + text)) {
                assertThatThrownBy(() -> Realm.of(name))
                        .isInstanceOf(InvalidIdentifierException.class)
                        .hasMessageStartingWith("realm ")
                        .hasMessageContaining(String.format("U+%04X", blank))
                        .message()
                        .doesNotContain("tenant");
            }
            assertThat(Realm.of("ten" + text + "ant").name()).isEqualTo("ten" + text + "ant");
        }
    }

    @ParameterizedTest
    @MethodSource("identifiers")
    void nothing_is_refused_by_its_name(Function<String, String> identifier) {
        assertThatThrownBy(() -> identifier.apply(null)).isInstanceOf(NullPointerException.class);
    }

    private static void assertRefused(Function<String, String> identifier, String text) {
        assertThatThrownBy(() -> identifier.apply(text))
                .isInstanceOf(InvalidIdentifierException.class)
                .hasNoCause()
                .message()
                .doesNotContain("secret", "xx");
    }
}
