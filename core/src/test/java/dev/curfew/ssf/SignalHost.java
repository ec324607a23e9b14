package dev.curfew.ssf;

import dev.curfew.AdoptionResult;
import dev.curfew.SessionService;
import dev.curfew.Upstream;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.check.WatchedStore;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.contract.TestTokens.Draft;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A host that verifies the access tokens of one provider, and hears of its security events. */
final class SignalHost implements AutoCloseable {
    static final String CAEP = "https://schemas.openid.net/secevent/caep/event-type/";
    static final String RISC = "https://schemas.openid.net/secevent/risc/event-type/";
    static final String SSF = "https://schemas.openid.net/secevent/ssf/event-type/";

    private static final Realm REALM = Realm.of("op");

    /** What a listener was told. */
    record Told(String type, SignalListener.Why why) {}

    final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    final TestTokens provider = TestTokens.foreign(REALM, clock);
    final WatchedStore store = new WatchedStore(
            InMemorySessionStore.builder().ticker(clock.ticker()).build());
    final List<SessionEvent> events = new CopyOnWriteArrayList<>();
    final List<Told> told = new CopyOnWriteArrayList<>();
    final SessionService service = SessionService.builder()
            .store(store)
            .lifetimes(SessionLifetimes.aal2())
            .tokenPolicies(provider.policy())
            .clock(clock, clock.ticker())
            .authoritativeChecks()
            .withoutAuditLog()
            .listener(events::add)
            .eventExecutor(Runnable::run)
            .build();
    final SecurityEventReceiver receiver;
    final PushEndpoint endpoint;

    SignalHost() {
        this.receiver = receiver(builder -> builder);
        this.endpoint = PushEndpoint.of(receiver).build();
        clock.advance(Duration.ofMinutes(1));
        store.takeCalls();
    }

    SecurityEventReceiver receiver(UnaryOperator<SecurityEventReceiver.Builder> settings) {
        return receiver(settings, upstream -> upstream, provider.eventPolicy());
    }

    SecurityEventReceiver receiver(
            UnaryOperator<SecurityEventReceiver.Builder> settings,
            UnaryOperator<Upstream.Builder> upstream,
            EventTokenPolicy.Builder policy) {
        Upstream transmitter = upstream.apply(Upstream.of(REALM, issuer()).tokensCheckedHere(provider.policy()))
                .build();
        return settings.apply(
                        SecurityEventReceiver.of(service, transmitter, EventTokenVerifier.of(policy.build(), clock))
                                .listener((token, why) ->
                                        told.add(new Told(token.event().type(), why))))
                .build();
    }

    PushEndpoint endpoint(UnaryOperator<SecurityEventReceiver.Builder> settings) {
        return PushEndpoint.of(receiver(settings)).build();
    }

    String issuer() {
        return provider.policy().issuer();
    }

    Instant now() {
        return clock.instant();
    }

    /** A session that was revoked, by the opaque id of the transmitter's. */
    Draft sessionRevoked(String sid) {
        return event(CAEP + "session-revoked", Map.of("format", "opaque", "id", sid));
    }

    Draft event(String type, Map<String, ?> subject) {
        return event(type, Map.of(), subject);
    }

    Draft event(String type, Map<String, ?> members, Map<String, ?> subject) {
        return provider.event(type, members, subject);
    }

    Map<String, Object> person(String subject) {
        return Map.of("format", "iss_sub", "iss", issuer(), "sub", subject);
    }

    static Map<String, Object> opaque(String id) {
        return Map.of("format", "opaque", "id", id);
    }

    EndpointResponse push(Draft set) {
        return push(endpoint, set.compact());
    }

    static EndpointResponse push(PushEndpoint endpoint, String set) {
        return endpoint.answer(request(set).build());
    }

    static EndpointRequest.Builder request(String set) {
        return EndpointRequest.of("POST")
                .header("Content-Type", "application/secevent+jwt")
                .header("Accept", "application/json")
                .clientAddress("203.0.113.7")
                .body(set.getBytes(StandardCharsets.UTF_8));
    }

    VerifiedToken login(String subject, String sid) {
        return login(subject, sid, now());
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

    <E extends SessionEvent> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void close() {
        service.close();
    }
}
