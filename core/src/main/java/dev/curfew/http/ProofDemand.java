package dev.curfew.http;

import dev.curfew.token.ReauthenticationRequiredException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * What callers must have proven lately before they end other sessions. Immutable.
 *
 * @param max how long ago
 * @param acr the classes of which the proof must be one; any, if there is none
 * @param clock that is read for each call
 */
record ProofDemand(Duration max, List<String> acr, Clock clock) {
    ProofDemand {
        acr = List.copyOf(acr);
    }

    /** No round trip for who has proven it. Who is revoked is told that, and not to prove more in vain. */
    void require(Presented presented) throws Rejection {
        try {
            presented.caller().requireAuthenticatedWithin(max, clock.instant(), acr.toArray(String[]::new));
        } catch (ReauthenticationRequiredException demand) {
            presented.requireActive();
            throw Rejection.demanding(demand);
        }
    }
}
