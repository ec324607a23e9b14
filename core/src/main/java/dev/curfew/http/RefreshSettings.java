package dev.curfew.http;

import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.refresh.RetryRule;
import dev.curfew.session.ClientId;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a host has said about refreshes. Confined to one thread. */
final class RefreshSettings {
    @Nullable
    AccessTokenIssuer issuer;

    @Nullable
    RefreshCookie cookie;

    Function<EndpointRequest, Optional<ClientId>> client = request -> Optional.empty();

    /** Several tabs of a browser share a cookie and refresh at once. */
    static void requireSiblings(RefreshPolicy policy) {
        requireSiblings("RefreshPolicy.withoutKey", policy.keyless(), "siblings(PT10S)");
        requireSiblings("RefreshPolicy.withKey", policy.keyed(), "sameAttempt().orSiblings(PT10S)");
    }

    private static void requireSiblings(String setting, RetryRule rule, String wanted) {
        // Also of anyHolder(...), which does not answer a tab that sends a key for one that sent none.
        if (rule.tolerance().compareTo(RetryRule.LONGEST_TOLERANCE) < 0) {
            throw new IllegalStateException("a refresh cookie is shared by the tabs of a browser: " + setting
                    + "(...) tolerates siblings for " + rule.tolerance() + ", and must for "
                    + RetryRule.LONGEST_TOLERANCE + ", for example by " + wanted);
        }
    }
}
