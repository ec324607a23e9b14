package dev.curfew.token;

import dev.curfew.session.CurfewException;
import java.time.Duration;
import java.util.List;

/** The person has to prove who they are once more, or by other means (RFC 9470). */
public final class ReauthenticationRequiredException extends CurfewException {
    private static final long serialVersionUID = 1L;

    private final Duration maxAge;
    private final String[] acrValues;

    ReauthenticationRequiredException(Duration maxAge, List<String> acrValues) {
        super(
                "this needs a proof of who calls that is at most " + maxAge.toSeconds() + " s old"
                        + (acrValues.isEmpty() ? "" : ", by one of " + acrValues),
                null);
        this.maxAge = maxAge;
        this.acrValues = acrValues.toArray(String[]::new);
    }

    /** {@return how old the proof may be: {@code max_age} of the challenge, in seconds} */
    public Duration maxAge() {
        return maxAge;
    }

    /** {@return the classes of which one is demanded: {@code acr_values} of the challenge; empty if any will do} */
    public List<String> acrValues() {
        return List.of(acrValues);
    }
}
