package dev.curfew.examples.vertx;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * What Vert.x says of event loops that are held up for longer than its limit. One that waits is told from one that a
 * busy machine does not let run, by where its stack stands. Thread-safe.
 */
final class BlockedLoops extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    /** Shorter than a check waits for a database that is silent. */
    private static final long LIMIT_MILLIS = 500;

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.vertx");
    private final List<String> waits = new CopyOnWriteArrayList<>();

    BlockedLoops() {
        start();
        logger.addAppender(this);
    }

    static VertxOptions options() {
        return new VertxOptions()
                .setMaxEventLoopExecuteTime(LIMIT_MILLIS)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
                .setWarningExceptionTime(LIMIT_MILLIS)
                .setWarningExceptionTimeUnit(TimeUnit.MILLISECONDS)
                .setBlockedThreadCheckInterval(LIMIT_MILLIS / 5)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS);
    }

    /** The methods in which event loops were found to wait. */
    List<String> waits() {
        return waits;
    }

    @Override
    protected void append(ILoggingEvent event) {
        IThrowableProxy thrown = event.getThrowableProxy();
        if (event.getLoggerName().endsWith("BlockedThreadChecker") && thrown != null) {
            String top = thrown.getStackTraceElementProxyArray()[0].getSTEAsString();
            if (top.matches(".*(park|wait|read|poll|connect|sleep)\\d*\\(.*")) {
                waits.add(top);
            }
        }
    }

    @Override
    public void close() {
        logger.detachAppender(this);
    }
}
