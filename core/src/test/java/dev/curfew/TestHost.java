package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.check.WatchedStore;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.event.SessionEvent;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ListQuery;
import dev.curfew.token.VerifiedToken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A host application in small: a service over a real store, a clock that stands still, an issuer, and all events. */
final class TestHost {
    static final Instant BIRTH = Instant.parse("2026-03-01T12:00:00Z");
    static final Realm REALM = Realm.of("shop");
    static final Realm PARTNER = Realm.of("partner");
    static final Realm SIBLING = Realm.of("shop2");
    static final Duration NODE_SKEW = Duration.ofSeconds(2);
    static final SessionLifetimes LIFETIMES = SessionLifetimes.aal2();
    static final RevocationCause BY_ADMIN = RevocationCause.byAdmin(RevocationReason.REVOKED_BY_ADMIN, "admin-7");

    final ManualClock clock = ManualClock.at(BIRTH);
    final WatchedStore store;
    final TestTokens tokens = TestTokens.ours(REALM, clock);
    final TestTokens partner = TestTokens.foreign(PARTNER, clock);
    final TestTokens sibling = TestTokens.ours(SIBLING, clock);
    final List<SessionEvent> events = new CopyOnWriteArrayList<>();
    final SessionService service;
    final SubjectId alice = tokens.subject("alice");
    final SubjectId bob = tokens.subject("bob");

    private TestHost(Function<ManualClock, InMemorySessionStore> real, UnaryOperator<SessionServiceBuilder> settings) {
        this.store = new WatchedStore(real.apply(clock));
        this.service = node(clock, settings);
        clock.advance(Duration.ofMinutes(1));
        store.takeCalls();
    }

    /** A host whose store was opened a minute ago. */
    static TestHost start() {
        return start(builder -> builder);
    }

    static TestHost start(UnaryOperator<SessionServiceBuilder> settings) {
        return new TestHost(
                clock -> InMemorySessionStore.builder().ticker(clock.ticker()).build(), settings);
    }

    static TestHost over(InMemorySessionStore.Builder real) {
        return new TestHost(clock -> real.ticker(clock.ticker()).build(), builder -> builder);
    }

    static TestHost over(InMemorySessionStore real) {
        return new TestHost(clock -> real, builder -> builder);
    }

    /** Another node over the same store, which tells the same listener. */
    SessionService node(Clock clockOfNode, UnaryOperator<SessionServiceBuilder> settings) {
        SessionServiceBuilder builder = SessionService.builder()
                .store(store)
                .lifetimes(LIFETIMES)
                .tokenPolicies(tokens.policy(), partner.policy(), sibling.policy())
                .clock(clockOfNode, clock.ticker())
                .authoritativeChecks()
                .withoutAuditLog()
                .listener(events::add)
                .eventExecutor(Runnable::run);
        return settings.apply(builder).build();
    }

    Instant now() {
        return clock.instant();
    }

    Session login(SubjectId subject) {
        return service.beginLogin(subject)
                .complete(DeviceInfo.of("Firefox on Linux"))
                .orElseThrow();
    }

    /** Logs in and shows the token that the issuer made for it. */
    VerifiedToken loginToken(SubjectId subject) {
        return tokens.of(login(subject));
    }

    /** Lists a session of the partner's. */
    Session adopt(VerifiedToken token) {
        AdoptionResult result = service.adopt(token, DeviceInfo.unknown());
        return ((AdoptionResult.Adopted) result).session();
    }

    Outcome check(VerifiedToken token) {
        return service.checker().check(token).outcome();
    }

    void assertActive(VerifiedToken... several) {
        assertThat(several).allSatisfy(token -> assertThat(check(token)).isEqualTo(Outcome.ACTIVE));
    }

    void assertRevoked(VerifiedToken... several) {
        assertThat(several).allSatisfy(token -> assertThat(check(token)).isEqualTo(Outcome.REVOKED));
    }

    List<SessionHandle> handlesOf(SubjectId subject) {
        return service.listSessions(subject, ListQuery.live(ListQuery.MAX_LIMIT)).entries().stream()
                .map(entry -> entry.session().handle())
                .toList();
    }

    /** Those events that are of this sort, and forgets none. */
    <E extends SessionEvent> List<E> events(Class<E> sort) {
        return events.stream().filter(sort::isInstance).map(sort::cast).toList();
    }

    static RevocationOutcome revoked(RevocationTarget.Kind kind, long count, boolean changed) {
        return new RevocationOutcome.Revoked(kind, OptionalLong.of(count), changed);
    }

    static RevocationOutcome revokedUncounted(RevocationTarget.Kind kind, boolean changed) {
        return new RevocationOutcome.Revoked(kind, OptionalLong.empty(), changed);
    }

    static RevocationCause cause(RevocationReason reason) {
        return RevocationCause.of(reason, Actor.system());
    }
}
