package dev.curfew.meter;

import dev.curfew.session.FailureText;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs a trouble that repeats itself: one line when it begins, then at most one a minute with how often it has
 * happened, and one when it is over. Each names the innermost cause. A trouble that comes and goes is told at most once
 * a minute too. Thread-safe; costs one read of a field while all is well.
 */
public final class TroubleLog {
    private static final long PERIOD_NANOS = Duration.ofMinutes(1).toNanos();

    private final Logger log;
    private final String trouble;
    private final String end;
    private final LongSupplier ticker;

    /** Written under the lock. */
    private volatile long count;

    /** When it was told last; long ago if never. Guarded by the lock. */
    private long toldNanos;

    /** Whether the trouble that lasts was told. Guarded by the lock. */
    private boolean isTold;

    /**
     * Makes a log of one trouble.
     *
     * @param owner in whose name
     * @param trouble what to say while it lasts, for example {@code "the feed cannot be read"}
     * @param end what to say when it is over, for example {@code "the feed is read again"}
     * @param ticker elapsed time in nanoseconds
     */
    public TroubleLog(Class<?> owner, String trouble, String end, LongSupplier ticker) {
        this.log = LoggerFactory.getLogger(owner);
        this.trouble = trouble;
        this.end = end;
        this.ticker = ticker;
        this.toldNanos = ticker.getAsLong() - PERIOD_NANOS;
    }

    /**
     * It happened.
     *
     * @param why what was thrown; the line holds {@link FailureText#of} of it
     */
    public void failed(Throwable why) {
        failed(() -> FailureText.of(why));
    }

    /**
     * It happened.
     *
     * @param why a short text without a secret
     */
    public void failed(String why) {
        failed(() -> why);
    }

    private void failed(Supplier<String> why) {
        long now = ticker.getAsLong();
        long times;
        synchronized (this) {
            times = ++count;
            if (now - toldNanos < PERIOD_NANOS) {
                return;
            }
            toldNanos = now;
            isTold = true;
        }
        if (times == 1) {
            log.warn("{}: {}", trouble, why.get());
        } else {
            log.warn("{}, {} times by now: {}", trouble, times, why.get());
        }
    }

    /** It went well; the first time after a trouble, that is over. */
    public void worked() {
        if (count == 0) {
            return;
        }
        long times;
        synchronized (this) {
            times = isTold ? count : 0;
            count = 0;
            isTold = false;
        }
        if (times > 0) {
            log.info("{}, after {} failures", end, times);
        }
    }

    /** {@return whether it lasts} */
    public boolean isOn() {
        return count > 0;
    }
}
