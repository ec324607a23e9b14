package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

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
import dev.curfew.store.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Signs of life that no request waits for. */
@Timeout(60)
class TouchLaterTest {
    private final ManualClock clock = ManualClock.at(TestHost.BIRTH);
    private final WatchedStore store = new WatchedStore(InMemorySessionStore.create());
    private final TestTokens tokens = TestTokens.ours(TestHost.REALM, clock);
    private final AtomicInteger tried = new AtomicInteger();

    private SessionService service(UnaryOperator<SessionServiceBuilder> settings) {
        SessionService service = settings.apply(SessionService.builder()
                        .store(store)
                        .lifetimes(TestHost.LIFETIMES)
                        .tokenPolicies(tokens.policy())
                        .clock(clock, clock.ticker())
                        .authoritativeChecks()
                        .withoutAuditLog())
                .build();
        clock.advance(Duration.ofMinutes(1));
        return service;
    }

    private Session login(SessionService service) {
        return service.beginLogin(tokens.subject("alice"))
                .complete(DeviceInfo.unknown())
                .orElseThrow();
    }

    private Instant lastSeen(SessionService service, Session session) {
        return service.findSession(session.ref()).orElseThrow().session().lastSeenAt();
    }

    private void beforeTouch(Runnable hook) {
        store.before(verb -> {
            if (verb.equals("touch")) {
                tried.incrementAndGet();
                hook.run();
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

    @Test
    void a_store_that_hangs_holds_up_no_request_and_the_sign_is_written_afterwards_with_the_instant_of_the_request() {
        CountDownLatch released = new CountDownLatch(1);
        List<Optional<String>> addresses = new CopyOnWriteArrayList<>();
        SessionService service = service(builder -> builder.listener(new SessionEventListener() {
            @Override
            public void onEvent(SessionEvent event) {}

            @Override
            public void onEvent(SessionEvent event, RequestContext context) {
                if (event instanceof SessionRenewed) {
                    addresses.add(context.address());
                }
            }
        }));
        Session session = login(service);
        clock.advance(Duration.ofMinutes(2));
        Instant seen = clock.instant();
        beforeTouch(() -> {
            try {
                assertThat(released.await(50, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        RequestContext.Scope scope =
                RequestContext.none().withAddress("203.0.113.7").open();
        try {
            service.touchLater(tokens.of(session));
        } finally {
            scope.close();
        }
        clock.advance(Duration.ofSeconds(20));
        assertThat(lastSeen(service, session)).isBefore(seen);

        released.countDown();
        service.close();
        assertThat(lastSeen(service, session)).isEqualTo(seen);
        assertThat(addresses).containsExactly(Optional.of("203.0.113.7"));
    }

    @Test
    void while_the_store_does_not_answer_one_is_tried_now_and_then() {
        SessionService service = service(builder -> builder.eventExecutor(Runnable::run));
        List<Session> sessions = List.of(login(service), login(service), login(service));
        beforeTouch(() -> {
            throw new StoreUnavailableException("touch", null);
        });

        for (int i = 0; i < 10; i++) {
            sessions.forEach(session -> service.touchLater(tokens.of(session)));
        }
        assertThat(tried).hasValue(1);

        clock.advance(Duration.ofSeconds(5));
        sessions.forEach(session -> service.touchLater(tokens.of(session)));
        assertThat(tried).hasValue(2);

        store.recover();
        clock.advance(Duration.ofSeconds(5));
        sessions.forEach(session -> service.touchLater(tokens.of(session)));
        assertThat(sessions)
                .allSatisfy(session -> assertThat(lastSeen(service, session)).isEqualTo(clock.instant()));
        service.close();
    }

    @Test
    void an_executor_that_refuses_fails_no_request_and_the_next_one_tries_again() {
        AtomicInteger refusals = new AtomicInteger(1);
        SessionService service = service(builder -> builder.eventExecutor(work -> {
            if (refusals.getAndDecrement() > 0) {
                throw new RejectedExecutionException("full");
            }
            work.run();
        }));
        Session session = login(service);
        clock.advance(Duration.ofMinutes(2));
        refusals.set(1);

        assertThatCode(() -> service.touchLater(tokens.of(session))).doesNotThrowAnyException();
        service.touchLater(tokens.of(session));

        assertThat(lastSeen(service, session)).isEqualTo(clock.instant());
        service.close();
    }

    @Test
    void what_is_no_outage_fails_no_request_either() {
        SessionService service = service(builder -> builder.eventExecutor(Runnable::run));
        Session session = login(service);
        beforeTouch(() -> {
            throw new IllegalStateException("a bug");
        });
        clock.advance(Duration.ofMinutes(2));

        assertThatCode(() -> service.touchLater(tokens.of(session))).doesNotThrowAnyException();
        service.close();
    }

    @Test
    void many_requests_of_one_session_are_one_write() {
        SessionService service = service(builder -> builder);
        Session session = login(service);
        beforeTouch(() -> {});
        clock.advance(Duration.ofMinutes(2));

        for (int i = 0; i < 100; i++) {
            service.touchLater(tokens.of(session));
        }

        await(() -> lastSeen(service, session).equals(clock.instant()));
        service.close();
        assertThat(tried).hasValue(1);
    }

    @Test
    void a_sign_of_life_that_waited_for_the_executor_revives_no_session_that_has_ended_meanwhile() {
        Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
        SessionService service = service(builder -> builder.eventExecutor(waiting::add));
        Session session = login(service);
        clock.advance(Duration.ofMinutes(2));
        service.touchLater(tokens.of(session));

        clock.advance(TestHost.LIFETIMES.idle().minusMinutes(1));
        waiting.forEach(Runnable::run);

        assertThat(lastSeen(service, session)).isEqualTo(session.lastSeenAt());
        service.close();
    }

    @Test
    void a_sign_of_life_from_before_the_clock_was_set_back_counts_as_one_of_now() {
        Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
        SessionService service = service(builder -> builder.eventExecutor(waiting::add));
        Session session = login(service);
        clock.advance(Duration.ofMinutes(2));
        Instant right = clock.instant();
        clock.set(right.plus(Duration.ofMinutes(10)));
        service.touchLater(tokens.of(session));

        clock.set(right);
        waiting.forEach(Runnable::run);

        assertThat(lastSeen(service, session)).isEqualTo(right);
        service.close();
    }
}
