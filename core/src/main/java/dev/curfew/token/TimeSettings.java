package dev.curfew.token;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a host said about the instants of tokens, until it is {@link TokenRules.Times}. Confined to one thread. */
final class TimeSettings {
    BeganAt beganAt = BeganAt.AUTHENTICATED_AT;
    Duration skew = Duration.ofSeconds(10);

    @Nullable
    Duration maxTokenLifetime;

    TokenRules.Times build(String issuer) {
        if (maxTokenLifetime == null) {
            throw TokenPolicyBuilder.missing(issuer, "maxTokenLifetime(Duration): how long its tokens live at most");
        }
        return new TokenRules.Times(beganAt, maxTokenLifetime, skew);
    }
}
