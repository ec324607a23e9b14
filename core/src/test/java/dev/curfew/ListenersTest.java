package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.event.SessionEventListener;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.store.ListQuery;
import dev.curfew.token.VerifiedToken;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No listener can break or slow a revocation. LOG-04. */
class ListenersTest {
    private static TestHost hostWith(SessionEventListener first) {
        return TestHost.start(builder -> builder.listener(first));
    }

    private static void fail(Throwable thrown) {
        ListenersTest.<RuntimeException>sneak(thrown);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private static void changesNothing(Throwable thrown) {
        List<SessionEvent> behind = new ArrayList<>();
        TestHost host = TestHost.start(
                builder -> builder.listener(event -> fail(thrown)).listener(behind::add));
        VerifiedToken token = host.loginToken(host.alice);

        assertThatCode(() -> host.service.logout(token)).doesNotThrowAnyException();

        host.assertRevoked(token);
        assertThat(behind).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void a_listener_that_throws_changes_nothing_and_the_others_are_told() {
        changesNothing(new IllegalStateException("a bug of the host's"));
    }

    /** SessionEventListener: "Whatever a listener throws is logged and changes nothing." */
    @Test
    void a_listener_that_throws_an_error_changes_nothing_and_the_others_are_told() {
        changesNothing(new NoClassDefFoundError("a host's class"));
    }

    @Test
    void a_listener_that_throws_a_checked_exception_changes_nothing_and_the_others_are_told() {
        changesNothing(new Exception("from a language without checked exceptions"));
    }

    @Test
    void a_listener_that_calls_the_service_is_served() {
        List<Integer> seen = new ArrayList<>();
        SessionService[] service = new SessionService[1];
        TestHost host = hostWith(event -> {
            if (event instanceof SessionEnded ended) {
                seen.add(service[0]
                        .listSessions(ended.subject(), ListQuery.live(10))
                        .entries()
                        .size());
            }
        });
        service[0] = host.service;
        VerifiedToken token = host.loginToken(host.alice);

        host.service.logout(token);

        assertThat(seen).containsExactly(0);
    }

    @Test
    void an_executor_that_refuses_changes_nothing() {
        TestHost host = TestHost.start();
        SessionService refusing = host.node(
                host.clock,
                builder -> builder.eventExecutor(work -> {
                    throw new RejectedExecutionException("full");
                }));
        VerifiedToken token = host.loginToken(host.alice);

        assertThatCode(() -> refusing.logout(token)).doesNotThrowAnyException();

        host.assertRevoked(token);
    }

    /** Nothing has to be looked up for it, so that it takes no way round by those who are slow. */
    @Test
    void the_end_of_one_session_is_told_to_whoever_has_a_queue_although_the_executor_takes_nothing() {
        List<SessionEvent> told = new ArrayList<>();
        TestHost host = TestHost.start();
        SessionService refusing = host.node(
                host.clock,
                builder -> builder.listener(new SessionEventListener() {
                            @Override
                            public void onEvent(SessionEvent event) {
                                told.add(event);
                            }

                            @Override
                            public boolean hasOwnQueue() {
                                return true;
                            }
                        })
                        .eventExecutor(work -> {
                            throw new RejectedExecutionException("full");
                        }));
        VerifiedToken token = host.loginToken(host.alice);

        refusing.logout(token);

        assertThat(told).anyMatch(RevocationRecorded.class::isInstance).anyMatch(SessionEnded.class::isInstance);
    }

    /** EventPublisher.publish: "never throws". */
    @Test
    void an_executor_that_fails_in_its_own_way_changes_nothing() {
        TestHost host = TestHost.start();
        SessionService failing = host.node(
                host.clock,
                builder -> builder.eventExecutor(work -> {
                    throw new IllegalStateException("shut down");
                }));
        VerifiedToken token = host.loginToken(host.alice);

        assertThatCode(() -> failing.logout(token)).doesNotThrowAnyException();

        host.assertRevoked(token);
    }

    @Test
    @Timeout(60)
    void a_listener_that_blocks_holds_up_no_revocation_and_hears_of_all_of_them_in_order() {
        CountDownLatch released = new CountDownLatch(1);
        List<SessionEvent> heard = new CopyOnWriteArrayList<>();
        TestHost host = TestHost.start();
        SessionService service = SessionService.builder()
                .store(InMemorySessionStore.create())
                .lifetimes(SessionLifetimes.aal2())
                .tokenPolicies(host.tokens.policy())
                .clock(host.clock, host.clock.ticker())
                .withoutAuditLog()
                .listener(event -> {
                    await(released);
                    heard.add(event);
                })
                .build();
        List<VerifiedToken> tokens = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Session session = service.beginLogin(host.alice)
                    .complete(DeviceInfo.unknown())
                    .orElseThrow();
            tokens.add(host.tokens.of(session));
        }

        service.logout(tokens.get(0));
        service.revokeOtherSessions(tokens.get(4));

        assertThat(heard).isEmpty();
        assertThat(tokens.subList(0, 4))
                .noneMatch(token -> service.checker().check(token).permits());
        released.countDown();
        service.close();

        assertThat(heard).filteredOn(RevocationRecorded.class::isInstance).hasSize(2);
        assertThat(heard).filteredOn(SessionEnded.class::isInstance).hasSize(4);
        assertThat(heard.get(0)).isInstanceOf(SessionEvent.SessionCreated.class);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
