package dev.curfew.replica;

import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an index complete, and keeps it so, by what each read of the feed shows. Used by one thread; its state is read
 * by any.
 *
 * <p>It is in one of these states:
 *
 * <ul>
 *   <li><b>Loading.</b> It has no place in the feed, reads from the beginning, page after page, and adds what comes.
 *       Nothing is renewed. The page behind which nothing more stood leads to <i>following</i>.
 *   <li><b>Following.</b> It reads on from its place. A read behind which nothing more stood renews the freshness of
 *       the index, as of just before it was sent. A gap (the place is gone, because the store lost data or this node
 *       lagged for too long) leads to <i>loading</i>; nothing is dropped from the index then, and after the load this
 *       node records again what it remembers, verbatim, because it may be the only one that does.
 *   <li><b>Incomplete.</b> An entry could not be decoded, so something is missing. The index is not fresh until a load
 *       from the beginning finds everything readable; one is tried after 30 seconds, and then ever more rarely, down to
 *       every ten minutes.
 * </ul>
 *
 * <p>A birth that is newer than the one known is a gap as well: the store has lost a part, and has begun it anew. A
 * clock that was set back, to before the instant up to which this node has forgotten, leads from <i>following</i> to
 * <i>loading</i> too. Each read also brings the store's own horizon. A read that fails changes no state.
 */
final class FeedFollower {
    private static final Logger LOG = LoggerFactory.getLogger(FeedTailer.class);

    private enum State {
        LOADING,
        FOLLOWING,
        INCOMPLETE
    }

    private final FeedReader reader;
    private final FeedIntake intake;
    private final Freshness freshness;
    private final GapRecovery recovery;
    private final ReloadSchedule reloads;
    private final FirstLoad firstLoad = new FirstLoad();

    /** Written by the one thread alone. */
    private volatile State state = State.LOADING;

    /** The reader and the intake are this follower's alone. */
    FeedFollower(
            FeedReader reader, FeedIntake intake, Freshness freshness, GapRecovery recovery, ReloadSchedule reloads) {
        this.reader = reader;
        this.intake = intake;
        this.freshness = freshness;
        this.recovery = recovery;
        this.reloads = reloads;
    }

    /**
     * Whether the index holds, or held a moment ago, all that there is; else it cannot say that something is not in it.
     */
    boolean isFollowing() {
        return state == State.FOLLOWING;
    }

    Freshness freshness() {
        return freshness;
    }

    FirstLoad firstLoad() {
        return firstLoad;
    }

    /** Reads until nothing more stands there, or it may not go on; answers whether the index is complete and fresh. */
    boolean readOn(BooleanSupplier goesOn) {
        if (state == State.INCOMPLETE && reloads.isDue()) {
            load();
        } else if (state == State.FOLLOWING && intake.isBeforeOwnHorizon()) {
            LOG.warn("the clock was set back, to before what this node has forgotten; everything is loaded again");
            load();
        }
        while (goesOn.getAsBoolean()) {
            intake.beginRead();
            FeedReader.Reading last = reader.readOn(page -> intake.take(page, isFollowing()) && goesOn.getAsBoolean());
            if (last != null) {
                return endRead(last.sentNanos(), last.sentMillis());
            }
            if (goesOn.getAsBoolean()) {
                recovery.begin();
                load();
            }
        }
        return false;
    }

    private void load() {
        reader.goToBeginning();
        intake.beginLoad();
        state = State.LOADING;
    }

    /** Nothing more stands behind what was read by a read that was sent then. */
    private boolean endRead(long sentNanos, long sentMillis) {
        boolean isComplete = intake.endRead(sentNanos);
        if (isComplete) {
            if (state != State.FOLLOWING) {
                intake.endLoad();
                state = State.FOLLOWING;
            }
            reloads.end();
            freshness.renew(sentNanos, sentMillis);
        } else {
            becomeIncomplete();
        }
        firstLoad.done();
        return isComplete;
    }

    private void becomeIncomplete() {
        freshness.expire();
        if (state != State.INCOMPLETE) {
            LOG.error("an entry of the feed cannot be decoded, so the index does not answer alone"
                    + " (does a newer version write to the same store?)");
            intake.missed();
            reloads.begin();
            state = State.INCOMPLETE;
        }
    }
}
