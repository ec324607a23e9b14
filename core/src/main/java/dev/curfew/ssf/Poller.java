package dev.curfew.ssf;

import dev.curfew.deliver.OutgoingRequest;
import dev.curfew.lease.Lease;
import dev.curfew.meter.Meter;
import dev.curfew.meter.TroubleLog;
import dev.curfew.session.CurfewException;
import dev.curfew.session.FailureText;
import dev.curfew.token.EventToken;
import dev.curfew.work.RecentSet;
import dev.curfew.work.RedactedException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls one stream, step by step, while this node holds the lease. Confined to one thread, but for what tells how it
 * fares.
 *
 * <p>Invariants: a SET is acknowledged only after what it ends is recorded, and only while this node holds the lease.
 * What is not acknowledged comes again, and does no harm. A SET that fails for reasons of its own is left, and more are
 * asked for, so that those behind it come too; while the store or the keys cannot be had, those behind it are left as
 * well.
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

    /** More are not asked for, however many are left. */
    private static final int MOST_AT_ONCE = 1_000;

    /** Of so many keys it is known that they were acknowledged: whoever sends them again has nothing new. */
    private static final int MOST_ACKNOWLEDGED = 2_000;

    /** After so many polls without a rest there is one, whatever comes. */
    private static final int MOST_AT_A_STRETCH = 100;

    private static final Duration REST = Duration.ofSeconds(1);

    /** How long a transmitter that has refused a poll with refusals is told none. */
    private static final Duration UNTOLD = Duration.ofHours(1);

    private final SecurityEventReceiver receiver;
    private final PollExchange exchange;
    private final Lease lease;
    private final Duration interval;
    private final int maxEvents;
    private final Clock clock;
    private final LongSupplier ticker;
    private final PollHealth health;
    private final SetCounts counts;
    private final TroubleLog failures = new TroubleLog(
            PollReceiver.class,
            "SETs are left unacknowledged, and come again",
            "SETs are recorded again",
            System::nanoTime);
    private final HeldBack heldBack;
    private final Settled settled = new Settled();
    private final RecentSet<String> acknowledged = new RecentSet<>(MOST_ACKNOWLEDGED);

    /** Fewer than may be, while the answers are too long. */
    private int atOnce;

    /** How many of the last answer were left. */
    private int left;

    private int atAStretch;

    /** Whether the transmitter has refused what was acknowledged, and has taken nothing since. */
    private boolean isRefused;

    /** Since when it is told no refusals, by elapsed time; null if it is told. */
    private @Nullable Long untoldSince;

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
        this.health = new PollHealth(receiver.upstream().realm(), ticker);
        this.counts = new SetCounts(PollReceiver.class, receiver.upstream().realm(), "poll");
        this.heldBack = new HeldBack(ticker);
    }

    PollHealth health() {
        return health;
    }

    List<Meter> setMeters() {
        return counts.meters();
    }

    /** Does what is due, and answers how long there is nothing to do; never throws. */
    Duration step() {
        try {
            if (!holds()) {
                return LOOK;
            }
            Duration due = untilDue();
            if (!due.isZero()) {
                return atMostLook(due);
            }
            int most = Math.min(MOST_AT_ONCE, atOnce + left);
            OutgoingRequest request = exchange.request(most, settled);
            // The host may have taken its time for the authorization.
            if (!holds() || !lease.allows(exchange.timeout())) {
                return RENEWAL;
            }
            dueIn(round(exchange.poll(request, most), most));
            return atMostLook(untilDue());
        } catch (PollFailedException e) {
            return failed(e);
        } catch (CurfewException e) {
            return failed(FailureText.of(e), Duration.ZERO);
        } catch (Throwable e) {
            // A thread that ended here would be missed by nobody.
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
        if (isHolder && !health.isHolder()) {
            dueAt = null;
        }
        health.holds(isHolder);
        return isHolder;
    }

    /** What an answer brings; answers when the next poll is due. */
    private Duration round(PollAnswer answer, int most) {
        boolean isTaken = !settled.isEmpty();
        isRefused &= !isTaken;
        settled.keys().forEach(acknowledged::add);
        settled.clear();
        left = 0;
        boolean isNew = settle(answer.sets());
        health.answered(clock.instant(), left, !isRefused);
        if (isNew && !isRefused) {
            // What was settled is acknowledged at once, and perhaps there are more.
            atAStretch++;
            return atAStretch % MOST_AT_A_STRETCH == 0 ? REST : Duration.ZERO;
        }
        if (answer.sets().size() < most) {
            atOnce = maxEvents;
        }
        return interval;
    }

    /**
     * Whether something was settled that was not acknowledged before.
     *
     * @throws CurfewException if the store or the keys cannot be had
     */
    private boolean settle(Map<String, @Nullable String> sets) {
        CurfewException outage = null;
        int unanswered = 0;
        for (Map.Entry<String, @Nullable String> set : sets.entrySet()) {
            if (isEnding || !holds() || !lease.allows(ACT)) {
                settled.clear();
                return false;
            }
            CurfewException failure = settle(set.getKey(), set.getValue());
            outage = failure == null ? outage : failure;
            unanswered = failure == null ? 0 : unanswered + 1;
            if (unanswered == MOST_UNANSWERED) {
                break;
            }
        }
        if (outage != null) {
            throw outage;
        }
        return settled.keys().stream().anyMatch(key -> !acknowledged.contains(key));
    }

    /** Settles one SET if that can be done now; answers the outage that is in its way. */
    private @Nullable CurfewException settle(String key, @Nullable String text) {
        try {
            counts.accepted(accept(key, text));
            settled.accept(key);
            heldBack.forget(key);
            return null;
        } catch (RefusedSetException e) {
            refuse(key, e);
            return null;
        } catch (CurfewException e) {
            counts.failed();
            if (e.isRetryable()) {
                return e;
            }
            left++;
            failures.failed(e);
            return null;
        } catch (Throwable e) {
            // Of a host's resolver, say, in any language.
            counts.failed();
            left++;
            failures.failed(new RedactedException(e));
            return null;
        }
    }

    private void refuse(String key, RefusedSetException e) {
        if (e.mayBeMended() && heldBack.mayWait(key) || !isTold()) {
            left++;
            return;
        }
        settled.refuse(key, e);
        counts.refused(e.error(), e.detail());
        heldBack.forget(key);
    }

    private boolean isTold() {
        Long since = untoldSince;
        if (since != null && ticker.getAsLong() - since >= UNTOLD.toNanos()) {
            untoldSince = null;
        }
        return untoldSince == null;
    }

    private Optional<SignalListener.Why> accept(String key, @Nullable String text) throws RefusedSetException {
        if (text == null) {
            throw RefusedSetException.of(SetError.INVALID_REQUEST, "the SET is no string");
        }
        EventToken token = receiver.verify(text);
        if (!token.id().equals(key)) {
            throw RefusedSetException.of(SetError.INVALID_REQUEST, "the SET came under another key than its jti");
        }
        return receiver.act(token);
    }

    private Duration failed(PollFailedException e) {
        if (e.isRefused() && !settled.isEmpty()) {
            isRefused = true;
            if (settled.refused().isEmpty()) {
                // Those that matter come again.
                settled.clear();
            } else {
                LOG.error(
                        "the transmitter refuses a poll that tells it of refused SETs: for an hour it is told of none,"
                                + " and they stay there");
                untoldSince = ticker.getAsLong();
                settled.clearRefused();
            }
        }
        if (e.isTooLarge()) {
            atOnce = Math.max(1, atOnce / 2);
            left /= 2;
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
