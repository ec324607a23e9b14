package dev.curfew.token;

import static dev.curfew.token.TokenAssertions.isRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.token.InvalidTokenException.Reason;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerifiedTokenCacheTest {
    private final SettableClock clock = new SettableClock(TestIssuer.NOW);
    private final TokenVerifier verifier = TokenVerifier.builder(
                    TestIssuer.policy(TokenKeys.ofPublicKey(TestIssuer.P256.getPublic()))
                            .build())
            .clock(clock)
            .cache(100)
            .build();

    private static String token(Map<String, Object> claims) {
        return TestIssuer.token("ES256", "at+jwt", claims);
    }

    @Test
    void the_second_time_the_same_facts_are_answered_without_verifying() {
        String token = token(TestIssuer.claims());

        VerifiedToken first = verifier.verify(token);
        VerifiedToken second = verifier.verify(token);

        assertThat(second.facts()).isSameAs(first.facts());
    }

    @Test
    void without_the_cache_each_call_verifies() {
        TokenVerifier uncached = TokenVerifier.builder(TestIssuer.policy().build())
                .clock(clock)
                .cache(0)
                .build();

        assertThat(uncached.verify(TestIssuer.token()).facts())
                .isNotSameAs(uncached.verify(TestIssuer.token()).facts());
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> TokenVerifier.builder(TestIssuer.policy().build()).cache(-1));
    }

    @Test
    void a_remembered_token_expires_when_it_says() {
        String token = token(TestIssuer.claims());
        verifier.verify(token);

        clock.set(TestIssuer.NOW.plusSeconds(540 + 10));

        isRefused(() -> verifier.verify(token), Reason.EXPIRED);
        assertThat(verifier.verifyForLogout(token)).isInstanceOf(ExpiredToken.class);
    }

    @Test
    void a_remembered_token_is_not_yet_valid_when_the_clock_is_put_back() {
        String token = token(TestIssuer.claimsWith("nbf", TestIssuer.NOW.getEpochSecond()));
        verifier.verify(token);

        clock.advance(Duration.ofSeconds(-11));

        isRefused(() -> verifier.verify(token), Reason.NOT_YET_VALID);
    }

    @Test
    void a_text_of_other_characters_with_the_same_lower_bytes_is_not_the_token_that_is_remembered() {
        String token = token(TestIssuer.claims());
        verifier.verify(token);

        for (int at = 0; at < token.length(); at++) {
            for (int high : new int[] {0x80, 0x100, 0x2000, 0xD800, 0xFF00}) {
                String other = token.substring(0, at) + (char) (token.charAt(at) | high) + token.substring(at + 1);
                isRefused(verifier, other, Reason.MALFORMED);
            }
        }
    }

    @Test
    void another_signature_over_the_same_text_is_verified_by_itself() {
        String token = token(TestIssuer.claims());
        verifier.verify(token);
        String forged = token.substring(0, token.lastIndexOf('.') + 1) + TestIssuer.base64(new byte[64]);

        isRefused(verifier, forged, Reason.SIGNATURE);
        for (String spelling : Respellings.strayTrailingBits(token)) {
            isRefused(verifier, spelling, Reason.MALFORMED);
        }
    }

    @Test
    void a_token_refused_once_is_judged_anew() {
        String token = token(TestIssuer.claimsWith("nbf", TestIssuer.NOW.getEpochSecond() + 60));
        isRefused(verifier, token, Reason.NOT_YET_VALID);

        clock.advance(Duration.ofSeconds(60));

        assertThat(verifier.verify(token)).isNotNull();
    }
}
