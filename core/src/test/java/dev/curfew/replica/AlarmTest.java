package dev.curfew.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How often hints cause a read. */
@Timeout(60)
class AlarmTest {
    private static final long LONG = TimeUnit.HOURS.toNanos(1);
    private static final long QUARTER = TimeUnit.MILLISECONDS.toNanos(250);

    private final AtomicLong nanos = new AtomicLong();
    private final Alarm alarm = new Alarm(LONG, nanos::get);

    @Test
    void without_any_reason_nothing_is_due_before_the_next_poll() throws InterruptedException {
        assertThat(alarm.isDue()).isFalse();

        Alarm poll = new Alarm(1, nanos::get);
        poll.rest();
        assertThat(poll.isDue()).isTrue();
    }

    @Test
    void the_first_hint_wakes_at_once_and_then_four_a_second_however_many_come() throws InterruptedException {
        int woken = 0;
        for (int i = 0; i < 10_000; i++) {
            // A hint each millisecond for ten seconds.
            nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
            alarm.hint();
            if (alarm.isDue()) {
                alarm.rest();
                woken++;
            }
        }

        assertThat(woken).isEqualTo(40);
    }

    @Test
    void the_last_hint_of_many_is_not_lost() throws InterruptedException {
        alarm.hint();
        alarm.rest();
        alarm.hint();
        assertThat(alarm.isDue()).isFalse();

        nanos.addAndGet(QUARTER);

        assertThat(alarm.isDue()).isTrue();
        alarm.rest();
        nanos.addAndGet(QUARTER);
        assertThat(alarm.isDue()).isFalse();
    }

    @Test
    void whoever_waits_wakes_it_each_time() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            alarm.hint();
            alarm.hurry();
            assertThat(alarm.isDue()).isTrue();
            alarm.rest();
        }
    }
}
