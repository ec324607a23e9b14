package dev.curfew.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScopesTest {
    @Test
    void what_clients_ask_for_is_taken_and_copied() {
        Set<String> given = new HashSet<>(Set.of("openid", "https://example.com/mail.read", "a:b", "!#[]~"));
        Set<String> taken = Scopes.require(given);
        given.clear();

        assertThat(taken).containsExactlyInAnyOrder("openid", "https://example.com/mail.read", "a:b", "!#[]~");
        assertThatThrownBy(taken::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThat(Scopes.require(Set.of())).isEmpty();
    }

    /** RFC 6749 §3.3: {@code 1*( %x21 / %x23-5B / %x5D-7E )}. */
    @Test
    void of_all_characters_those_of_the_standard_are_taken() {
        Set<Integer> taken = IntStream.range(0, 0x10000)
                .filter(c -> isTaken(String.valueOf((char) c)))
                .boxed()
                .collect(Collectors.toSet());
        Set<Integer> standard = IntStream.rangeClosed(0x21, 0x7E)
                .filter(c -> c != 0x22 && c != 0x5C)
                .boxed()
                .collect(Collectors.toSet());

        assertThat(taken).isEqualTo(standard);
    }

    @Test
    void a_hundred_of_256_characters_are_taken_and_no_more() {
        assertThat(Scopes.require(scopes(100, 256))).hasSize(100);
        assertRefused(scopes(101, 3));
        assertRefused(scopes(1, 257));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "two words", "secret\ud800", "\udc00secret", "\u00e9", "\ud83d\ude00", "a\u0000", "a\n"})
    void anything_else_is_refused_without_showing_it(String scope) {
        assertRefused(Set.of("openid", scope));
    }

    @Test
    void a_megabyte_is_refused() {
        assertRefused(Set.of("x".repeat(1 << 20)));
    }

    private static void assertRefused(Set<String> scopes) {
        assertThatThrownBy(() -> Scopes.require(scopes))
                .isInstanceOf(InvalidIdentifierException.class)
                .hasMessageStartingWith("scope")
                .message()
                .doesNotContain("secret", "xxx");
    }

    private static boolean isTaken(String scope) {
        try {
            return Scopes.require(Set.of(scope)).contains(scope);
        } catch (InvalidIdentifierException refused) {
            return false;
        }
    }

    private static Set<String> scopes(int count, int length) {
        return IntStream.range(0, count)
                .mapToObj(i -> i + "x".repeat(length - String.valueOf(i).length()))
                .collect(Collectors.toSet());
    }
}
