package dev.curfew.token;

import static dev.curfew.token.TokenAssertions.isRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.curfew.jose.CompactForm;
import dev.curfew.jose.UnreadableTokenException;
import dev.curfew.jose.UnreadableTokenException.Flaw;
import dev.curfew.token.InvalidTokenException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TOK-01, TOK-02, TOK-03, TOK-29. */
class CompactFormTest {
    private final TokenVerifier verifier = TestIssuer.verifier();

    @Test
    void a_good_token_is_verified() {
        VerifiedToken token = verifier.verify(TestIssuer.token());

        assertThat(token.subject().orElseThrow().value()).isEqualTo("alice");
        assertThat(token.session().orElseThrow().handle().value()).isEqualTo("idp-session-1");
        assertThat(token.client().orElseThrow().value()).isEqualTo("web");
        assertThat(token.realm()).isEqualTo(TestIssuer.REALM);
        assertThat(token.sessionIdsAreOurs()).isFalse();
        assertThat(token.claims()).containsEntry("jti", "t-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"", "'", "{", "}", " ", "\t", "\n", "\r\n", "=", "+", "/", "\0", "é", "\uFEFF", "%", ",", "１"})
    void a_character_outside_base64url_is_refused_wherever_it_stands(String foreign) {
        String token = TestIssuer.token();
        int firstDot = token.indexOf('.');
        int secondDot = token.indexOf('.', firstDot + 1);
        for (int at : new int[] {0, 1, firstDot, firstDot + 1, secondDot, secondDot + 1, token.length()}) {
            isRefused(verifier, token.substring(0, at) + foreign + token.substring(at), Reason.MALFORMED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", "...", "a", "a.b", "aa.bb", "aa.bb.", ".aa.bb", "aa..bb", "aa.bb.cc.dd", "A.AA.AA"
            })
    void what_has_not_three_parts_is_refused(String text) {
        isRefused(verifier, text, Reason.MALFORMED);
    }

    @Test
    void the_five_parts_of_an_encrypted_token_are_refused() {
        isRefused(verifier, TestIssuer.token() + ".QUFB.QUFB", Reason.MALFORMED);
    }

    @Test
    void stray_trailing_bits_are_refused_in_each_part() {
        for (String spelling : Respellings.strayTrailingBits(TestIssuer.token())) {
            isRefused(verifier, spelling, Reason.MALFORMED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"AAB.AA.AA", "AA.AAC.AA", "AA.AA.AAD", "AB.AA.AA", "AA.AI.AA", "AA.AA.AP"})
    void stray_bits_are_refused_after_two_characters_and_after_three(String text) throws UnreadableTokenException {
        UnreadableTokenException refusal =
                catchThrowableOfType(UnreadableTokenException.class, () -> CompactForm.parse(text, 100));

        assertThat(refusal.flaw()).isEqualTo(Flaw.MALFORMED);
        assertThat(CompactForm.parse("AAE.AQ.AAAA", 100).signingInput()).isEqualTo("AAE.AQ");
    }

    @Test
    void a_text_of_exactly_the_longest_length_is_read_and_one_more_character_is_not() {
        String token = TestIssuer.token();
        TokenPolicyBuilder exact = TestIssuer.policy().maxTokenLength(token.length());
        TokenPolicyBuilder tooShort = TestIssuer.policy().maxTokenLength(token.length() - 1);

        assertThat(TestIssuer.verifier(exact).verify(token)).isNotNull();
        isRefused(TestIssuer.verifier(tooShort), token, Reason.TOO_LONG);
    }

    @Test
    void the_length_is_judged_before_anything_of_the_text() {
        isRefused(verifier, "!".repeat(16 * 1024 + 1), Reason.TOO_LONG);
        isRefused(verifier, "!".repeat(16 * 1024), Reason.MALFORMED);
    }
}
