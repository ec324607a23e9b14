package dev.curfew.ssf;

import dev.curfew.meter.Counts;
import dev.curfew.meter.Meter;
import dev.curfew.meter.TroubleLog;
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
    private final TroubleLog trouble;
    private final LongSupplier ticker;

    private volatile PollStatus status = new PollStatus(false, Optional.empty(), 0, Optional.empty());

    /** Since when nothing was heard, by elapsed time; null while this node does not poll. */
    private volatile @Nullable Long heardSince;

    PollHealth(LongSupplier ticker) {
        this.ticker = ticker;
        this.trouble = new TroubleLog(
                PollReceiver.class, "SETs cannot be polled or recorded", "SETs are polled again", ticker);
    }

    PollStatus status() {
        return status;
    }

    void holds(boolean isHolder) {
        if (status.isHolder() != isHolder) {
            status = new PollStatus(isHolder, status.answeredAt(), status.failures(), status.trouble());
            heardSince = isHolder ? ticker.getAsLong() : null;
        }
    }

    void answered(Instant now) {
        polls.increment(Result.ANSWERED);
        heardSince = ticker.getAsLong();
        trouble.worked();
        status = new PollStatus(status.isHolder(), Optional.of(now), 0, Optional.empty());
    }

    /** Answers how many have failed one after the other. */
    int failed(String why) {
        polls.increment(Result.FAILED);
        trouble.failed(why);
        int failures = status.failures() + 1;
        status = new PollStatus(status.isHolder(), status.answeredAt(), failures, Optional.of(why));
        return failures;
    }

    List<Meter> meters() {
        List<Meter> meters = new ArrayList<>(
                polls.meters("curfew.ssf.polls", "polls of a transmitter of security events", "result"));
        meters.add(new Meter.Gauge(
                "curfew.ssf.poll.silence",
                "since when the transmitter has not answered, on the node that polls",
                "seconds",
                Map.of(),
                this::silence));
        return meters;
    }

    private double silence() {
        Long since = heardSince;
        return since == null ? Double.NaN : (ticker.getAsLong() - since) / NANOS;
    }
}
