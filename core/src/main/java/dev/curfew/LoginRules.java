package dev.curfew;

import dev.curfew.refresh.RefreshBinding;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.refresh.RetryRule;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.SessionLifetimes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a login may ask for, by the settings of its service. Immutable.
 *
 * @param longest what a session may last
 * @param lastSeenInterval how often it is written at most that a session is in use
 * @param refresh how refresh tokens are exchanged, or null if there are none
 * @param keepsSecrets whether the salt of a successor may stand in the store
 */
record LoginRules(
        SessionLifetimes longest,
        Duration lastSeenInterval,
        @Nullable RefreshPolicy refresh,
        boolean keepsSecrets) {
    private static final int SIGNS_OF_LIFE = 4;

    SessionLifetimes requireShorter(SessionLifetimes lifetimes) {
        requireSeen(lifetimes);
        return lifetimes.requireWithin(longest);
    }

    /** A session that is in use must not be idle by mistake: signs of life are written only once in a while. */
    void requireSeen(SessionLifetimes lifetimes) {
        if (lastSeenInterval.multipliedBy(SIGNS_OF_LIFE).compareTo(lifetimes.idle()) > 0) {
            throw new IllegalArgumentException("lifetimes.idle " + lifetimes.idle() + " must be at least "
                    + SIGNS_OF_LIFE + " times lastSeenEvery " + lastSeenInterval
                    + ": signs of life are written only so often; lower lastSeenEvery(...) or raise the idle time");
        }
    }

    /** What was asked for elsewhere, by other settings. */
    void requireAllowed(LoginTerms terms) {
        if (terms.lifetimes() != null) {
            requireShorter(terms.lifetimes());
        }
        if (terms.credential() == CredentialKind.REFRESH_TOKEN) {
            requireRefresh(terms.binding());
        }
    }

    void requireRefresh(RefreshBinding binding) {
        if (refresh == null) {
            throw new IllegalStateException("withRefreshToken(...) needs SessionServiceBuilder.refreshTokens(...)");
        }
        binding.retry().ifPresent(this::requireStorable);
    }

    /** Whoever reads a salt and has an old token could derive the new one. */
    void requireStorable(RetryRule rule) {
        if (rule.keepsSuccessor() && !keepsSecrets) {
            throw new IllegalStateException("the retry rule " + rule + " answers the successor again, and so"
                    + " needs encryption(...) for a store outside of the process; or take strict() or siblings(...)");
        }
    }
}
