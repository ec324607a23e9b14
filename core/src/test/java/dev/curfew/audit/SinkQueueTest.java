package dev.curfew.audit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.curfew.contract.ManualClock;
import dev.curfew.event.RequestContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What becomes of records whose sink fails, call by call. LOG-04. */
class SinkQueueTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(AuditTrail.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final ManualClock clock = ManualClock.at(Records.NOW);
    private final AuditVocabulary vocabulary = new AuditVocabulary(null);
    private final List<List<AuditRecord>> calls = new ArrayList<>();
    private final List<String> written = new ArrayList<>();
    private String poison = "";
    private boolean isDown;
    private final SinkQueue queue = new SinkQueue("table", this::write, clock);

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    private void write(List<AuditRecord> records) {
        calls.add(records);
        if (isDown || Records.ids(records).contains(poison)) {
            throw new IllegalStateException("no");
        }
        written.addAll(Records.ids(records));
    }

    private void offer(int from, int to) {
        IntStream.range(from, to)
                .forEach(number -> queue.offer(
                        vocabulary
                                .describe(Records.important(number), RequestContext.none())
                                .orElseThrow(),
                        false));
    }

    private void offerLowPriority(int from, int to) {
        IntStream.range(from, to)
                .forEach(number -> queue.offer(
                        vocabulary
                                .describe(Records.denied(number, "alice"), RequestContext.none())
                                .orElseThrow(),
                        true));
    }

    private void callUntilEmpty() {
        for (int i = 0; i < 1_000 && queue.status().queued() > 0; i++) {
            queue.writeSome();
        }
    }

    @Test
    void records_come_in_order_in_batches_of_500() {
        offer(0, 1_200);
        callUntilEmpty();

        assertThat(calls).extracting(List::size).containsExactly(500, 500, 200);
        assertThat(written).hasSize(1_200).startsWith("failed-0", "failed-1").endsWith("failed-1199");
        assertThat(queue.status()).isEqualTo(new AuditSinkStatus("table", 0, 1_200, 0, null, null, null));
    }

    @Test
    void an_outage_loses_nothing_as_long_as_it_is_short_and_is_told_once() {
        isDown = true;
        offer(0, 3);
        for (int i = 0; i < SinkAttempts.MOST - 1; i++) {
            assertThat(queue.writeSome()).isFalse();
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(queue.status())
                .isEqualTo(new AuditSinkStatus(
                        "table", 3, 0, 0, Records.NOW, IllegalStateException.class.getName(), null));

        isDown = false;
        callUntilEmpty();

        assertThat(written).containsExactly("failed-0", "failed-1", "failed-2");
        assertThat(queue.status().lost()).isZero();
        assertThat(queue.status().failingSince()).isNull();
        assertThat(log.list).hasSize(2);
    }

    @Test
    void after_ten_attempts_a_record_is_given_up_and_the_next_one_is_offered() {
        isDown = true;
        offer(0, 3);
        for (int i = 0; i < 2 * SinkAttempts.MOST; i++) {
            queue.writeSome();
        }
        assertThat(queue.status().lost()).isEqualTo(2);

        isDown = false;
        callUntilEmpty();

        assertThat(written).containsExactly("failed-2");
        assertThat(log.list).hasSize(3);
        assertThat(log.list.get(2).getFormattedMessage()).contains("2 records were lost");
    }

    @Test
    void one_record_that_the_sink_cannot_take_takes_no_other_with_it() {
        poison = "failed-321";
        offer(0, 1_000);
        callUntilEmpty();

        assertThat(written).hasSize(999).doesNotContain(poison).doesNotHaveDuplicates();
        assertThat(queue.status().written()).isEqualTo(999);
        assertThat(queue.status().lost()).isEqualTo(1);
    }

    @Test
    void what_comes_on_top_of_a_full_queue_is_lost_counted_and_told_once() {
        offer(0, SinkQueue.CAPACITY + 7);

        assertThat(queue.status().queued()).isEqualTo(SinkQueue.CAPACITY);
        assertThat(queue.status().lost()).isEqualTo(7);
        assertThat(log.list).hasSize(1);

        callUntilEmpty();
        assertThat(written).hasSize(SinkQueue.CAPACITY);
        assertThat(log.list).hasSize(2);
        assertThat(log.list.get(1).getFormattedMessage()).contains("7 records were lost");
    }

    @Test
    void what_is_frequent_leaves_half_of_the_queue_to_what_must_be_known() {
        offerLowPriority(0, SinkQueue.CAPACITY);
        assertThat(queue.status().queued()).isEqualTo(SinkQueue.CAPACITY / 2);

        offer(0, SinkQueue.CAPACITY / 2);
        assertThat(queue.status().queued()).isEqualTo(SinkQueue.CAPACITY);
        assertThat(queue.status().lost()).isEqualTo(SinkQueue.CAPACITY / 2);

        callUntilEmpty();
        assertThat(written).contains("failed-" + (SinkQueue.CAPACITY / 2 - 1));
    }

    @Test
    void an_error_of_the_sink_is_a_failure_like_any_other() {
        SinkQueue failing = new SinkQueue(
                "broken",
                records -> {
                    throw new NoClassDefFoundError("of the host");
                },
                clock);
        failing.offer(
                vocabulary.describe(Records.important(1), RequestContext.none()).orElseThrow(), false);

        assertThat(failing.writeSome()).isFalse();
        assertThat(failing.status().lastFailure()).isEqualTo(NoClassDefFoundError.class.getName());
    }

    @Test
    void a_sink_that_causes_records_itself_is_not_called_within_its_call() {
        SinkQueue[] reentrant = new SinkQueue[1];
        reentrant[0] = new SinkQueue(
                "reentrant",
                records -> {
                    assertThat(reentrant[0].status().callSince()).isEqualTo(Records.NOW);
                    assertThat(reentrant[0].writeSome()).isFalse();
                    written.addAll(Records.ids(records));
                },
                clock);
        reentrant[0].offer(
                vocabulary.describe(Records.important(1), RequestContext.none()).orElseThrow(), false);

        assertThat(reentrant[0].writeSome()).isTrue();
        assertThat(written).containsExactly("failed-1");
        assertThat(reentrant[0].status().lost()).isZero();
    }

    @Test
    void what_is_left_at_the_end_is_lost_and_said() {
        isDown = true;
        offer(0, 5);
        queue.close();
        queue.writeSome();
        queue.abandon();
        offer(5, 6);

        assertThat(queue.status().queued()).isZero();
        assertThat(queue.status().lost()).isEqualTo(6);
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(line -> line.contains("5 records are lost at the end"));
    }

    @Test
    void a_sink_that_fails_now_and_then_is_told_once_a_minute_without_its_stack() {
        for (int i = 0; i < 100; i++) {
            offer(i, i + 1);
            isDown = true;
            queue.writeSome();
            isDown = false;
            queue.writeSome();
        }

        assertThat(written).hasSize(100);
        assertThat(log.list).hasSize(2).allMatch(line -> line.getThrowableProxy() == null);
    }
}
