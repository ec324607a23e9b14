package dev.curfew.meter;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class TroubleLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(TroubleLogTest.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final TroubleLog log =
            new TroubleLog(TroubleLogTest.class, "it cannot be read", "it is read again", nanos::get);

    TroubleLogTest() {
        logger.setLevel(Level.INFO);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
    }

    private List<String> taken() {
        List<String> taken =
                lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        lines.list.clear();
        return taken;
    }

    @Test
    void trouble_says_when_it_begins_at_most_once_a_minute_and_when_it_ends() {
        log.worked();
        assertThat(taken()).isEmpty();

        for (int i = 0; i < 100; i++) {
            log.failed(new IllegalStateException(new IOException("No space left on device")));
        }
        assertThat(taken()).containsExactly("it cannot be read: IOException: No space left on device");
        assertThat(log.isOn()).isTrue();

        nanos.addAndGet(Duration.ofSeconds(61).toNanos());
        log.failed(new IOException("read-only file system"));
        log.failed(new IOException("read-only file system"));
        assertThat(taken()).containsExactly("it cannot be read, 101 times by now: IOException: read-only file system");

        log.worked();
        log.worked();
        assertThat(taken()).containsExactly("it is read again, after 102 failures");
        assertThat(log.isOn()).isFalse();
    }

    @Test
    void trouble_that_comes_and_goes_is_told_at_most_once_a_minute() {
        for (int i = 0; i < 100; i++) {
            log.failed("disk full");
            log.worked();
        }

        assertThat(taken()).containsExactly("it cannot be read: disk full", "it is read again, after 1 failures");

        nanos.addAndGet(Duration.ofSeconds(61).toNanos());
        log.failed("disk full");
        assertThat(taken()).containsExactly("it cannot be read: disk full");
    }
}
