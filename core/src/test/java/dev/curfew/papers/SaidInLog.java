package dev.curfew.papers;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** Waits for the first line that one logger writes from now on, by whatever thread. Thread-safe. */
public final class SaidInLog {
    private SaidInLog() {}

    /** The line that follows something; what it answers is closed afterwards. */
    public static Callable<String> by(String owner, Callable<? extends AutoCloseable> action) {
        return () -> {
            Logger logger = (Logger) LoggerFactory.getLogger(owner);
            Queue lines = new Queue();
            lines.start();
            logger.addAppender(lines);
            AutoCloseable used = null;
            try {
                used = action.call();
                return String.valueOf(lines.events.poll(20, TimeUnit.SECONDS));
            } finally {
                logger.detachAppender(lines);
                if (used != null) {
                    used.close();
                }
            }
        };
    }

    private static final class Queue extends AppenderBase<ILoggingEvent> {
        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

        @Override
        protected void append(ILoggingEvent line) {
            if (line.getLevel().isGreaterOrEqual(Level.INFO)) {
                events.add(line.getFormattedMessage());
            }
        }
    }
}
