package dev.curfew.deliver;

import dev.curfew.LoginAttempt;
import dev.curfew.LoginResult;
import dev.curfew.SessionService;
import dev.curfew.SessionServiceBuilder;
import dev.curfew.Upstream;
import dev.curfew.UpstreamLogin;
import dev.curfew.UpstreamSignal;
import dev.curfew.check.WatchedStore;
import dev.curfew.contract.Given;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestKeys;
import dev.curfew.contract.TestTokens;
import dev.curfew.event.SessionEvent;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FoundSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Two nodes of a host whose sessions began at a provider, over one store, with clocks of their own. */
final class LinkedHost implements AutoCloseable {
    static final Realm PROVIDER = Realm.of("provider");
    static final Duration LEASE = Duration.ofSeconds(30);
    static final Duration SKEW = Given.SETTINGS.nodeSkew();

    final WatchedStore store;
    final Upstream upstream =
            Upstream.of(PROVIDER, "https://op.example.com").linksOnly().build();
    final List<SessionEvent> events = new CopyOnWriteArrayList<>();
    final Node one;
    final Node two;
    private final List<SessionService> services = new ArrayList<>();

    LinkedHost(UnaryOperator<InMemorySessionStore.Builder> memory) {
        ManualClock clock = ManualClock.at(Given.BIRTH);
        this.store =
                new WatchedStore(memory.apply(InMemorySessionStore.builder().ticker(clock.ticker()))
                        .build());
        this.one = new Node(clock, "k1");
        this.two = new Node(ManualClock.at(Given.BIRTH), "k1");
        pass(Duration.ofHours(1));
        store.takeCalls();
    }

    static LinkedHost start() {
        return new LinkedHost(builder -> builder);
    }

    /** A node, whose deliveries make their turns when they are told to. */
    final class Node {
        final ManualClock clock;
        final SessionService service;
        final Deliveries deliveries;

        Node(ManualClock clock, String ring) {
            this.clock = clock;
            this.service = service(clock, ring);
            this.deliveries = Deliveries.of(service).build();
        }

        /** Turns until it rests; answers how long. */
        Duration work() {
            for (int turns = 0; turns < 10_000; turns++) {
                Duration rest = deliveries.turn();
                if (!rest.isZero()) {
                    return rest;
                }
            }
            throw new AssertionError("it never rests");
        }

        /** A provider's logout comes here, and the node dies before its call of this verb. */
        void endAndDie(UpstreamSignal signal, String verb, int number) {
            int[] left = {number};
            dieBefore(called -> {
                if (called.equals(verb) && --left[0] == 0) {
                    throw new Died();
                }
            });
            try {
                service.upstreams().end(signal);
                throw new AssertionError("it does not call " + verb + " so often");
            } catch (Died e) {
                store.recover();
            }
        }
    }

    /** No outage, so that nobody goes on with what was not done. */
    static final class Died extends Error {
        private static final long serialVersionUID = 1L;
    }

    private void dieBefore(Consumer<String> hook) {
        store.before(hook);
    }

    SessionService service(ManualClock clock, String ring) {
        return service(clock, ring, builder -> builder);
    }

    SessionService service(ManualClock clock, String ring, UnaryOperator<SessionServiceBuilder> settings) {
        SessionService service = settings.apply(SessionService.builder()
                        .store(store)
                        .encryption(TestKeys.ring(ring))
                        .lifetimes(SessionLifetimes.aal1())
                        .tokenPolicies(TestTokens.ours(Given.REALM, clock).policy())
                        .clock(clock, clock.ticker())
                        .authoritativeChecks()
                        .withoutAuditLog()
                        .listener(events::add)
                        .eventExecutor(Runnable::run))
                .build();
        services.add(service);
        return service;
    }

    void pass(Duration time) {
        one.clock.advance(time);
        two.clock.advance(time);
    }

    Instant now() {
        return one.clock.instant();
    }

    LoginAttempt attempt(SubjectId subject, String sid, Instant authTime) {
        return one.service
                .beginLogin(subject)
                .upstream(new UpstreamLogin(
                        upstream, subject.value(), Optional.of(sid), Optional.of(authTime), one.clock.instant()));
    }

    Session login(SubjectId subject, String sid) {
        return login(subject, sid, now());
    }

    Session login(SubjectId subject, String sid, Instant authTime) {
        return ((LoginResult.LoggedIn) attempt(subject, sid, authTime).complete(DeviceInfo.unknown())).session();
    }

    UpstreamSignal.Builder logout(String id) {
        return UpstreamSignal.of(upstream, id).endedAt(now());
    }

    boolean isLive(Session session) {
        return store.find(session.ref(), now()).filter(this::isLive).isPresent();
    }

    private boolean isLive(FoundSession found) {
        return found.isLive(now());
    }

    @Override
    public void close() {
        one.deliveries.close();
        two.deliveries.close();
        services.forEach(SessionService::close);
    }
}
