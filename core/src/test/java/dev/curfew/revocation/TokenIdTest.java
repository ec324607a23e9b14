package dev.curfew.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.Realm;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** REV-01, REV-03, REV-05. */
class TokenIdTest {
    private static final Realm REALM = Realm.of("tenant");

    /** Frozen, and computed by another program: stores keep these keys. */
    @Test
    void keys_of_known_tokens_never_change() {
        assertThat(TokenId.ofJti("jti-1").key(REALM)).hasToString("30966dbc49154db981ff2f434e2c2c1d");
        assertThat(TokenId.ofSigningInput("e30.e30").key(REALM)).hasToString("17c894f3b8f73446b0b17ea23cc43631");
        assertThat(RevocationTarget.signingKey("thumb").key()).hasToString("e1df47bb245079748ae6d8f589a6c8bd");
    }

    @Test
    void a_jti_that_looks_like_a_hash_of_a_signing_input_is_another_token() {
        String hash = "e75e2f1bd181b1b0e32a20fa939f3f8a831a02658411db5e21f3b88082f594d6";

        assertThat(TokenId.ofJti(hash).key(REALM))
                .isNotEqualTo(TokenId.ofSigningInput("e30.e30").key(REALM));
        assertThat(TokenId.ofJti(hash)).isNotEqualTo(TokenId.ofSigningInput("e30.e30"));
    }

    @Test
    void keys_of_other_tokens_or_realms_differ() {
        Realm other = Realm.of("tenan");
        assertThat(Stream.of(
                        TokenId.ofJti("jti-1").key(REALM),
                        TokenId.ofJti("JTI-1").key(REALM),
                        TokenId.ofJti("jti-1 ").key(REALM),
                        TokenId.ofJti("jti-1").key(other),
                        TokenId.ofJti("tjti-1").key(other),
                        TokenId.ofSigningInput("jti-1").key(REALM),
                        TokenId.ofSigningInput("e30.e30").key(REALM),
                        TokenId.ofSigningInput("e30.e31").key(REALM),
                        TokenId.ofSigningInput("e30.e30").key(other)))
                .doesNotHaveDuplicates();
    }

    @Test
    void ids_are_equal_by_kind_and_value() {
        assertThat(TokenId.ofJti("x")).isEqualTo(TokenId.ofJti("x")).hasSameHashCodeAs(TokenId.ofJti("x"));
        assertThat(TokenId.ofSigningInput("x")).isEqualTo(TokenId.ofSigningInput("x"));
        assertThat(TokenId.ofJti("x")).isNotEqualTo(TokenId.ofJti("y"));
    }

    @Test
    void of_jti_empty_is_refused() {
        assertThatThrownBy(() -> TokenId.ofJti("")).isInstanceOf(InvalidIdentifierException.class);
    }

    /** Else it becomes '?' in UTF-8, and two tokens are one. */
    @Test
    void of_jti_a_lone_surrogate_is_refused() {
        assertThat(TokenId.ofJti("\ud83d\ude00?").key(REALM)).isNotNull();

        assertThatThrownBy(() -> TokenId.ofJti("jti-\ud800")).isInstanceOf(InvalidIdentifierException.class);
    }
}
