package dev.curfew.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.curfew.token.InvalidTokenException.Reason;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What every refusal must be like, whatever its reason. */
final class Refusal {
    private Refusal() {}

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
