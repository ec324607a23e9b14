package dev.curfew.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.curfew.event.SessionEvent.CheckUnanswered;
import dev.curfew.event.SessionEvent.RevocationFailed;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.Realm;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventPublisherTest {
    private static final int QUEUE = 10_000;
    private static final int RECEIVED_QUEUE = 100_000;

    private final List<SessionEvent> heard = new CopyOnWriteArrayList<>();

    private static SessionEvent event(int number) {
        return new RevocationFailed(
                "event-" + number,
                Instant.EPOCH,
                RevocationTarget.realm(Realm.of("shop")),
                null,
                RevocationReason.POLICY,
                Actor.system());
    }

    private static List<SessionEvent> events(int count) {
        return IntStream.range(0, count).mapToObj(EventPublisherTest::event).toList();
    }

    private static SessionEventListener behind(CountDownLatch latch, SessionEventListener listener) {
        return event -> {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            listener.onEvent(event);
        };
    }

    @Test
    void listeners_are_told_in_order_on_a_daemon_thread_of_its_own() {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        EventPublisher publisher =
                EventPublisher.onOwnThread(List.of(event -> threads.add(Thread.currentThread()), heard::add));

        events(100).forEach(publisher::publish);
        publisher.close();

        assertThat(heard).isEqualTo(events(100));
        assertThat(threads).hasSize(100).doesNotContain(Thread.currentThread()).allMatch(Thread::isDaemon);
        assertThat(threads.stream().distinct()).hasSize(1);
        assertThat(publisher.lost()).isZero();
    }

    @Test
    void a_listener_that_blocks_does_not_block_who_publishes() {
        CountDownLatch latch = new CountDownLatch(1);
        EventPublisher publisher = EventPublisher.onOwnThread(List.of(behind(latch, heard::add)));

        events(50).forEach(publisher::publish);

        assertThat(heard).isEmpty();
        latch.countDown();
        publisher.close();
        assertThat(heard).isEqualTo(events(50));
    }

    @Test
    void what_comes_on_top_of_a_full_queue_is_lost_and_counted_and_the_rest_is_delivered() {
        CountDownLatch latch = new CountDownLatch(1);
        List<SessionEvent> delivered = new ArrayList<>();
        EventPublisher publisher = EventPublisher.onOwnThread(List.of(behind(latch, delivered::add)));

        events(1 + QUEUE + 7).forEach(publisher::publish);

        assertThat(publisher.lost()).isEqualTo(7);
        latch.countDown();
        publisher.close();
        assertThat(delivered).isEqualTo(events(1 + QUEUE));
        assertThat(publisher.lost()).isEqualTo(7);
    }

    @Test
    void what_anybody_can_cause_leaves_half_of_the_queue_to_what_must_be_known() {
        CountDownLatch latch = new CountDownLatch(1);
        List<SessionEvent> delivered = new ArrayList<>();
        EventPublisher publisher = EventPublisher.onOwnThread(List.of(behind(latch, delivered::add)));
        SessionEvent frequent = new CheckUnanswered("frequent", Instant.EPOCH, false);

        IntStream.range(0, 2 * QUEUE).forEach(i -> publisher.publish(frequent));
        events(100).forEach(publisher::publish);

        latch.countDown();
        publisher.close();
        assertThat(delivered).containsAll(events(100));
        assertThat(publisher.lost()).isBetween(3L * QUEUE / 2 - 1, 3L * QUEUE / 2);
    }

    @Test
    void what_comes_after_the_end_is_lost_and_counted() {
        EventPublisher publisher = EventPublisher.onOwnThread(List.of(heard::add));
        publisher.publish(event(1));
        publisher.close();

        publisher.publish(event(2));

        assertThat(heard).containsExactly(event(1));
        assertThat(publisher.lost()).isEqualTo(1);
        assertThatCode(publisher::close).doesNotThrowAnyException();
    }

    /** As the audit trail is, which queues records for each of its sinks. */
    private static SessionEventListener withOwnQueue(SessionEventListener listener) {
        return new SessionEventListener() {
            @Override
            public void onEvent(SessionEvent event) {
                listener.onEvent(event);
            }

            @Override
            public boolean hasOwnQueue() {
                return true;
            }
        };
    }

    @Test
    void a_listener_with_a_queue_of_its_own_is_told_at_once_and_misses_nothing_that_others_miss() {
        CountDownLatch latch = new CountDownLatch(1);
        List<SessionEvent> prompt = new ArrayList<>();
        EventPublisher publisher =
                EventPublisher.onOwnThread(List.of(behind(latch, heard::add), withOwnQueue(prompt::add)));

        events(1 + QUEUE + 7).forEach(publisher::publish);

        assertThat(prompt).isEqualTo(events(1 + QUEUE + 7));
        assertThat(publisher.lost()).isEqualTo(7);
        latch.countDown();
        publisher.close();
        assertThat(heard).isEqualTo(events(1 + QUEUE));
        assertThat(prompt).hasSize(1 + QUEUE + 7);
    }

    @Test
    void a_listener_with_a_queue_of_its_own_hears_of_work_and_of_replays_too_and_may_throw() {
        SessionEventListener failing = withOwnQueue(event -> {
            throw new IllegalStateException("a bug");
        });
        EventPublisher publisher = EventPublisher.onOwnThread(List.of(failing, withOwnQueue(heard::add)));

        assertThat(publisher.publish(event(1))).isTrue();
        assertThat(publisher.run(() -> {
                    publisher.deliver(event(2));
                    publisher.replay(event(3));
                }))
                .isTrue();
        publisher.close();

        assertThat(heard).containsExactly(event(1), event(2), event(3));
        assertThat(publisher.lost()).isZero();
    }

    @Test
    void a_listener_that_throws_does_not_end_the_thread() {
        EventPublisher publisher = EventPublisher.onOwnThread(List.of(
                event -> {
                    throw new IllegalStateException("a bug of the host's");
                },
                heard::add));

        events(3).forEach(publisher::publish);
        publisher.close();

        assertThat(heard).isEqualTo(events(3));
    }

    @Test
    void a_listener_that_throws_an_error_does_not_keep_the_others_from_being_told() {
        EventPublisher publisher = EventPublisher.on(
                List.of(
                        event -> {
                            throw new AssertionError("a bug of the host's");
                        },
                        heard::add),
                Runnable::run);

        assertThatCode(() -> publisher.publish(event(1))).doesNotThrowAnyException();

        assertThat(heard).containsExactly(event(1));
    }

    @Test
    void the_hosts_executor_decides_where_and_its_refusal_is_counted() {
        List<Runnable> works = new ArrayList<>();
        EventPublisher waiting = EventPublisher.on(List.of(heard::add), works::add);
        waiting.publish(event(1));
        assertThat(heard).isEmpty();
        works.forEach(Runnable::run);
        assertThat(heard).containsExactly(event(1));

        EventPublisher refusing = EventPublisher.on(List.of(heard::add), work -> {
            throw new RejectedExecutionException("full");
        });
        refusing.publish(event(2));
        assertThat(refusing.lost()).isEqualTo(1);
    }

    @Test
    void closing_leaves_the_hosts_executor_alone() {
        EventPublisher publisher = EventPublisher.on(List.of(heard::add), Runnable::run);

        publisher.close();
        publisher.publish(event(1));

        assertThat(heard).containsExactly(event(1));
    }

    @Test
    void work_that_finds_out_more_events_runs_behind_the_event_that_it_belongs_to() {
        EventPublisher publisher = EventPublisher.onOwnThread(List.of(heard::add));

        publisher.publish(event(0));
        publisher.run(() -> {
            publisher.deliver(event(1));
            publisher.deliver(event(2));
        });
        publisher.publish(event(3));
        publisher.close();

        assertThat(heard).isEqualTo(events(4));
    }

    @Test
    void without_listeners_nothing_runs() {
        List<Runnable> works = new ArrayList<>();
        EventPublisher publisher = EventPublisher.on(List.of(), works::add);

        publisher.publish(event(1));

        assertThat(works).isEmpty();
    }

    private static List<Revocation> received(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> Revocation.of(RevocationTarget.signingKey("key-" + number))
                        .issuedBefore(Instant.EPOCH)
                        .revokedAt(Instant.EPOCH)
                        .forgetAfter(Revocation.NEVER)
                        .build())
                .toList();
    }

    @Test
    void what_other_nodes_do_takes_no_room_from_what_this_node_does_and_what_is_too_much_is_counted() {
        CountDownLatch latch = new CountDownLatch(1);
        Queue<SessionEvent> told = new ConcurrentLinkedQueue<>();
        AtomicInteger count = new AtomicInteger();
        EventPublisher publisher = EventPublisher.onOwnThread(List.of(behind(latch, event -> {
            if (event instanceof RevocationFailed) {
                told.add(event);
            }
            count.incrementAndGet();
        })));
        List<Revocation> flood = received(RECEIVED_QUEUE + 1_000);

        publisher.publishReceived(flood, Instant.EPOCH);
        events(QUEUE - 10).forEach(publisher::publish);

        assertThat(publisher.lost()).isBetween(990L, 1_000L);
        latch.countDown();
        await(() -> count.get() == QUEUE - 10 + flood.size() - publisher.lost());
        assertThat(told).containsExactlyElementsOf(events(QUEUE - 10));
        publisher.close();
    }

    @Test
    void what_other_nodes_do_waits_while_a_full_queue_has_no_room() {
        CountDownLatch latch = new CountDownLatch(1);
        EventPublisher publisher = EventPublisher.onOwnThread(List.of(behind(latch, heard::add)));
        events(1 + QUEUE).forEach(publisher::publish);

        publisher.publishReceived(received(3), Instant.EPOCH);
        latch.countDown();

        await(() -> heard.size() == QUEUE + 4);
        assertThat(publisher.lost()).isZero();
        publisher.close();
    }

    @Test
    void what_other_nodes_do_is_never_told_on_the_thread_that_brings_it() {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        EventPublisher direct = EventPublisher.on(List.of(event -> threads.add(Thread.currentThread())), Runnable::run);

        direct.publishReceived(received(3), Instant.EPOCH);

        await(() -> threads.size() == 3);
        assertThat(threads).doesNotContain(Thread.currentThread()).allMatch(Thread::isDaemon);
        direct.close();
    }

    @Test
    void who_does_not_want_to_hear_of_other_nodes_does_not_although_another_one_does() {
        List<SessionEvent> ofItsOwnNode = new CopyOnWriteArrayList<>();
        SessionEventListener uninterested = new SessionEventListener() {
            @Override
            public void onEvent(SessionEvent event) {
                ofItsOwnNode.add(event);
            }

            @Override
            public boolean hearsReceived() {
                return false;
            }
        };
        EventPublisher publisher = EventPublisher.onOwnThread(List.of(uninterested, heard::add));

        publisher.publishReceived(received(3), Instant.EPOCH);
        publisher.close();

        assertThat(heard).hasSize(3);
        assertThat(ofItsOwnNode).isEmpty();
    }

    @Test
    void an_executor_that_fails_loses_what_other_nodes_do_and_says_so() {
        EventPublisher failing = EventPublisher.on(List.of(heard::add), work -> {
            throw new IllegalStateException("shut down");
        });

        failing.publishReceived(received(3), Instant.EPOCH);

        await(() -> failing.lost() == 3);
        failing.close();
    }

    private static void await(BooleanSupplier condition) {
        long until = System.nanoTime() + Duration.ofSeconds(50).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it never came").isLessThan(until);
            Thread.onSpinWait();
        }
    }
}
