package dev.curfew.examples.server;

import dev.curfew.SessionService;
import dev.curfew.http.SessionEndpoints;
import dev.curfew.memory.InMemoryRateLimiter;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.refresh.RetryRule;
import dev.curfew.session.ClientId;
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

    /** How long a session lasts. */
    static final SessionLifetimes USUAL = SessionLifetimes.aal2();

    /** … of somebody who wants to be remembered on the device. */
    static final SessionLifetimes REMEMBERED = SessionLifetimes.aal1();

    private static final Duration TABS = Duration.ofSeconds(10);
    private static final int MAX_DEVICES = 1_000;
    private static final int CALLS_A_MINUTE = 600;

    private final SessionNews news = new SessionNews();
    private final SessionService sessions;
    private final SessionEndpoints endpoints;

    CurfewSetup(DemoStorage storage, TokenIssuer issuer, Clock clock, String... origins) {
        SessionStore store = storage.store();
        DemoKey key = storage.key();
        // What a token must be. The issuer writes our session ids into "sid", so they are OURS.
        TokenPolicy policy = TokenPolicy.forIssuer(REALM, TokenIssuer.ISSUER)
                .keys(TokenKeys.ofSecret("demo-key", issuer.secret()))
                .audience(TokenIssuer.AUDIENCE)
                .sessionIds(SessionIds.OURS)
                .maxTokenLifetime(TokenIssuer.LIFETIME)
                .build();

        // Where sessions and revocations are kept, whether encrypted, and how long they last.
        this.sessions = key.decide(SessionService.builder().store(store))
                .lifetimes(REMEMBERED)
                .refreshTokens(refreshPolicy(store.keepsInProcess() || key.isThere()))
                .tokenPolicies(policy)
                .listener(news)
                .sessionLimit(SessionLimit.endOldestBeyond(MAX_DEVICES))
                .clock(clock)
                .build();

        // Logout, refresh, the list of sessions and ending them, with the answers that go with each.
        this.endpoints = SessionEndpoints.builder()
                .service(sessions)
                .verifier(TokenVerifier.builder(policy).clock(clock).build())
                // A session token may come in a cookie of its own, in place of an access token.
                .sessionTokens(REALM)
                .credentialCookie(DemoCookies.SESSION)
                // With TLS browsers say by themselves that a page is of this very origin.
                .allowedOrigins(origins)
                .refresh((session, scopes, sender, notAfter) -> issuer.issue(session, notAfter), DemoCookies.REFRESH)
                .refreshClient(new ClientId(REALM, TokenIssuer.CLIENT))
                .rateLimiter(InMemoryRateLimiter.of(CALLS_A_MINUTE, Duration.ofMinutes(1)))
                .clock(clock)
                .build();
    }

    /** All tabs of a browser share a cookie. To answer a repeated attempt needs a store that keeps secrets. */
    private static RefreshPolicy refreshPolicy(boolean keepsSecrets) {
        RefreshPolicy policy = RefreshPolicy.withoutKey(RetryRule.siblings(TABS));
        return policy.withKey(keepsSecrets ? RetryRule.sameAttempt().orSiblings(TABS) : RetryRule.siblings(TABS));
    }

    SessionService sessions() {
        return sessions;
    }

    SessionNews news() {
        return news;
    }

    SessionEndpoints endpoints() {
        return endpoints;
    }
}
