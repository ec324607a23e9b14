package dev.curfew.examples.server;

import dev.curfew.SessionService;
import dev.curfew.http.SessionEndpoints;
import dev.curfew.memory.InMemoryRateLimiter;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SessionLimit;
import dev.curfew.store.SessionStore;
import dev.curfew.token.SessionIds;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.TokenVerifier;
import java.time.Clock;
import java.time.Duration;

/** All that a host has to decide about Curfew, in one place. Thread-safe. */
final class CurfewSetup {
    /** The namespace of all ids; a host with several tenants has one for each. */
    static final Realm REALM = Realm.of("demo");

    private static final int MAX_DEVICES = 1_000;
    private static final int CALLS_A_MINUTE = 600;

    private final SessionService sessions;
    private final SessionEndpoints endpoints;

    CurfewSetup(SessionStore store, DemoKey key, TokenIssuer issuer, Clock clock) {
        // What a token must be. The issuer writes our session ids into "sid", so they are OURS.
        TokenPolicy policy = TokenPolicy.forIssuer(REALM, TokenIssuer.ISSUER)
                .keys(TokenKeys.ofSecret("demo-key", issuer.secret()))
                .audience(TokenIssuer.AUDIENCE)
                .sessionIds(SessionIds.OURS)
                .maxTokenLifetime(TokenIssuer.LIFETIME)
                .build();

        // Where sessions and revocations are kept, whether encrypted, and how long they last.
        this.sessions = key.decide(SessionService.builder().store(store))
                .lifetimes(SessionLifetimes.aal2())
                .tokenPolicies(policy)
                .sessionLimit(SessionLimit.endOldestBeyond(MAX_DEVICES))
                .clock(clock)
                .build();

        // Logout, the list of sessions and ending them, with the answers that go with each.
        this.endpoints = SessionEndpoints.builder()
                .service(sessions)
                .verifier(TokenVerifier.builder(policy).clock(clock).build())
                .rateLimiter(InMemoryRateLimiter.of(CALLS_A_MINUTE, Duration.ofMinutes(1)))
                .clock(clock)
                .build();
    }

    SessionService sessions() {
        return sessions;
    }

    SessionEndpoints endpoints() {
        return endpoints;
    }
}
