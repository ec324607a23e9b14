package dev.curfew.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
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
    void anEmptyTextIsRefused(Function<String, String> identifier) {
        assertRefused(identifier, "");
    }

    @ParameterizedTest
    @MethodSource("identifiers")
    void aLoneSurrogateIsRefused(Function<String, String> identifier) {
        assertRefused(identifier, "\ud800");
        assertRefused(identifier, "\udc00");
        assertRefused(identifier, "secret\ud83d");
        assertRefused(identifier, "\ude00secret");
        assertRefused(identifier, "a\ude00\ud83db");
    }

    @ParameterizedTest
    @MethodSource("identifiers")
    void aTextIsTakenUpTo16384UnitsAndNoLonger(Function<String, String> identifier) {
        String longest = "x".repeat(16_384);

        assertThat(identifier.apply(longest)).isEqualTo(longest);
        assertRefused(identifier, longest + "x");
        assertRefused(identifier, "\ud83d\ude00".repeat(8_193));
    }

    @ParameterizedTest
    @MethodSource("identifiers")
    void oddButWellFormedTextsAreKeptAsTheyAre(Function<String, String> identifier) {
        for (String text : new String[] {
            "\u0000", "a\u0000b", " ", "\t\n", "\u202e", "\ufeff", "\uffff", "\ud83d\ude00", "' OR 1=1"
        }) {
            assertThat(identifier.apply(text)).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @MethodSource("identifiers")
    void nothingIsRefusedByItsName(Function<String, String> identifier) {
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
