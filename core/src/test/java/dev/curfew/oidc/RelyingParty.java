package dev.curfew.oidc;

import dev.curfew.AdoptionResult;
import dev.curfew.SessionService;
import dev.curfew.SessionServiceBuilder;
import dev.curfew.Upstream;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.check.WatchedStore;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.event.SessionEvent;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.token.EventTokenPolicy;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.VerifiedToken;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A host that verifies the access tokens of one provider, and hears of its logouts. */
final class RelyingParty implements AutoCloseable {
    private static final Realm REALM = Realm.of("op");

    final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    final TestTokens provider = TestTokens.foreign(REALM, clock);
    final WatchedStore store = new WatchedStore(
            InMemorySessionStore.builder().ticker(clock.ticker()).build());
    final List<SessionEvent> events = new CopyOnWriteArrayList<>();
    final Upstream upstream = upstream(builder -> builder);
    final SessionService service;
    final BackChannelLogoutEndpoint endpoint;

    RelyingParty(UnaryOperator<SessionServiceBuilder> settings) {
        this.service = settings.apply(SessionService.builder()
                        .store(store)
                        .lifetimes(SessionLifetimes.aal2())
                        .tokenPolicies(provider.policy())
                        .clock(clock, clock.ticker())
                        .authoritativeChecks()
                        .withoutAuditLog()
                        .listener(events::add)
                        .eventExecutor(Runnable::run))
                .build();
        this.endpoint = endpoint(builder -> builder, provider.logoutPolicy());
        clock.advance(Duration.ofMinutes(1));
        store.takeCalls();
    }

    static RelyingParty start() {
        return new RelyingParty(builder -> builder);
    }

    Upstream upstream(UnaryOperator<Upstream.Builder> settings) {
        return settings.apply(Upstream.of(REALM, provider.policy().issuer()).tokensCheckedHere(provider.policy()))
                .build();
    }

    BackChannelLogoutEndpoint endpoint(
            UnaryOperator<BackChannelLogoutEndpoint.Builder> settings, EventTokenPolicy.Builder policy) {
        return endpoint(settings, policy, upstream);
    }

    BackChannelLogoutEndpoint endpoint(
            UnaryOperator<BackChannelLogoutEndpoint.Builder> settings,
            EventTokenPolicy.Builder policy,
            Upstream ofLogouts) {
        return settings.apply(
                        BackChannelLogoutEndpoint.of(service, ofLogouts, EventTokenVerifier.of(policy.build(), clock)))
                .build();
    }

    Instant now() {
        return clock.instant();
    }

    TestTokens.Draft logout() {
        return provider.logout();
    }

    EndpointResponse post(TestTokens.Draft logoutToken) {
        return post(endpoint, logoutToken.compact());
    }

    static EndpointResponse post(BackChannelLogoutEndpoint endpoint, String logoutToken) {
        return endpoint.answer(form("logout_token=" + encoded(logoutToken)));
    }

    static EndpointRequest form(String body) {
        return EndpointRequest.of("POST")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .clientAddress("203.0.113.7")
                .body(body.getBytes(StandardCharsets.UTF_8))
                .build();
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    VerifiedToken login(String subject, String sid, Instant authTime) {
        return provider.draft(subject)
                .with("sid", sid)
                .authenticatedAt(authTime)
                .verified();
    }

    boolean adopts(VerifiedToken token) {
        return service.adopt(token, DeviceInfo.unknown()) instanceof AdoptionResult.Adopted;
    }

    boolean isActive(VerifiedToken token) {
        return service.checker().check(token).outcome() == Outcome.ACTIVE;
    }

    @Override
    public void close() {
        service.close();
    }
}
