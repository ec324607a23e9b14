package dev.curfew.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.curfew.token.InvalidTokenException.Reason;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Asserts that tokens are refused, and that refusals say no more than they may. */
final class TokenAssertions {
    private TokenAssertions() {}

    static void isRefused(TokenVerifier verifier, String compact, Reason reason) {
        isRefused(() -> verifier.verify(compact), reason);
        isRefused(() -> verifier.verifyForLogout(compact), reason);
    }

    static void isRefused(ThrowingCallable call, Reason reason) {
        InvalidTokenException refusal = catchThrowableOfType(InvalidTokenException.class, call);
        assertThat(refusal).as("nothing refused it").isNotNull();
        assertThat(refusal.reason()).as(refusal.getMessage()).isEqualTo(reason);
        assertThat(refusal.isRetryable()).isFalse();
        assertThat(refusal.getCause()).isNull();
    }
}
