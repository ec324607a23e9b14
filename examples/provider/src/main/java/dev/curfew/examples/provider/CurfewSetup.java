package dev.curfew.examples.provider;

import dev.curfew.SessionService;
import dev.curfew.http.SessionCookie;
import dev.curfew.http.SessionEndpoints;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.oauth.IntrospectionEndpoint;
import dev.curfew.oauth.PresentedTokens;
import dev.curfew.oauth.RefreshEndpoint;
import dev.curfew.oauth.TokenRevocationEndpoint;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.refresh.RetryRule;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.token.SessionIds;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.TokenVerifier;
import java.net.URI;
import java.time.Duration;

/** What the provider decides about Curfew, and the endpoints that come of it. Thread-safe. */
final class CurfewSetup implements AutoCloseable {
    static final Realm REALM = Realm.of("sso");

    /** The sign-on of a browser. With TLS it is named {@code __Host-sso}, without {@code allowWithoutTls()}. */
    static final SessionCookie COOKIE =
            SessionCookie.named("sso-session").allowWithoutTls().build();

    final SessionService sessions;

    /** Who is signed in here, and the way out. */
    final SessionEndpoints here;

    final TokenRevocationEndpoint revocation;
    final IntrospectionEndpoint introspection;
    final RefreshEndpoint refresh;

    CurfewSetup(URI issuer, RelyingParties parties, Tokens tokens) {
        TokenPolicy accessTokens = TokenPolicy.forIssuer(REALM, issuer.toString())
                .keys(TokenKeys.ofJwkSet(tokens.jwkSet()))
                .audience(Tokens.AUDIENCE)
                .sessionIds(SessionIds.OURS)
                .maxTokenLifetime(Tokens.LIFETIME)
                .build();
        TokenVerifier verifier = TokenVerifier.of(accessTokens);
        this.sessions = SessionService.builder()
                .store(InMemorySessionStore.create())
                .lifetimes(SessionLifetimes.aal2())
                .tokenPolicies(accessTokens)
                // Clients' libraries send no attempt keys: who is a moment late is told to wait, and not signed out.
                .refreshTokens(RefreshPolicy.withoutKey(RetryRule.siblings(Duration.ofSeconds(10))))
                .build();
        this.here = SessionEndpoints.builder()
                .service(sessions)
                .sessionTokens(REALM)
                .credentialCookie(COOKIE)
                .allowedOrigins(issuer.toString())
                .build();
        PresentedTokens presented = PresentedTokens.verifiedBy(verifier);
        this.revocation = TokenRevocationEndpoint.of(sessions, parties.authenticator(), presented)
                .build();
        this.introspection = IntrospectionEndpoint.of(sessions, parties.authenticator(), presented)
                .build();
        this.refresh = RefreshEndpoint.of(sessions, parties.authenticator(), tokens::issue)
                .build();
    }

    @Override
    public void close() {
        sessions.close();
    }
}
