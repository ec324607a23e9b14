package dev.curfew.meter;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.curfew.session.LookupKey;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A row that cannot be read is named once an hour, however often it is met. */
class DamagedRowsTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(DamagedRowsTest.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final DamagedRows rows = new DamagedRows(DamagedRowsTest.class, nanos::get);

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(lines);
    }

    @Test
    void each_row_is_named_once_an_hour() {
        for (int call = 0; call < 50; call++) {
            rows.met(new LookupKey(1, 1), "row 1");
            rows.met(new LookupKey(2, 2), "row 2");
        }
        assertThat(lines.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly("row 1", "row 2");

        nanos.addAndGet(Duration.ofHours(1).toNanos() - 1);
        rows.met(new LookupKey(1, 1), "row 1");
        assertThat(lines.list).hasSize(2);
        nanos.incrementAndGet();
        rows.met(new LookupKey(1, 1), "row 1 again");
        assertThat(lines.list).hasSize(3);
    }

    @Test
    void a_hundred_rows_are_named_and_then_that_there_are_more() {
        for (int i = 0; i < 1_000; i++) {
            rows.met(new LookupKey(i, i), "row " + i);
        }

        assertThat(lines.list).hasSize(101);
        assertThat(lines.list.get(100).getFormattedMessage())
                .isEqualTo("more rows that cannot be read are not named for an hour");
    }
}
