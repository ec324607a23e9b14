package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.check.WatchedStore;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.event.RequestContext;
import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.SessionRenewed;
import dev.curfew.event.SessionEventListener;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.session.SessionHandle;
import dev.curfew.store.ListQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Signs of life that are written in batches, on the service's own thread. SES-13. */
@Timeout(60)
class TouchBatchesTest {
    private final ManualClock clock = ManualClock.at(TestHost.BIRTH);
    private final WatchedStore store = new WatchedStore(InMemorySessionStore.create());
    private final TestTokens tokens = TestTokens.ours(TestHost.REALM, clock);
    private final AtomicInteger writes = new AtomicInteger();
    private final Map<SessionHandle, Optional<String>> told = new ConcurrentHashMap<>();
    private final SessionService service = SessionService.builder()
            .store(store)
            .lifetimes(TestHost.LIFETIMES)
            .tokenPolicies(tokens.policy())
            .clock(clock, clock.ticker())
            .authoritativeChecks()
            .withoutAuditLog()
            .listener(new SessionEventListener() {
                @Override
                public void onEvent(SessionEvent event) {}

                @Override
                public void onEvent(SessionEvent event, RequestContext context) {
                    if (event instanceof SessionRenewed renewed) {
                        told.put(renewed.session(), context.address());
                    }
                }
            })
            .build();

    TouchBatchesTest() {
        clock.advance(Duration.ofMinutes(1));
    }

    @AfterEach
    void close() {
        store.recover();
        service.close();
    }

    private Session login(String name) {
        return service.beginLogin(tokens.subject(name))
                .complete(DeviceInfo.unknown())
                .orElseThrow();
    }

    private List<Session> logins(int count) {
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sessions.add(login("alice"));
        }
        return sessions;
    }

    private Instant lastSeen(Session session) {
        return service.findSession(session.ref()).orElseThrow().session().lastSeenAt();
    }

    private void beforeWrites(Consumer<Integer> hook) {
        store.before(verb -> {
            if (verb.equals("touch")) {
                hook.accept(writes.incrementAndGet());
            }
        });
    }

    private static void await(BooleanSupplier condition) {
        long until = System.nanoTime() + Duration.ofSeconds(50).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it never came").isLessThan(until);
            Thread.onSpinWait();
        }
    }

    /** The pause after a failure begins when that was noticed, which a test cannot see. */
    private void awaitWhileTimePasses(BooleanSupplier condition) {
        await(() -> {
            clock.advance(Duration.ofMillis(10));
            // Else a thread that gets no processor for a second finds hours gone by, and all sessions idle.
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            return condition.getAsBoolean();
        });
    }

    /** Seen one after the other while the thread is busy with the first of them. */
    private void seeBehind(Session first, Runnable others) {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        beforeWrites(number -> {
            begun.countDown();
            awaitLatch(released);
        });
        service.touchLater(tokens.of(first));
        awaitLatch(begun);
        others.run();
        released.countDown();
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(50, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void what_waits_is_written_in_batches_of_five_hundred() {
        List<Session> sessions = logins(1_201);
        clock.advance(Duration.ofMinutes(2));

        seeBehind(sessions.get(0), () -> sessions.stream().skip(1).forEach(one -> service.touchLater(tokens.of(one))));
        service.close();

        assertThat(writes).hasValue(1 + 3);
        assertThat(sessions).allSatisfy(one -> assertThat(lastSeen(one)).isEqualTo(clock.instant()));
        assertThat(told).hasSize(1_201);
    }

    @Test
    void each_session_of_a_batch_is_told_under_the_context_of_its_own_request() {
        List<Session> sessions = logins(4);
        Session ended = sessions.get(3);
        clock.advance(Duration.ofMinutes(2));

        seeBehind(sessions.get(0), () -> {
            for (int i = 1; i < sessions.size(); i++) {
                RequestContext.Scope scope =
                        RequestContext.none().withAddress("192.0.2." + i).open();
                try {
                    service.touchLater(tokens.of(sessions.get(i)));
                } finally {
                    scope.close();
                }
            }
            service.logout(tokens.of(ended));
        });
        service.close();

        assertThat(told)
                .containsEntry(sessions.get(1).handle(), Optional.of("192.0.2.1"))
                .containsEntry(sessions.get(2).handle(), Optional.of("192.0.2.2"))
                .doesNotContainKey(ended.handle());
    }

    @Test
    void what_the_store_did_not_answer_is_kept_and_written_afterwards_the_latest_of_each_session() {
        Session busy = login("alice");
        Session quiet = login("bob");
        beforeWrites(number -> {});
        store.goDown();
        clock.advance(Duration.ofMinutes(2));
        Instant seenOnce = clock.instant();
        service.touchLater(tokens.of(busy));
        service.touchLater(tokens.of(quiet));
        await(() -> store.takeCalls().contains("touch"));

        clock.advance(Duration.ofMinutes(2));
        Instant seenAgain = clock.instant();
        service.touchLater(tokens.of(busy));
        store.recover();

        awaitWhileTimePasses(
                () -> lastSeen(quiet).equals(seenOnce) && lastSeen(busy).equals(seenAgain));
    }

    @Test
    void a_session_that_was_idle_for_too_long_meanwhile_is_not_revived_and_hinders_no_other_one() {
        Session idle = login("alice");
        store.goDown();
        clock.advance(Duration.ofMinutes(2));
        service.touchLater(tokens.of(idle));
        await(() -> store.takeCalls().contains("touch"));
        clock.advance(TestHost.LIFETIMES.idle());
        store.recover();
        Session used = login("bob");
        clock.advance(Duration.ofMinutes(2));
        Instant seen = clock.instant();
        service.touchLater(tokens.of(used));

        awaitWhileTimePasses(() -> lastSeen(used).equals(seen));

        assertThat(service.listSessions(tokens.subject("alice"), ListQuery.live(10))
                        .entries())
                .isEmpty();
    }

    @Test
    void a_batch_that_fails_for_another_reason_than_an_outage_stops_no_later_one() {
        Session session = login("alice");
        Session other = login("bob");
        beforeWrites(number -> {
            if (number == 1) {
                throw new IllegalStateException("a bug");
            }
        });
        clock.advance(Duration.ofMinutes(2));
        service.touchLater(tokens.of(session));
        await(() -> writes.get() == 1);

        Instant failed = clock.instant();
        awaitWhileTimePasses(() -> {
            service.touchLater(tokens.of(session));
            service.touchLater(tokens.of(other));
            return lastSeen(other).isAfter(failed) && lastSeen(session).isAfter(failed);
        });
    }

    @Test
    void after_its_close_a_service_writes_nothing_and_fails_no_request() {
        Session session = login("alice");
        clock.advance(Duration.ofMinutes(2));
        service.close();
        store.takeCalls();

        service.touchLater(tokens.of(session));
        service.touchLater(tokens.of(session));
        service.close();

        assertThat(store.takeCalls()).isEmpty();
    }
}
