package dev.curfew.ssf;

import dev.curfew.lease.Lease;
import dev.curfew.meter.Meter;
import dev.curfew.session.CurfewException;
import dev.curfew.session.FailureText;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.EventToken;
import dev.curfew.work.RedactedException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls one stream, step by step, while this node holds the lease. Confined to one thread, but for what tells how it
 * fares.
 *
 * <p>Invariants: a SET is acknowledged only after what it ends is recorded, and only while this node holds the lease.
 * What is not acknowledged comes again, and does no harm. A SET that fails for reasons of its own is left, and the next
 * one is looked at; while the store does not answer, those behind it are left as well.
 */
final class Poller {
    private static final Logger LOG = LoggerFactory.getLogger(PollReceiver.class);

    /** How often a node that does not poll looks whether it should, and one that waits sees to its lease. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    /** Until the lease can be renewed, should it ever be too short for a poll. */
    private static final Duration RENEWAL = Duration.ofSeconds(1);

    /** A call of a store, with what it may repeat. */
    private static final Duration ACT = Duration.ofSeconds(5);

    /** After so many SETs that the store has not recorded one after the other, the others are left. */
    private static final int MOST_UNANSWERED = 3;

    private final SecurityEventReceiver receiver;
    private final PollExchange exchange;
    private final Lease lease;
    private final Duration interval;
    private final int maxEvents;
    private final Clock clock;
    private final LongSupplier ticker;
    private final PollHealth health;
    private final SetCounts counts = new SetCounts("poll");
    private final HeldBack heldBack;
    private final Settled settled = new Settled();

    /** What the last poll acknowledged: whoever sends that again has nothing new. */
    private Set<String> acknowledged = Set.of();

    /** Fewer than may be, while the answers are too long. */
    private int atOnce;

    private volatile boolean isEnding;

    /** When to poll next by elapsed time, or null for at once. */
    private @Nullable Long dueAt;

    Poller(SecurityEventReceiver receiver, PollExchange exchange, Lease lease, Duration interval, int maxEvents) {
        this.receiver = receiver;
        this.exchange = exchange;
        this.lease = lease;
        this.interval = interval;
        this.maxEvents = maxEvents;
        this.atOnce = maxEvents;
        this.clock = receiver.service().basis().clock();
        this.ticker = receiver.service().basis().ticker();
        this.health = new PollHealth(ticker);
        this.heldBack = new HeldBack(ticker);
    }

    PollHealth health() {
        return health;
    }

    List<Meter> setMeters() {
        return counts.meters();
    }

    /** Does what is due, and answers how long there is nothing to do; never throws for what others can cause. */
    Duration step() {
        try {
            if (!holds()) {
                return LOOK;
            }
            Duration left = untilDue();
            if (!left.isZero()) {
                return atMostLook(left);
            }
            if (!lease.allows(exchange.timeout())) {
                return RENEWAL;
            }
            dueIn(round());
            return atMostLook(untilDue());
        } catch (PollFailedException e) {
            return failed(e);
        } catch (CurfewException e) {
            return failed(FailureText.of(e), Duration.ZERO);
        } catch (RuntimeException e) {
            LOG.error("a poll failed", new RedactedException(e));
            return failed(e.getClass().getName(), Duration.ZERO);
        }
    }

    /** Ends a step that is under way as soon as may be. Thread-safe. */
    void end() {
        isEnding = true;
        exchange.abandon();
    }

    /** Lets another node go on. */
    void release() {
        health.holds(false);
        settled.clear();
        lease.release();
    }

    /** Whoever does not hold it any more acknowledges nothing more, and whoever has just got it polls at once. */
    private boolean holds() {
        boolean isHolder = lease.hold();
        if (!isHolder) {
            settled.clear();
        }
        if (isHolder && !health.status().isHolder()) {
            dueAt = null;
        }
        health.holds(isHolder);
        return isHolder;
    }

    /** One poll; answers when the next one is due. */
    private Duration round() throws PollFailedException {
        PollAnswer answer = exchange.poll(atOnce, settled);
        acknowledged = settled.keys();
        settled.clear();
        boolean isNew = settle(answer.sets());
        health.answered(clock.instant());
        if (isNew) {
            // What was settled is acknowledged at once, and perhaps there are more.
            return Duration.ZERO;
        }
        atOnce = maxEvents;
        return interval;
    }

    /**
     * Whether something was settled that was not acknowledged just before.
     *
     * @throws StoreUnavailableException if the store did not record all
     */
    private boolean settle(Map<String, @Nullable String> sets) {
        StoreUnavailableException outage = null;
        int unanswered = 0;
        for (Map.Entry<String, @Nullable String> set : sets.entrySet()) {
            if (isEnding || !holds() || !lease.allows(ACT)) {
                settled.clear();
                return false;
            }
            try {
                settle(set.getKey(), set.getValue());
                unanswered = 0;
            } catch (StoreUnavailableException e) {
                // Perhaps a part of the store alone.
                outage = e;
                unanswered++;
                counts.count(SetCounts.Result.FAILED);
            }
            if (unanswered == MOST_UNANSWERED) {
                break;
            }
        }
        if (outage != null) {
            throw outage;
        }
        return !acknowledged.containsAll(settled.keys());
    }

    private void settle(String key, @Nullable String text) {
        try {
            accept(key, text);
            settled.accept(key);
            counts.count(SetCounts.Result.ACCEPTED);
            heldBack.forget(key);
        } catch (RefusedSetException e) {
            if (e.isKeyUnknown() && heldBack.mayWait(key)) {
                return;
            }
            settled.refuse(key, e);
            counts.count(SetCounts.Result.REFUSED);
            heldBack.forget(key);
        } catch (StoreUnavailableException e) {
            throw e;
        } catch (CurfewException e) {
            counts.count(SetCounts.Result.FAILED);
            LOG.error("a SET is left unacknowledged, and will come again: {}", FailureText.of(e));
        } catch (RuntimeException e) {
            counts.count(SetCounts.Result.FAILED);
            LOG.error("a SET is left unacknowledged, and will come again", new RedactedException(e));
        }
    }

    private void accept(String key, @Nullable String text) throws RefusedSetException {
        if (text == null) {
            throw RefusedSetException.of(SetError.INVALID_REQUEST, "the SET is no string");
        }
        EventToken token = receiver.verify(text);
        if (!token.id().equals(key)) {
            throw RefusedSetException.of(SetError.INVALID_REQUEST, "the SET came under another key than its jti");
        }
        receiver.act(token);
    }

    private Duration failed(PollFailedException e) {
        if (e.isRefused()) {
            // Perhaps it was what we acknowledged: those that matter come again.
            settled.clear();
        }
        if (e.isTooLarge()) {
            atOnce = Math.max(1, atOnce / 2);
        }
        return failed(String.valueOf(e.getMessage()), e.retryAfter());
    }

    private Duration failed(String why, Duration retryAfter) {
        dueIn(PollPause.after(health.failed(why), retryAfter));
        return atMostLook(untilDue());
    }

    private static Duration atMostLook(Duration pause) {
        return pause.compareTo(LOOK) < 0 ? pause : LOOK;
    }

    private void dueIn(Duration pause) {
        dueAt = ticker.getAsLong() + pause.toNanos();
    }

    private Duration untilDue() {
        Long due = dueAt;
        return due == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, due - ticker.getAsLong()));
    }
}
