package dev.curfew.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stores write for reasons and actors. */
class StoredCodesTest {
    @ParameterizedTest
    @CsvSource({
        "USER_LOGOUT, 1", "REVOKED_BY_USER, 2", "REVOKED_BY_ADMIN, 3", "REPLACED, 4", "LIMIT_EXCEEDED, 5",
        "CREDENTIAL_CHANGED, 6", "ACCOUNT_DISABLED, 7", "TOKEN_REUSE, 8", "BACKCHANNEL_LOGOUT, 9", "POLICY, 10",
        "KEY_COMPROMISED, 11", "STORE_CREATED, 12", "SUSPICIOUS_ACTIVITY, 13"
    })
    void reason_codes_never_change(RevocationReason reason, int code) {
        assertThat(reason.code()).isEqualTo(code);
        assertThat(RevocationReason.ofCode(code)).contains(reason);
    }

    @Test
    void every_reason_has_a_code_of_its_own() {
        assertThat(Arrays.stream(RevocationReason.values()).map(RevocationReason::code))
                .doesNotHaveDuplicates()
                .allMatch(code -> code >= 1 && code <= 127);
        assertThat(RevocationReason.ofCode(0)).isEmpty();
        assertThat(RevocationReason.ofCode(127)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"USER, 1", "ADMIN, 2", "POLICY, 3", "SYSTEM, 4"})
    void actor_codes_never_change(Actor.Kind kind, int code) {
        assertThat(kind.code()).isEqualTo(code);
        assertThat(Actor.Kind.ofCode(code)).contains(kind);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 5, 127})
    void an_actors_code_that_a_newer_version_wrote_is_nothing(int code) {
        assertThat(Actor.Kind.ofCode(code)).isEmpty();
    }

    @Test
    void actors_are_of_the_kind_that_their_factory_says() {
        assertThat(Actor.user()).isEqualTo(new Actor(Actor.Kind.USER, ""));
        assertThat(Actor.admin("root")).isEqualTo(new Actor(Actor.Kind.ADMIN, "root"));
        assertThat(Actor.policy("too-far")).isEqualTo(new Actor(Actor.Kind.POLICY, "too-far"));
        assertThat(Actor.system()).isEqualTo(new Actor(Actor.Kind.SYSTEM, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "a b", "a\n", "\u0000", "\u007f", "Zo\u00eb", "\ud83d\ude00"})
    void an_actors_reference_is_printable_ascii_only(String id) {
        assertThatThrownBy(() -> Actor.admin(id)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_actors_reference_has_at_most_64_characters() {
        assertThat(Actor.admin("x".repeat(64)).id()).hasSize(64);
        assertThatThrownBy(() -> Actor.admin("x".repeat(65))).isInstanceOf(IllegalArgumentException.class);
    }
}
