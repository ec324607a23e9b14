package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.SessionService;
import dev.curfew.Upstream;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.ssf.PollReceiver;
import dev.curfew.ssf.SecurityEventReceiver;
import dev.curfew.ssf.Transmitter;
import dev.curfew.store.SessionStore;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.VerifiedToken;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** Two nodes of a host poll one transmitter over real TLS, one at a time, with real clocks. */
public final class PollOnTwoNodes implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String SESSION_REVOKED = "https://schemas.openid.net/secevent/caep/event-type/session-revoked";

    private final Clock clock = Clock.systemUTC();
    private final TestTokens provider = TestTokens.foreign(Realm.of("op"), clock);
    private final Queue<SessionEvent> events = new ConcurrentLinkedQueue<>();
    private final Transmitter transmitter;
    private final List<SessionService> services;
    private final List<PollReceiver> receivers;
    private int number;

    /**
     * Starts both nodes.
     *
     * @param first store of one node, not opened yet
     * @param second store of the other one
     * @param folder for the transmitter's certificate
     */
    public PollOnTwoNodes(SessionStore first, SessionStore second, Path folder) {
        this.transmitter = new Transmitter(folder);
        this.services = List.of(node(first), node(second));
        this.receivers = services.stream().map(this::receiver).toList();
        receivers.forEach(PollReceiver::start);
    }

    private SessionService node(SessionStore store) {
        return SessionService.builder()
                .store(store)
                .lifetimes(SessionLifetimes.aal2())
                .tokenPolicies(provider.policy())
                .encryption(TestKeys.ring("k1"))
                .trustTokensOlderThanStore()
                .withoutAuditLog()
                .listener(events::add)
                .clock(clock)
                .build();
    }

    private PollReceiver receiver(SessionService service) {
        Upstream upstream = Upstream.of(provider.realm(), provider.policy().issuer())
                .tokensCheckedHere(provider.policy())
                .build();
        SecurityEventReceiver receiver = SecurityEventReceiver.of(
                        service,
                        upstream,
                        EventTokenVerifier.of(provider.eventPolicy().build(), clock))
                .build();
        return PollReceiver.of(receiver, transmitter.http().build(), transmitter.endpoint())
                .interval(Duration.ofSeconds(1))
                .build();
    }

    /**
     * Lets the transmitter tell of so many sessions, ends the node that polls in the middle, and sees that each is
     * recorded once, acknowledged, and refused on both nodes.
     *
     * @param many how many
     * @return how long it took from the first until all were acknowledged
     * @throws InterruptedException if the test is ended
     */
    public Duration poll(int many) throws InterruptedException {
        List<VerifiedToken> tokens = tell(many / 2);
        long begun = System.nanoTime();
        assertThat(transmitter.awaitEmpty(PATIENCE)).isTrue();
        List<PollReceiver> holders = holders();
        assertThat(holders).hasSize(1);

        tokens.addAll(tell(many - many / 2));
        holders.get(0).close();
        assertThat(transmitter.awaitEmpty(PATIENCE)).isTrue();
        Duration taken = Duration.ofNanos(System.nanoTime() - begun);

        assertThat(nextHolders()).hasSize(1).doesNotContainAnyElementsOf(holders);
        assertThat(transmitter.refused()).isEmpty();
        for (SessionService service : services) {
            assertThat(service.replica().orElseThrow().catchUp(PATIENCE)).isTrue();
            assertThat(tokens).allMatch(token -> service.checker().check(token).outcome() == Outcome.REVOKED);
        }
        services.forEach(SessionService::close);
        // What was not acknowledged yet came again to the other node, which tells it by the same name.
        assertThat(events.stream()
                        .filter(RevocationRecorded.class::isInstance)
                        .map(SessionEvent::id)
                        .distinct())
                .hasSize(many);
        return taken;
    }

    /** The first node may have got all acknowledged before it was closed, and the other one asks every 5 seconds. */
    private List<PollReceiver> nextHolders() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (holders().isEmpty() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        return holders();
    }

    private List<PollReceiver> holders() {
        return receivers.stream()
                .filter(receiver -> receiver.status().isHolder())
                .toList();
    }

    private List<VerifiedToken> tell(int many) {
        List<VerifiedToken> tokens = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            String sid = "sid-" + number++;
            tokens.add(provider.draft("subject-" + sid).with("sid", sid).verified());
            String jti = "set-" + sid;
            transmitter.queue(
                    jti,
                    provider.event(SESSION_REVOKED, Map.of(), Map.of("format", "opaque", "id", sid))
                            .with("jti", jti)
                            .compact());
        }
        return tokens;
    }

    @Override
    public void close() {
        receivers.forEach(PollReceiver::close);
        services.forEach(SessionService::close);
        transmitter.close();
    }
}
