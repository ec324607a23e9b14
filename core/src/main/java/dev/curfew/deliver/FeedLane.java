package dev.curfew.deliver;

import dev.curfew.Outbox;
import dev.curfew.SessionService;
import dev.curfew.lease.Lease;
import dev.curfew.lease.LeaseTerms;
import dev.curfew.meter.Meter;
import dev.curfew.meter.TroubleLog;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.CurfewException;
import dev.curfew.session.FailureText;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.RevocationFeed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works off the feed on one node at a time, a page at a time. Confined to one thread, but for what it tells of itself.
 *
 * <p><b>Nothing is left out.</b> The place in the feed is kept in the lease, and moves behind a page once all of it is
 * done. Whoever takes over goes on from there, so that the work on one page may be done again, by another node, and
 * must not mind. An entry that is brought again, because another partition has it too by then, is worked on again,
 * since only then that partition judges by it; so entries are told apart within one page only.
 *
 * <p><b>One holder.</b> Before each step the lease must last for long enough. A holder that stood still after it had
 * asked may finish that one step when another node has taken over; it changes nothing of the place.
 */
final class FeedLane {
    private static final Logger LOG = LoggerFactory.getLogger(FeedLane.class);
    private static final int PAGE = 500;
    private static final Duration AT_ONCE = Duration.ZERO;
    private static final Duration BETWEEN_READS = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 10;

    /** How often a node tries what it cannot do, and gives the lease up each time, before it is passed over. */
    private static final int MOST_TRIES = 10;

    private final Outbox outbox;
    private final Clock clock;
    private final LongSupplier ticker;
    private final Lease lease;
    private final LeaseTerms terms;
    private final Work work;
    private final BooleanSupplier isClosed;
    private final LaneMeters meters;
    private final TroubleLog trouble;

    /** Null while this node does not hold the lease, and after a page that was not done. */
    private @Nullable RevocationFeed reader;

    private FeedPosition position = FeedPosition.beginning();
    private int failures;

    /** How often the page at the place that follows could not be done here. */
    private int tries;

    private FeedPosition triedAt = FeedPosition.beginning();

    /** When the last read was sent behind which nothing more stood, once that was done; null on other nodes. */
    private volatile @Nullable Long caughtUpNanos;

    private volatile @Nullable String lastTrouble;

    /** What is done for entries. Used by one thread. */
    interface Work {
        /** {@return its name in the record of the lease, in meters and logs} */
        String name();

        /** {@return where it is counted} */
        LaneMeters meters();

        /**
         * Does what an entry asks for, which may have been done before.
         *
         * @param isLastTry whether what this node cannot do is now to be passed over, and told
         * @param goesOn asked before each step
         * @throws RuntimeException if an outage keeps all from being done
         */
        Result run(Revocation entry, boolean isLastTry, BooleanSupplier goesOn);

        /** So many entries could not be read; they are passed over. */
        void undecodable(int entries);
    }

    /** What became of the work on an entry. */
    enum Result {
        /** It is done, or was passed over. */
        DONE,
        /** Not all of it can be done here and now; perhaps another node can. */
        AGAIN,
        /** It was not to go on. */
        STOPPED
    }

    /**
     * Makes a lane that nobody works off yet.
     *
     * @param lease of these terms, of this lane alone
     * @param isClosed asked before each step
     */
    FeedLane(SessionService service, Lease lease, LeaseTerms terms, Work work, BooleanSupplier isClosed) {
        this.outbox = service.outbox();
        this.clock = service.basis().clock();
        this.ticker = service.basis().ticker();
        this.lease = lease;
        this.terms = terms;
        this.work = work;
        this.isClosed = isClosed;
        this.meters = work.meters();
        this.trouble = new TroubleLog(
                FeedLane.class,
                "the lane \"" + work.name() + "\" is not worked off by this node",
                "the lane \"" + work.name() + "\" is worked off again",
                ticker);
    }

    /** Works off one page if this node holds the lease or can take it; never throws. Answers how long to rest. */
    Duration turn() {
        try {
            Duration rest = lease.hold() ? workOff() : standBy();
            if (tries == 0) {
                failures = 0;
                lastTrouble = null;
                trouble.worked();
            }
            return rest;
        } catch (Throwable e) {
            // Whatever it is, somebody has to work it off; until then, this says so.
            reader = null;
            meters.failed();
            trouble.failed(e);
            lastTrouble = FailureText.of(e);
            if (!(e instanceof CurfewException ours && ours.isRetryable())) {
                // What is wrong with this node need not be wrong with another.
                release();
            }
            return pause();
        }
    }

    /** Twice as long after each failure, but never so long that this node would lose its lease over it. */
    private Duration pause() {
        Duration doubled = BETWEEN_READS.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        failures++;
        return doubled.compareTo(terms.renewEvery()) < 0 ? doubled : terms.renewEvery();
    }

    private Duration standBy() {
        reader = null;
        caughtUpNanos = null;
        lastTrouble = null;
        failures = 0;
        return terms.renewEvery();
    }

    private Duration workOff() {
        RevocationFeed feed = readerAtPlace();
        Instant now = clock.instant();
        long sent = ticker.getAsLong();
        FeedRead read = feed.readAfter(position, PAGE, now);
        meters.read();
        if (!(read instanceof FeedRead.Page page)) {
            return gap();
        }
        Result result = workOff(page);
        if (result != Result.DONE) {
            reader = null;
            return result == Result.AGAIN ? leaveToOthers() : AT_ONCE;
        }
        tries = 0;
        if (!page.isCaughtUp()) {
            return AT_ONCE;
        }
        caughtUpNanos = sent;
        feed.upkeep(now, this::mayGoOn);
        return BETWEEN_READS;
    }

    /**
     * A reader believes that what it has answered was taken in, so that after anything else another one answers it
     * again; also where somebody else has held the lease in between.
     */
    private RevocationFeed readerAtPlace() {
        FeedPosition standing = lease.state().map(LaneState::decode).orElseGet(FeedPosition::beginning);
        RevocationFeed present = reader;
        if (present == null || !standing.equals(position)) {
            present = outbox.reader();
            reader = present;
            position = standing;
        }
        return present;
    }

    /** All that stands there is read again: what is done already is found done. */
    private Duration gap() {
        LOG.info("the place of the lane \"{}\" is gone from the feed, which is read from its beginning", work.name());
        meters.gap();
        boolean wasAtBeginning = position.marks().isEmpty();
        boolean isMine = lease.advance(LaneState.encode(FeedPosition.beginning()));
        return isMine && wasAtBeginning ? BETWEEN_READS : AT_ONCE;
    }

    /**
     * Another node may have the key, or the version, that this one lacks. The place stays, and what comes behind it is
     * worked off with the page that is read again.
     */
    private Duration leaveToOthers() {
        tries++;
        meters.failed();
        lastTrouble = "what stands on the feed cannot all be read here, try " + tries + " of " + MOST_TRIES;
        trouble.failed(lastTrouble);
        release();
        return pause();
    }

    /** Works on all of a page, and moves the place behind it. */
    private Result workOff(FeedRead.Page page) {
        if (!position.equals(triedAt)) {
            triedAt = position;
            tries = 0;
        }
        boolean isLastTry = tries + 1 >= MOST_TRIES;
        boolean isAgain = page.undecodable() > 0 && !isLastTry;
        for (Revocation entry : revocations(page.entries())) {
            Result result = work.run(entry, isLastTry, this::mayGoOn);
            if (result == Result.STOPPED) {
                return result;
            }
            isAgain |= result == Result.AGAIN;
        }
        if (isAgain) {
            return Result.AGAIN;
        }
        if (page.undecodable() > 0) {
            meters.unreadableEntries(page.undecodable());
            work.undecodable(page.undecodable());
        }
        if (page.next().equals(position)) {
            return Result.DONE;
        }
        boolean isMine = lease.advance(LaneState.encode(page.next()));
        if (isMine) {
            position = page.next();
        }
        return isMine ? Result.DONE : Result.STOPPED;
    }

    /** Each once, also if several partitions have brought it. */
    private static Set<Revocation> revocations(Collection<FeedEntry> entries) {
        Set<Revocation> revocations = new LinkedHashSet<>();
        for (FeedEntry entry : entries) {
            if (entry instanceof FeedEntry.Revoked revoked) {
                revocations.add(revoked.revocation());
            } else if (entry instanceof FeedEntry.Closed closed) {
                revocations.add(closed.revocation());
            }
        }
        return revocations;
    }

    /** Renews the lease when that is due. Whoever has lost it, or is closed, begins no step any more. */
    private boolean mayGoOn() {
        return !isClosed.getAsBoolean() && lease.hold() && lease.allows(terms.renewEvery());
    }

    /** Lets another node take over at once, if the store answers. */
    void release() {
        try {
            lease.release();
        } catch (RuntimeException e) {
            LOG.info("the lease of the lane \"{}\" ends by itself: {}", work.name(), FailureText.of(e));
        }
        caughtUpNanos = null;
    }

    /** Whether this node works it off. Thread-safe. */
    boolean isHeld() {
        return lease.allows(Duration.ZERO);
    }

    /** How long ago all of it was done; nothing unless this node works it off and has come so far. Thread-safe. */
    Optional<Duration> behind() {
        Long since = caughtUpNanos;
        return since == null || !isHeld()
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(Math.max(0, ticker.getAsLong() - since)));
    }

    /** Why the last turn failed, if it did. Thread-safe. */
    Optional<String> trouble() {
        return Optional.ofNullable(lastTrouble);
    }

    List<Meter> meters() {
        return meters.meters(this::isHeld, () -> behind().map(FeedLane::seconds).orElse(Double.NaN));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
