package dev.curfew.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvidenceTest {
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");

    @Test
    void what_a_session_keeps_is_the_same_to_the_millisecond() {
        Evidence evidence = new Evidence(AT.plusNanos(999_999), Optional.of("urn:example:loa 2"), Set.of("pwd", "otp"));

        assertThat(evidence.requireStorable()).isEqualTo(new Evidence(AT, evidence.acr(), evidence.amr()));
        assertThat(Evidence.at(AT).requireStorable()).isEqualTo(new Evidence(AT, Optional.empty(), Set.of()));
    }

    @Test
    void a_session_keeps_32_methods_and_256_characters_of_each() {
        Evidence most = new Evidence(AT, Optional.of("\u20ac".repeat(256)), methods(32));

        assertThat(most.requireStorable()).isEqualTo(most);
        assertRefused(new Evidence(AT, Optional.empty(), methods(33)), "amr");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret\ud800", "\udc00secret"})
    void empty_and_ill_formed_texts_are_not_kept(String text) {
        assertRefused(new Evidence(AT, Optional.of(text), Set.of()), "acr");
        assertRefused(new Evidence(AT, Optional.empty(), Set.of("pwd", text)), "amr");
    }

    @ParameterizedTest
    @ValueSource(ints = {257, 1 << 20})
    void long_texts_are_not_kept(int length) {
        assertRefused(new Evidence(AT, Optional.of("x".repeat(length)), Set.of()), "acr");
        assertRefused(new Evidence(AT, Optional.empty(), Set.of("x".repeat(length))), "amr");
    }

    @Test
    void an_instant_that_has_no_milliseconds_is_not_kept() {
        assertRefused(Evidence.at(Instant.MAX), "instant");
        assertRefused(Evidence.at(Instant.MIN), "instant");
    }

    private static void assertRefused(Evidence evidence, String name) {
        assertThatThrownBy(evidence::requireStorable)
                .isInstanceOf(InvalidIdentifierException.class)
                .hasMessageStartingWith(name)
                .message()
                .doesNotContain("secret", "xx");
    }

    private static Set<String> methods(int count) {
        return IntStream.range(0, count).mapToObj(i -> "m" + i).collect(Collectors.toSet());
    }
}
