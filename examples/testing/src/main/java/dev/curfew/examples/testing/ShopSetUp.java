package dev.curfew.examples.testing;

import dev.curfew.SessionService;
import dev.curfew.event.SessionEventListener;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SessionLimit;
import dev.curfew.store.SessionStore;
import dev.curfew.token.TokenPolicy;
import java.time.Clock;

/** What the host decides about its sessions. */
public final class ShopSetUp {
    private ShopSetUp() {}

    /** The service, over whatever store and clock. */
    public static SessionService sessions(
            SessionStore store, TokenPolicy policy, Clock clock, SessionEventListener mails) {
        return SessionService.builder()
                .store(store)
                .tokenPolicies(policy)
                .lifetimes(SessionLifetimes.aal1())
                .sessionLimit(SessionLimit.endOldestBeyond(3))
                .listener(mails)
                .clock(clock)
                .build();
    }
}
