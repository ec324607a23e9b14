package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.LoginResult;
import dev.curfew.SessionService;
import dev.curfew.Upstream;
import dev.curfew.UpstreamLogin;
import dev.curfew.UpstreamSignal;
import dev.curfew.deliver.Deliveries;
import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.event.SessionEventListener;
import dev.curfew.meter.Meter;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.LookupKey;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ForwardingSessionStore;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.NewSession;
import dev.curfew.store.Precondition;
import dev.curfew.store.RecordKey;
import dev.curfew.store.RecordPage;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.SessionStore;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.SharedRecords;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Nodes in processes of their own, which are killed, or stand still, between any two steps of a provider's logout and
 * of a login that began there; and this process as the other node. Real clocks.
 */
public final class KilledNodes implements AutoCloseable {
    private static final String AT = "at ";
    private static final String DONE = "done ";
    private static final String GO_ON = "go on";
    private static final int TOO_LONG_SECONDS = 60;
    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final Realm OURS = Realm.of("shop");
    private static final Upstream PROVIDER = Upstream.of(Realm.of("provider"), "https://op.example.com")
            .linksOnly()
            .build();

    /** Where a process is held, each in a thread of its own. */
    enum Step {
        /** A logout: its entry is recorded. */
        RECORDED,
        /** A logout: the links of what it names were read. */
        LISTED,
        /** A logout: the first of two sessions has ended. */
        ONE_ENDED,
        /** A login: its links are written. */
        LINKED,
        /** A login: what covers it was read. */
        READ,
        /** A login: its session has begun. */
        BEGUN;

        boolean isLogout() {
            return compareTo(LINKED) < 0;
        }

        String sid() {
            return "sid-" + name();
        }

        SubjectId subject() {
            return new SubjectId(OURS, "person-" + name());
        }

        /** How many calls of this verb go by before the process is held there. */
        boolean isThere(String verb, int number) {
            return switch (this) {
                case RECORDED -> verb.equals("before list");
                case LISTED -> verb.equals("after list");
                // The first is the entry.
                case ONE_ENDED -> verb.equals("before revoke") && number == 3;
                case LINKED -> verb.equals("before covering");
                case READ -> verb.equals("after covering");
                case BEGUN -> verb.equals("after insert");
            };
        }
    }

    private final SessionService service;
    private final SessionStore store;
    private final BlockingQueue<SessionEvent> events = new LinkedBlockingQueue<>();
    private final Deliveries deliveries;

    /**
     * The other node.
     *
     * @param store opened by nobody yet, with its tables
     */
    public KilledNodes(SessionStore store) {
        this.store = store;
        this.service = node(store, events::add);
        this.deliveries = Deliveries.of(service).lease(LEASE).build();
    }

    private static SessionService node(SessionStore store, SessionEventListener listener) {
        return SessionService.builder()
                .store(store)
                .encryption(TestKeys.ring("k1"))
                .lifetimes(SessionLifetimes.aal1())
                .withoutAccessTokens()
                .trustTokensOlderThanStore()
                .withoutAuditLog()
                .listener(listener)
                .build();
    }

    /**
     * What a child process does: all steps at once, each held where it is to be, until it is told to go on.
     *
     * @param store the store that the other node has, too
     * @param role {@code "steps"}, or {@code "holder"} for one whose deliveries are held before they end anything
     * @throws Exception if it fails
     */
    public static void runChild(SessionStore store, String role) throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        HeldStore held = new HeldStore(store, goOn);
        SessionService service = node(held, event -> {});
        if (role.equals("holder")) {
            Deliveries deliveries = Deliveries.of(service).lease(LEASE).build();
            deliveries.start();
        } else {
            for (Step step : Step.values()) {
                new Thread(() -> say(DONE + step + " " + act(service, step)), step.name()).start();
            }
        }
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals(GO_ON)) {
                    goOn.countDown();
                }
            }
        }
        System.exit(0);
    }

    private static String act(SessionService service, Step step) {
        try {
            return step.isLogout()
                    ? service.upstreams().end(logout(step)).getClass().getSimpleName()
                    : service.beginLogin(step.subject())
                            .upstream(login(step))
                            .complete(DeviceInfo.unknown())
                            .getClass()
                            .getSimpleName();
        } catch (RuntimeException e) {
            return e.toString();
        }
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /** Holds the thread that is named for a step, and the one of deliveries before it ends its first session. */
    private static final class HeldStore extends ForwardingSessionStore {
        private final CountDownLatch goOn;
        private final Map<String, Integer> calls = new ConcurrentHashMap<>();

        HeldStore(SessionStore store, CountDownLatch goOn) {
            super(store);
            this.goOn = goOn;
        }

        private void pass(String verb) {
            String thread = Thread.currentThread().getName();
            int number = calls.merge(thread + " " + verb, 1, Integer::sum);
            boolean isLane = thread.equals("curfew-deliveries");
            boolean isHeld = isLane
                    ? verb.equals("before revoke")
                    : Stream.of(Step.values())
                            .anyMatch(step -> step.name().equals(thread) && step.isThere(verb, number));
            if (isLane && goOn.getCount() == 0) {
                say("lane " + verb);
            }
            if (isHeld && goOn.getCount() > 0) {
                say(AT + thread);
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        @Override
        public InsertResult insert(NewSession login, Instant now) {
            InsertResult result = super.insert(login, now);
            pass("after insert");
            return result;
        }

        @Override
        public RevokeResult revoke(RevocationRequest request, Precondition precondition, Instant now) {
            pass("before revoke");
            return super.revoke(request, precondition, now);
        }

        @Override
        public List<Revocation> revocationsCovering(TokenFacts facts, Instant now) {
            pass("before covering");
            List<Revocation> covering = super.revocationsCovering(facts, now);
            pass("after covering");
            return covering;
        }

        @Override
        public <T> Optional<T> ability(Class<T> type) {
            Optional<T> ability = super.ability(type);
            return type == SharedRecords.class
                    ? ability.map(records -> type.cast(new HeldRecords((SharedRecords) records)))
                    : ability;
        }

        private final class HeldRecords implements SharedRecords {
            private final SharedRecords records;

            HeldRecords(SharedRecords records) {
                this.records = records;
            }

            @Override
            public Optional<SharedRecord> read(RecordKey key, Instant now) {
                pass("read");
                return records.read(key, now);
            }

            @Override
            public boolean write(RecordKey key, long expected, byte[] value, Instant forgetAfter, Instant now) {
                return records.write(key, expected, value, forgetAfter, now);
            }

            @Override
            public boolean remove(RecordKey key, long expected, Instant now) {
                return records.remove(key, expected, now);
            }

            @Override
            public RecordPage list(LookupKey group, Optional<LookupKey> after, int limit, Instant now) {
                pass("before list");
                RecordPage page = records.list(group, after, limit, now);
                pass("after list");
                return page;
            }
        }
    }

    /**
     * Kills the child with all of its steps half done, and leaves the rest to the deliveries of this node: nothing
     * survives.
     *
     * @param child of the role {@code "steps"}, not begun before {@link #signIn}
     * @throws Exception if the test is ended
     */
    public void killsAndLeavesNoSurvivor(ChildProcess child) throws Exception {
        awaitAllHeld(child);
        for (Step step : Step.values()) {
            if (!step.isLogout()) {
                service.upstreams().end(logout(step));
            }
        }
        int live = live(Step.RECORDED) + live(Step.LISTED) + live(Step.ONE_ENDED);
        assertThat(live).as("what the killed node has left").isEqualTo(5);
        child.signal("KILL");
        child.awaitEnd();

        deliveries.start();

        awaitNoneLive();
        assertThat(ended()).isEqualTo(5);
    }

    /**
     * The same steps, and the child goes on after all of its logins have ended at the provider.
     *
     * @param child of the role {@code "steps"}
     * @throws Exception if the test is ended
     */
    public void goesOnAndBeginsNothingThatHasEnded(ChildProcess child) throws Exception {
        awaitAllHeld(child);
        for (Step step : Step.values()) {
            if (!step.isLogout()) {
                service.upstreams().end(logout(step));
            }
        }
        child.say(GO_ON);
        List<String> done = new ArrayList<>();
        for (int i = 0; i < Step.values().length; i++) {
            done.add(child.await(line -> line.startsWith(DONE)).substring(DONE.length()));
        }

        assertThat(done)
                .containsExactlyInAnyOrder(
                        "RECORDED Ended",
                        "LISTED Ended",
                        "ONE_ENDED Ended",
                        "LINKED Overtaken",
                        "READ Overtaken",
                        "BEGUN LoggedIn");
        awaitNoneLive();
    }

    private void awaitAllHeld(ChildProcess child) throws InterruptedException {
        for (int i = 0; i < Step.values().length; i++) {
            child.await(line -> line.startsWith(AT));
        }
    }

    /** Begins the sessions that the child's logouts are about: two for each. */
    public void signIn() {
        for (Step step : Step.values()) {
            if (step.isLogout()) {
                for (int i = 0; i < 2; i++) {
                    signIn(step);
                }
            }
        }
    }

    private Session signIn(Step step) {
        LoginResult result =
                service.beginLogin(step.subject()).upstream(login(step)).complete(DeviceInfo.unknown());
        return ((LoginResult.LoggedIn) result).session();
    }

    /**
     * Stops the holder between a read and what follows from it, for longer than its lease; this node takes over, and
     * the other one goes on when all is done.
     *
     * @param child of the role {@code "holder"}, started after {@link #leaveOneUndone}
     * @throws Exception if the test is ended
     */
    public void stopsTheHolderAndTakesOver(ChildProcess child) throws Exception {
        child.await(line -> line.startsWith(AT));
        child.signal("STOP");
        child.say(GO_ON);
        deliveries.start();
        awaitNoneLive();
        assertThat(ended()).isEqualTo(2);
        assertThat(deliveries.status().isHolder()).isTrue();

        child.signal("CONT");

        // It sends the step that it had begun, and then finds out that the lease is not its own any more.
        child.await(line -> line.equals("lane read"));
        awaitNoneLive();
        assertThat(deliveries.status().isHolder()).isTrue();
        assertThat(ended()).isEqualTo(2);
        assertThat(events.stream()
                        .filter(SessionEnded.class::isInstance)
                        .map(SessionEvent::id)
                        .distinct())
                .hasSizeLessThanOrEqualTo(2);
    }

    /** Leaves two sessions whose login has ended, by a node that died behind its entry. */
    public void leaveOneUndone() {
        signIn(Step.RECORDED);
        signIn(Step.RECORDED);
        try (SessionService dying = node(new DyingStore(store), event -> {})) {
            UpstreamSignal logout = logout(Step.RECORDED);
            assertThatExceptionOfType(Died.class)
                    .isThrownBy(() -> dying.upstreams().end(logout));
        }
        assertThat(live(Step.RECORDED)).isEqualTo(2);
    }

    /** No outage, so that nobody goes on with what was not done. */
    private static final class Died extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Where the node dies that would read a link. */
    private static final class DyingStore extends ForwardingSessionStore {
        DyingStore(SessionStore store) {
            super(store);
        }

        @Override
        public <T> Optional<T> ability(Class<T> type) {
            if (type == SharedRecords.class) {
                return Optional.of(type.cast(Proxy.newProxyInstance(
                        SharedRecords.class.getClassLoader(),
                        new Class<?>[] {SharedRecords.class},
                        (proxy, method, arguments) -> {
                            throw new Died();
                        })));
            }
            return super.ability(type);
        }
    }

    private static UpstreamLogin login(Step step) {
        Instant now = Instant.now();
        return new UpstreamLogin(
                PROVIDER, step.subject().value(), Optional.of(step.sid()), Optional.of(now.minusSeconds(10)), now);
    }

    private static UpstreamSignal logout(Step step) {
        return UpstreamSignal.of(PROVIDER, "end of " + step)
                .session(step.sid())
                .endedAt(Instant.now())
                .build();
    }

    private int live(Step step) {
        Instant now = Instant.now();
        return (int) store.list(step.subject(), ListQuery.live(ListQuery.MAX_LIMIT), now).sessions().stream()
                .filter((FoundSession found) -> found.isLive(now))
                .count();
    }

    /** Each event of this node's may be the last that was waited for. */
    private void awaitNoneLive() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TOO_LONG_SECONDS);
        while (Stream.of(Step.values()).anyMatch(step -> live(step) > 0)) {
            assertThat(System.nanoTime() - end).as("a session lives on").isNegative();
            service.replica().orElseThrow().catchUp(Duration.ofMillis(200));
        }
    }

    /** What the deliveries of this node have ended, once all of it is counted. */
    private long ended() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TOO_LONG_SECONDS);
        while (deliveries.status().behind().isEmpty()) {
            assertThat(System.nanoTime() - end).as("they do not catch up").isNegative();
            service.replica().orElseThrow().catchUp(Duration.ofMillis(200));
        }
        return deliveries.meters().stream()
                .filter(meter -> meter.name().equals("curfew.deliveries.ended"))
                .mapToLong(meter -> ((Meter.Counter) meter).count().getAsLong())
                .sum();
    }

    @Override
    public void close() throws IOException {
        deliveries.close();
        service.close();
    }
}
