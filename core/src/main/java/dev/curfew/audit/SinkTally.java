package dev.curfew.audit;

import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What became of the records of one sink, and of its last calls. Guarded by its owner. */
final class SinkTally {
    private final Clock clock;
    private long written;
    private long lost;
    private long lostInOutage;
    private @Nullable Instant failingSince;
    private @Nullable String lastFailure;
    private @Nullable Instant callSince;

    SinkTally(Clock clock) {
        this.clock = clock;
    }

    boolean isInCall() {
        return callSince != null;
    }

    void called() {
        callSince = clock.instant();
    }

    /** Answers how many were lost in the outage that this success ends. */
    long succeeded(int count, boolean isCaughtUp) {
        written += count;
        // Losses of a sink that is merely slow are summed up once it has caught up.
        boolean isWell = failingSince != null || isCaughtUp;
        long lostMeanwhile = isWell ? lostInOutage : 0;
        lostInOutage -= lostMeanwhile;
        failingSince = null;
        callSince = null;
        return lostMeanwhile;
    }

    void failed(Throwable failure) {
        failingSince = failingSince == null ? callSince : failingSince;
        callSince = null;
        lastFailure = failure.getClass().getName();
    }

    /** Answers whether these are the first of an outage. */
    boolean lost(int count) {
        boolean isFirst = lostInOutage == 0;
        lost += count;
        lostInOutage += count;
        return isFirst;
    }

    /** The sink will not be called again. */
    void lostAtEnd(int count) {
        lost += count;
    }

    AuditSinkStatus status(String name, int queued) {
        return new AuditSinkStatus(name, queued, written, lost, failingSince, lastFailure, callSince);
    }
}
