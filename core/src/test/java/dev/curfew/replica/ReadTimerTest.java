package dev.curfew.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How often hints cause a read. */
@Timeout(60)
class ReadTimerTest {
    private static final long LONG = TimeUnit.HOURS.toNanos(1);
    private static final long QUARTER = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(300);

    private final AtomicLong nanos = new AtomicLong();
    private final ReadTimer timer = new ReadTimer(LONG, nanos::get);

    @Test
    void without_any_reason_nothing_is_due_before_the_next_poll() throws InterruptedException {
        assertThat(timer.isDue()).isFalse();

        ReadTimer poll = new ReadTimer(1, nanos::get);
        poll.rest();
        assertThat(poll.isDue()).isTrue();
    }

    @Test
    void the_first_hint_wakes_at_once_and_then_four_a_second_however_many_come() throws InterruptedException {
        int woken = 0;
        for (int i = 0; i < 10_000; i++) {
            // A hint each millisecond for ten seconds.
            nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
            timer.hint();
            if (timer.isDue()) {
                timer.rest();
                woken++;
            }
        }

        assertThat(woken).isBetween(34, 40);
    }

    @Test
    void nodes_that_hear_the_same_hints_do_not_go_on_to_read_at_the_same_moment() throws InterruptedException {
        ReadTimer other = new ReadTimer(LONG, nanos::get);
        int together = 0;
        int woken = 0;
        for (int i = 0; i < 1_000_000; i++) {
            nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
            timer.hint();
            other.hint();
            boolean isDue = timer.isDue();
            boolean isOtherDue = other.isDue();
            if (isDue) {
                timer.rest();
                woken++;
            }
            if (isOtherDue) {
                other.rest();
            }
            together += isDue && isOtherDue ? 1 : 0;
        }
        // By chance, one of 250 or so.
        assertThat(together).isPositive().isLessThan(woken / 10);
    }

    @Test
    void the_last_hint_of_many_is_not_lost() throws InterruptedException {
        timer.hint();
        timer.rest();
        timer.hint();
        assertThat(timer.isDue()).isFalse();

        nanos.addAndGet(QUARTER - 1);
        assertThat(timer.isDue()).isFalse();

        nanos.addAndGet(LONGEST_WAIT - QUARTER + 1);
        assertThat(timer.isDue()).isTrue();
        timer.rest();
        nanos.addAndGet(LONGEST_WAIT);
        assertThat(timer.isDue()).isFalse();
    }

    @Test
    void whoever_waits_wakes_it_each_time() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            timer.hint();
            timer.hurry();
            assertThat(timer.isDue()).isTrue();
            timer.rest();
        }
    }
}
