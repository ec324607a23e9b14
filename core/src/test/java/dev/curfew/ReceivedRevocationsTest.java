package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.audit.AuditRecord;
import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.RevocationReceived;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.SuspicionRaised;
import dev.curfew.meter.Meter;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLimit;
import dev.curfew.store.FeedRead;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.suspicion.SuspicionAction;
import dev.curfew.suspicion.SuspicionRules;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node tells its listeners of revocations that another node has recorded. */
@Timeout(60)
class ReceivedRevocationsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestHost host = TestHost.start(service -> service.sessionLimit(SessionLimit.endOldestBeyond(20)));
    private final List<SessionEvent> heard = new CopyOnWriteArrayList<>();
    private final List<SessionService> nodes = new ArrayList<>();
    private final SessionService here = node(service -> service.listener(heard::add));
    private final Set<RevocationTarget> ends = new HashSet<>();

    /** No poll comes in between: what a node knows, it was told or has asked for. */
    private SessionService node(UnaryOperator<SessionServiceBuilder> settings) {
        SessionService node = host.node(
                host.clock,
                service -> settings.apply(
                        service.replica(replica -> replica.staleness(Duration.ofHours(1), Duration.ofMinutes(20)))));
        nodes.add(node);
        return node;
    }

    @AfterEach
    void close() {
        nodes.forEach(SessionService::close);
    }

    private void catchUp(SessionService node) {
        assertThat(node.replica().orElseThrow().catchUp(PATIENCE)).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Events come in the order of the feed: once the last one was told, so were all before. */
    private List<RevocationReceived> toldTo(SessionService node, List<SessionEvent> events) {
        String key = "end-" + ends.size();
        host.service.revokeKey(key, TestHost.BY_ADMIN);
        catchUp(node);
        RevocationTarget last = RevocationTarget.signingKey(key);
        ends.add(last);
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (received(events).stream()
                .noneMatch(event -> event.entry().target().equals(last))) {
            assertThat(System.nanoTime()).as("it never came").isLessThan(until);
            Thread.onSpinWait();
        }
        return received(events).stream()
                .filter(event -> !ends.contains(event.entry().target()))
                .toList();
    }

    private static List<RevocationReceived> received(List<SessionEvent> events) {
        return events.stream()
                .filter(RevocationReceived.class::isInstance)
                .map(RevocationReceived.class::cast)
                .toList();
    }

    private List<RevocationReceived> toldHere() {
        return toldTo(here, heard);
    }

    private Revocation newestRecorded() {
        List<RevocationRecorded> recorded = host.events(RevocationRecorded.class);
        return recorded.get(recorded.size() - 1).entry();
    }

    @Test
    void each_kind_of_revocation_of_another_node_is_told_once_with_all_that_a_watcher_needs() {
        VerifiedToken current = host.loginToken(host.alice);
        VerifiedToken device = host.loginToken(host.alice);
        Session foreign =
                host.adopt(host.partner.draft("alice").with("sid", "idp-1").verified());
        List<Revocation> entries = new ArrayList<>();
        List<Runnable> acts = List.of(
                () -> host.service.revokeToken(device, TestHost.BY_ADMIN),
                () -> host.service.revokeSession(
                        current, device.session().orElseThrow().handle().value()),
                () -> host.service.revokeSession(foreign.subject(), foreign.handle(), TestHost.BY_ADMIN),
                () -> host.service.revokeOtherSessions(current),
                () -> host.service.revokeClient(new ClientId(TestHost.REALM, "web"), TestHost.BY_ADMIN),
                () -> host.service.revokeRealm(TestHost.PARTNER, TestHost.BY_ADMIN),
                () -> host.service.revokeKey("thumb", TestHost.BY_ADMIN),
                () -> host.service.revokeAllSessions(host.bob, TestHost.BY_ADMIN));
        for (Runnable act : acts) {
            host.clock.advance(Duration.ofSeconds(3));
            act.run();
            entries.add(newestRecorded());
        }
        catchUp(here);
        catchUp(here);

        List<RevocationReceived> told = toldHere();

        assertThat(told).extracting(RevocationReceived::entry).containsExactlyElementsOf(entries);
        assertThat(told).extracting(SessionEvent::id).doesNotHaveDuplicates();
        assertThat(told).extracting(SessionEvent::at).containsOnly(host.now());
        assertThat(told.get(1).covers(device.facts())).isTrue();
        assertThat(told.get(1).entry().reason()).isEqualTo(RevocationReason.REVOKED_BY_USER);
        assertThat(told.get(3).entry().exempt()).isPresent();
        assertThat(told.get(3).covers(current.facts())).isFalse();
        assertThat(told.get(3).entry().issuedBefore()).isAfter(TestHost.BIRTH);
        assertThat(received(host.events))
                .as("the node that did it, and hears of nothing else")
                .filteredOn(event -> !heard.contains(event))
                .isEmpty();
    }

    @Test
    void what_this_node_does_itself_is_not_told_as_received() {
        VerifiedToken token = host.loginToken(host.alice);
        here.revokeOtherSessions(token);
        here.logout(token);
        here.revokeClient(new ClientId(TestHost.REALM, "web"), TestHost.BY_ADMIN);
        catchUp(here);

        assertThat(toldHere()).isEmpty();
        assertThat(heard.stream().filter(RevocationRecorded.class::isInstance)).hasSize(3);
    }

    @Test
    void an_act_that_the_feed_brings_before_its_call_has_returned_is_this_nodes_own() {
        VerifiedToken token = host.loginToken(host.alice);
        VerifiedToken another = host.loginToken(host.bob);
        AtomicInteger nested = new AtomicInteger();
        host.store.after(verb -> {
            if (verb.equals("revoke") && nested.getAndIncrement() == 0) {
                // What another node does meanwhile is told all the same, once the call has returned.
                host.service.logout(another);
                catchUp(here);
                assertThat(received(heard)).isEmpty();
            }
        });

        here.logout(token);
        host.store.recover();

        assertThat(toldHere())
                .singleElement()
                .satisfies(told -> assertThat(told.covers(another.facts())).isTrue());
    }

    @Test
    void sessions_that_a_login_ends_for_the_limit_are_the_own_ones_of_its_node() {
        SessionService limited =
                node(service -> service.listener(heard::add).sessionLimit(SessionLimit.endOldestBeyond(1)));
        host.login(host.alice);
        AtomicBoolean isFirst = new AtomicBoolean(true);
        host.store.after(verb -> {
            if (verb.equals("insert") && isFirst.getAndSet(false)) {
                catchUp(limited);
            }
        });

        limited.beginLogin(host.alice).complete(DeviceInfo.unknown());
        host.store.recover();

        assertThat(received(heard)).isEmpty();
        assertThat(toldHere()).as("it is news to the other node").hasSize(1);
    }

    @Test
    void what_a_refused_call_shows_is_told_once() {
        VerifiedToken token = host.loginToken(host.alice);
        host.service.logout(token);

        assertThat(here.revokeOtherSessions(token)).isInstanceOf(RevocationOutcome.CallerRevoked.class);

        assertThat(toldHere()).hasSize(1);
    }

    @Test
    void an_act_that_was_not_answered_is_told_at_least_once() {
        VerifiedToken token = host.loginToken(host.alice);
        host.store.loseAnswers();
        try {
            here.logout(token);
        } catch (StoreUnavailableException e) {
            assertThat(e.isRetryable()).isTrue();
        }
        host.store.recover();
        catchUp(here);
        toldHere();

        assertThat(heard)
                .anyMatch(event -> event instanceof RevocationRecorded recorded
                                && recorded.entry().covers(token.facts())
                        || event instanceof RevocationReceived received && received.covers(token.facts()));
    }

    @Test
    void a_node_that_starts_tells_nothing_that_was_revoked_before() {
        for (int i = 0; i < 50; i++) {
            host.service.logout(host.loginToken(host.alice));
            host.clock.advance(Duration.ofMinutes(1));
        }
        List<SessionEvent> atStart = new CopyOnWriteArrayList<>();

        SessionService started = node(service -> service.listener(atStart::add));

        assertThat(toldTo(started, atStart)).isEmpty();
    }

    @Test
    void a_node_that_starts_without_waiting_tells_what_is_revoked_from_then_on() {
        host.service.logout(host.loginToken(host.alice));
        host.clock.advance(Duration.ofMinutes(1));
        CountDownLatch released = new CountDownLatch(1);
        host.store.before(verb -> {
            if (verb.equals("readAfter")) {
                await(released);
            }
        });
        List<SessionEvent> told = new CopyOnWriteArrayList<>();
        SessionService started = host.node(
                host.clock,
                service -> service.replica(replica -> replica.loadWithin(Duration.ZERO)
                                .staleness(Duration.ofHours(1), Duration.ofMinutes(20)))
                        .listener(told::add));
        nodes.add(started);
        VerifiedToken token = host.loginToken(host.bob);
        host.service.logout(token);

        released.countDown();

        assertThat(toldTo(started, told))
                .singleElement()
                .satisfies(event -> assertThat(event.covers(token.facts())).isTrue());
    }

    @Test
    void after_a_gap_only_what_was_missed_is_told() {
        VerifiedToken known = host.loginToken(host.alice);
        VerifiedToken missed = host.loginToken(host.bob);
        host.service.logout(known);
        assertThat(toldHere()).hasSize(1);
        host.service.logout(missed);
        AtomicBoolean isLost = new AtomicBoolean(true);
        host.store.changeReads(read -> isLost.getAndSet(false) ? new FeedRead.Gap() : read);

        catchUp(here);

        assertThat(toldHere()).hasSize(2);
        assertThat(received(heard))
                .filteredOn(event -> event.covers(missed.facts()))
                .hasSize(1);
    }

    @Test
    void a_listener_that_blocks_holds_up_neither_the_feed_nor_a_call() {
        CountDownLatch released = new CountDownLatch(1);
        List<SessionEvent> slowly = new CopyOnWriteArrayList<>();
        SessionService slow = node(service -> service.listener(event -> {
            if (event instanceof RevocationReceived) {
                await(released);
            }
            slowly.add(event);
        }));
        List<VerifiedToken> tokens = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            VerifiedToken token = host.loginToken(host.alice);
            host.service.logout(token);
            tokens.add(token);
            catchUp(slow);
        }

        assertThat(tokens).noneMatch(token -> slow.checker().check(token).permits());
        VerifiedToken own = host.loginToken(host.bob);
        slow.logout(own);
        assertThat(slowly).anyMatch(event -> event instanceof RevocationRecorded);
        released.countDown();
        assertThat(toldTo(slow, slowly)).hasSize(20);
        assertThat(slow.eventsLost()).isZero();
    }

    @Test
    void neither_the_audit_nor_the_detectors_take_it_for_an_act_of_this_node() {
        List<AuditRecord> records = new CopyOnWriteArrayList<>();
        SessionService audited = node(service -> service.audit(trail -> trail.sink("list", records::addAll))
                .suspicions(SuspicionRules.defaults(), suspicion -> SuspicionAction.END_ALL_SESSIONS)
                .listener(heard::add));
        for (int i = 0; i < 40; i++) {
            host.service.logout(host.loginToken(host.alice));
        }

        assertThat(toldTo(audited, heard)).isNotEmpty();

        assertThat(records).isEmpty();
        assertThat(heard).noneMatch(SuspicionRaised.class::isInstance);
        assertThat(audited.meters().stream()
                        .filter(meter -> meter.name().equals("curfew.revocations.received"))
                        .filter(meter -> meter.tags().containsValue("user_logout"))
                        .mapToLong(meter -> ((Meter.Counter) meter).count().getAsLong()))
                .containsExactly(40L);
    }

    @Test
    void without_a_replica_nothing_reaches_a_node() {
        List<SessionEvent> told = new CopyOnWriteArrayList<>();
        SessionService authoritative =
                host.node(host.clock, service -> service.authoritativeChecks().listener(told::add));
        nodes.add(authoritative);
        VerifiedToken token = host.loginToken(host.alice);
        host.service.logout(token);

        authoritative.checker().check(token);

        assertThat(received(told)).isEmpty();
    }

    @Test
    void what_a_broken_listener_of_the_replica_throws_reaches_neither_the_feed_nor_a_call() {
        RevocationReplica replica = here.replica().orElseThrow();
        replica.whenReceived((entries, at) -> {
            throw new IllegalStateException("a bug of the host's");
        });
        VerifiedToken token = host.loginToken(host.alice);
        host.service.logout(token);

        catchUp(here);

        assertThat(here.checker().check(token).permits()).isFalse();
    }
}
