package dev.curfew.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.audit.AuditRecord.Field;
import dev.curfew.contract.ManualClock;
import dev.curfew.event.EventPublisher;
import dev.curfew.event.RequestContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No sink can hold up anything, and what one does not get is said. LOG-04. */
@Timeout(60)
class AuditTrailTest {
    private final ManualClock clock = ManualClock.at(Records.NOW);
    private final List<AuditRecord> records = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    private AuditTrail.Builder builder() {
        return AuditTrail.builder().clock(clock).firstPause(Duration.ofMillis(1));
    }

    private void write(List<AuditRecord> batch) {
        threads.add(Thread.currentThread());
        records.addAll(batch);
    }

    private static void important(AuditTrail trail, int from, int to) {
        IntStream.range(from, to).forEach(number -> trail.onEvent(Records.important(number)));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void each_sink_gets_every_record_in_order_on_a_daemon_thread_of_its_own() {
        List<AuditRecord> others = new CopyOnWriteArrayList<>();
        List<Thread> otherThreads = new CopyOnWriteArrayList<>();
        AuditTrail trail = builder()
                .sink("one", this::write)
                .sink("two", batch -> {
                    otherThreads.add(Thread.currentThread());
                    others.addAll(batch);
                })
                .build();

        important(trail, 0, 2_000);
        trail.close();

        assertThat(records).hasSize(2_000).isEqualTo(others);
        assertThat(Records.ids(records)).startsWith("failed-0", "failed-1").endsWith("failed-1999");
        assertThat(threads.stream().distinct()).hasSize(1).allMatch(Thread::isDaemon);
        assertThat(threads).doesNotContainAnyElementsOf(otherThreads).doesNotContain(Thread.currentThread());
        assertThat(trail.status()).extracting(AuditSinkStatus::name).containsExactly("one", "two");
        assertThat(trail.status()).allSatisfy(status -> {
            assertThat(status.written()).isEqualTo(2_000);
            assertThat(status.lost()).isZero();
        });
    }

    @Test
    void a_sink_that_hangs_holds_up_neither_an_event_nor_another_sink_and_the_end_is_bounded() {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(100);
        AuditTrail trail = builder()
                .sink("hanging", batch -> {
                    hangs.countDown();
                    await(new CountDownLatch(1));
                })
                .sink("well", batch -> batch.forEach(record -> arrived.countDown()))
                .closeTimeout(Duration.ofMillis(50))
                .build();

        important(trail, 0, 100);
        await(hangs);
        await(arrived);
        // The one that hangs takes all the time that there is at the end.
        awaitQueued(trail, 1, 0);
        assertThat(trail.status().get(0).callSince()).isEqualTo(Records.NOW);
        assertThat(trail.status().get(0).queued()).isEqualTo(100);
        trail.close();

        assertThat(trail.status().get(0).lost()).isEqualTo(100);
        assertThat(trail.status().get(1).lost()).isZero();
    }

    @Test
    void a_listener_that_hangs_costs_no_record() {
        CountDownLatch hangs = new CountDownLatch(1);
        AuditTrail trail = builder().sink("list", this::write).build();
        EventPublisher publisher = EventPublisher.onOwnThread(List.of(event -> await(hangs), trail));

        IntStream.range(0, 15_000).forEach(number -> {
            publisher.publish(Records.important(number));
            if (number % 1_000 == 0) {
                awaitQueued(trail, 0, 0);
            }
        });
        awaitQueued(trail, 0, 0);

        assertThat(publisher.lost()).isPositive();
        assertThat(records).hasSize(15_000);
        hangs.countDown();
        publisher.close();
        trail.close();
    }

    private static void awaitQueued(AuditTrail trail, int sink, int queued) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (trail.status().get(sink).queued() > queued) {
            assertThat(System.nanoTime()).isLessThan(until);
            Thread.onSpinWait();
        }
    }

    @Test
    void a_sink_that_fails_for_a_while_gets_everything_in_the_end() {
        CountDownLatch arrived = new CountDownLatch(3);
        int[] failures = {4};
        AuditTrail trail = builder()
                .sink("table", batch -> {
                    if (failures[0]-- > 0) {
                        throw new IllegalStateException("down");
                    }
                    write(batch);
                    batch.forEach(record -> arrived.countDown());
                })
                .build();

        important(trail, 0, 3);
        await(arrived);
        trail.close();

        assertThat(Records.ids(records)).containsExactly("failed-0", "failed-1", "failed-2");
        assertThat(trail.status().get(0).lost()).isZero();
    }

    @Test
    void the_sinks_thread_closes_windows_although_nothing_else_happens() {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch summary = new CountDownLatch(2);
        AuditTrail trail = builder()
                .sink("list", batch -> {
                    write(batch);
                    first.countDown();
                    batch.forEach(record -> summary.countDown());
                })
                .build();
        trail.onEvent(Records.denied(0, "alice"));
        trail.onEvent(Records.denied(1, "alice"));
        await(first);

        clock.advance(Duration.ofMinutes(1));
        await(summary);
        trail.close();

        assertThat(Records.ids(records)).containsExactly("denied-0", "denied-1:repeats");
    }

    @Test
    void what_comes_after_the_end_is_counted_as_lost() {
        AuditTrail trail = builder().sink("list", this::write).build();
        trail.close();

        important(trail, 0, 2);

        assertThat(records).isEmpty();
        assertThat(trail.status().get(0).lost()).isEqualTo(2);
    }

    @Test
    void with_an_executor_everything_is_written_before_the_call_returns_and_a_failure_waits_for_the_next_record() {
        boolean[] isDown = {true};
        AuditTrail trail = builder()
                .sink("list", batch -> {
                    if (isDown[0]) {
                        throw new IllegalStateException("down");
                    }
                    write(batch);
                })
                .executor(Runnable::run)
                .build();

        important(trail, 0, 1);
        isDown[0] = false;
        important(trail, 1, 2);

        assertThat(Records.ids(records)).containsExactly("failed-0", "failed-1");
        assertThat(threads).containsOnly(Thread.currentThread());
    }

    @Test
    void at_the_end_an_executor_of_the_hosts_has_time_to_write_what_waits() throws Exception {
        CountDownLatch inCall = new CountDownLatch(1);
        CountDownLatch isClosing = new CountDownLatch(1);
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            AuditTrail trail = builder()
                    .sink("list", batch -> {
                        inCall.countDown();
                        await(isClosing);
                        write(batch);
                    })
                    .executor(executor)
                    .build();
            important(trail, 0, 2_000);
            await(inCall);
            Thread closing = new Thread(trail::close);
            closing.start();
            awaitWaiting(closing);
            isClosing.countDown();
            closing.join();

            assertThat(records).hasSize(2_000);
            assertThat(trail.status().get(0).written()).isEqualTo(2_000);
            assertThat(trail.status().get(0).lost()).isZero();
        } finally {
            executor.shutdownNow();
        }
    }

    private static void awaitWaiting(Thread thread) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            assertThat(System.nanoTime()).isLessThan(until);
            Thread.onSpinWait();
        }
    }

    @Test
    void a_record_says_from_where_and_under_which_name_the_call_came() {
        AuditTrail trail =
                builder().sink("list", this::write).executor(Runnable::run).build();

        trail.onEvent(
                Records.important(1),
                RequestContext.none().withAddress("192.0.2.1").withCorrelationId("4bf92f35"));

        assertThat(records.get(0).fields())
                .containsEntry(Field.ADDRESS, "192.0.2.1")
                .containsEntry(Field.CORRELATION, "4bf92f35");
    }

    @Test
    void it_needs_a_sink_and_each_name_once() {
        assertThatIllegalStateException().isThrownBy(() -> builder().build()).withMessageContaining("sink(...)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().sink("a", this::write).sink("a", this::write));
    }
}
