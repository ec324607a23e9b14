package dev.curfew.jdbc.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who wakes the listeners, and what becomes of it when that fails. */
@Timeout(60)
final class HintTurnsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long QUARTER = TimeUnit.MILLISECONDS.toNanos(250);

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger sent = new AtomicInteger();

    private final Executor threads = task -> {
        started.incrementAndGet();
        Thread thread = new Thread(task, "test");
        thread.setDaemon(true);
        thread.start();
    };

    @Test
    void one_transaction_of_a_quarter_of_a_second_notifies() {
        HintTurns turns = new HintTurns(nanos::get, threads);
        assertThat(turns.tryTake()).isTrue();
        nanos.addAndGet(QUARTER - 1);
        assertThat(turns.tryTake()).isFalse();
        nanos.incrementAndGet();
        assertThat(turns.tryTake()).isTrue();
        assertThat(turns.tryTake()).isFalse();
    }

    @Test
    void if_no_thread_can_be_started_the_next_transaction_notifies_by_itself() {
        AtomicInteger attempts = new AtomicInteger();
        HintTurns turns = new HintTurns(nanos::get, task -> {
            attempts.incrementAndGet();
            throw new OutOfMemoryError("unable to create native thread");
        });
        for (int i = 1; i <= 3; i++) {
            assertThat(turns.tryTake()).isTrue();
            assertThat(turns.tryTake()).isFalse();
            turns.owe(sent::incrementAndGet);
            assertThat(attempts).hasValue(i);
            nanos.addAndGet(QUARTER);
        }
        turns.close(PATIENCE);
        assertThat(sent).hasValue(0);
    }

    @Test
    void a_notification_that_waits_for_a_connection_holds_up_no_transaction_and_is_the_only_one() throws Exception {
        HintTurns turns = new HintTurns(nanos::get, threads);
        CountDownLatch isSending = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        assertThat(turns.tryTake()).isTrue();
        nanos.addAndGet(QUARTER);
        turns.owe(() -> {
            isSending.countDown();
            await(goesOn);
            sent.incrementAndGet();
        });
        await(isSending);
        int notified = 0;
        for (int i = 0; i < 20; i++) {
            nanos.addAndGet(QUARTER);
            if (turns.tryTake()) {
                notified++;
            } else {
                turns.owe(sent::incrementAndGet);
            }
        }
        assertThat(notified).isGreaterThanOrEqualTo(9);
        assertThat(started).hasValue(1);
        assertThat(sent).hasValue(0);
        goesOn.countDown();
        turns.close(PATIENCE);
        assertThat(sent).hasValueBetween(1, 2);
    }

    @Test
    void what_is_owed_is_sent_at_the_end_and_nothing_after_it() {
        HintTurns turns = new HintTurns(nanos::get, threads);
        assertThat(turns.tryTake()).isTrue();
        turns.owe(sent::incrementAndGet);
        assertThat(started).hasValue(1);

        turns.close(PATIENCE);

        assertThat(sent).hasValue(1);
        assertThat(turns.tryTake()).isTrue();
        turns.owe(sent::incrementAndGet);
        turns.close(PATIENCE);
        assertThat(sent).hasValue(1);
        assertThat(started).hasValue(1);
    }

    @Test
    void a_notification_that_fails_is_followed_by_others() {
        HintTurns turns = new HintTurns(nanos::get, threads);
        CountDownLatch failed = new CountDownLatch(1);
        assertThat(turns.tryTake()).isTrue();
        nanos.addAndGet(QUARTER);
        turns.owe(() -> {
            failed.countDown();
            throw new AssertionError("as the driver may");
        });
        await(failed);
        CountDownLatch second = new CountDownLatch(1);
        nanos.addAndGet(QUARTER);
        turns.owe(second::countDown);
        nanos.addAndGet(QUARTER);
        await(second);
        turns.close(PATIENCE);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
