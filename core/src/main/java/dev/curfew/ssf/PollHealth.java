package dev.curfew.ssf;

import dev.curfew.meter.Counts;
import dev.curfew.meter.Meter;
import dev.curfew.meter.TroubleLog;
import dev.curfew.session.Realm;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Keeps how the polls of this node went. Written by one thread, read by all. */
final class PollHealth {
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How a poll ended. */
    private enum Result {
        ANSWERED,
        FAILED
    }

    private final Counts<Result> polls = new Counts<>(Result.class);
    private final Map<String, String> tags;
    private final TroubleLog trouble;
    private final LongSupplier ticker;

    private volatile boolean isHolder;
    private volatile @Nullable Instant answeredAt;
    private volatile int failures;
    private volatile int left;
    private volatile @Nullable String wrong;

    /** Since when nothing was heard, by elapsed time; null while this node does not poll. */
    private volatile @Nullable Long heardSince;

    PollHealth(Realm realm, LongSupplier ticker) {
        this.tags = Map.of("realm", realm.name());
        this.ticker = ticker;
        this.trouble = new TroubleLog(
                PollReceiver.class, "SETs cannot be polled or recorded", "SETs are polled again", ticker);
    }

    PollStatus status(boolean isRunning) {
        return new PollStatus(
                isRunning, isHolder, Optional.ofNullable(answeredAt), failures, left, Optional.ofNullable(wrong));
    }

    boolean isHolder() {
        return isHolder;
    }

    /** Whoever finds that another node polls has nothing wrong. */
    void holds(boolean value) {
        if (isHolder != value) {
            isHolder = value;
            heardSince = value ? ticker.getAsLong() : null;
        }
        if (!value) {
            failures = 0;
            left = 0;
            wrong = null;
        }
    }

    /** The transmitter has answered, and so many SETs were left; whether that ends a row of failures. */
    void answered(Instant now, int leftNow, boolean isRecovered) {
        polls.increment(Result.ANSWERED);
        heardSince = ticker.getAsLong();
        answeredAt = now;
        left = leftNow;
        if (isRecovered) {
            failures = 0;
            wrong = leftNow == 0 ? null : leftNow + " SET(s) are left, because what they end cannot be recorded now";
        }
        if (leftNow > 0) {
            trouble.failed(leftNow + " SET(s) are left");
        } else if (isRecovered) {
            trouble.worked();
        }
    }

    /** Answers how many have failed one after the other. */
    int failed(String why) {
        polls.increment(Result.FAILED);
        trouble.failed(why);
        int all = failures;
        all++;
        failures = all;
        wrong = why;
        return all;
    }

    List<Meter> meters() {
        List<Meter> meters = new ArrayList<>(polls.meters(
                "curfew.ssf.polls", "polls of a transmitter of security events", "result", tags, value -> true));
        meters.add(new Meter.Gauge(
                "curfew.ssf.poll.silence",
                "since when the transmitter has not answered, on the node that polls",
                "seconds",
                tags,
                this::silence));
        meters.add(new Meter.Gauge(
                "curfew.ssf.poll.left", "SETs that the last poll has left for later", "", tags, () -> left));
        return meters;
    }

    private double silence() {
        Long since = heardSince;
        return since == null ? Double.NaN : (ticker.getAsLong() - since) / NANOS;
    }
}
