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
         * @param goesOn asked before each step
         * @return false if it was not to go on
         * @throws RuntimeException if it is to be done again later, from the place on
         */
        boolean run(Revocation entry, BooleanSupplier goesOn);

        /** So many entries could not be read; they are passed over. */
        void undecodable(int entries);
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
            failures = 0;
            lastTrouble = null;
            trouble.worked();
            return rest;
        } catch (Throwable e) {
            // Whatever it is, somebody has to work it off; until then, this says so.
            reader = null;
            meters.failed();
            trouble.failed(e);
            lastTrouble = FailureText.of(e);
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
        if (!isDone(page)) {
            reader = null;
            return AT_ONCE;
        }
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

    /** Whether all of a page was worked on, and the place moved behind it. */
    private boolean isDone(FeedRead.Page page) {
        if (page.undecodable() > 0) {
            meters.unreadableEntries(page.undecodable());
            work.undecodable(page.undecodable());
        }
        for (Revocation entry : revocations(page.entries())) {
            if (!work.run(entry, this::mayGoOn)) {
                return false;
            }
        }
        if (page.next().equals(position)) {
            return true;
        }
        boolean isMine = lease.advance(LaneState.encode(page.next()));
        if (isMine) {
            position = page.next();
        }
        return isMine;
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
        } catch (CurfewException e) {
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
