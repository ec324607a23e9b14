package dev.curfew.replica;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedRead;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Takes pages of a feed into an index. Used by one thread. */
final class FeedIntake {
    private final RevocationIndex index;
    private final NewRevocations news;
    private final PendingRecords pending;
    private final LostRevocations lost;
    private final ReplicaListeners listeners;
    private final NodeTime time;
    private final LoadProgress progress;
    private boolean sawUndecodable;

    FeedIntake(
            RevocationIndex index,
            NewRevocations news,
            PendingRecords pending,
            LostRevocations lost,
            ReplicaListeners listeners,
            NodeTime time) {
        this.index = index;
        this.news = news;
        this.pending = pending;
        this.lost = lost;
        this.listeners = listeners;
        this.time = time;
        this.progress = new LoadProgress(time);
    }

    void beginLoad() {
        sawUndecodable = false;
        listeners.missed();
        progress.begin();
        index.beginLoad();
    }

    /** Something could not be read, and nobody knows what it was. */
    void missed() {
        listeners.missed();
    }

    /** A read begins, of one page or several. */
    void beginRead() {
        index.beginRead();
    }

    /**
     * Takes in a page; answers false if it shows that the store has lost something, so that everything has to be loaded
     * again.
     */
    boolean take(FeedRead.Page page, boolean isFollowing) {
        Instant now = time.instant();
        boolean isRenewed = false;
        List<Revocation> entries = new ArrayList<>(page.entries().size());
        for (FeedEntry entry : page.entries()) {
            if (entry instanceof FeedEntry.Revoked revoked) {
                entries.add(revoked.revocation());
                isRenewed |= takeRenewal(revoked.revocation());
            } else if (entry instanceof FeedEntry.Opened opened) {
                index.open(opened.act(), opened.entry());
            } else if (entry instanceof FeedEntry.Closed closed) {
                takeClosed(closed, isFollowing, now);
            } else if (entry instanceof FeedEntry.Rotated rotated) {
                listeners.exchanged(rotated.session());
            }
        }
        index.storeHorizon(page.times().horizon());
        pending.arrived(entries);
        for (Revocation entry : index.addAll(entries, time.forgetting(now))) {
            news.add(entry, isFollowing, now);
        }
        news.endPage(now);
        sawUndecodable |= page.undecodable() > 0;
        progress.read(page.entries().size(), !isFollowing);
        return !isRenewed;
    }

    /** Whether it is the birth of something that the store has lost and begun anew. */
    private boolean takeRenewal(Revocation entry) {
        boolean isRenewal = entry.target().kind() == Kind.BIRTH && index.isRenewal(entry);
        if (isRenewal) {
            news.handOn(entry);
        }
        return isRenewal;
    }

    private void takeClosed(FeedEntry.Closed closed, boolean isFollowing, Instant now) {
        Revocation entry = closed.revocation();
        pending.arrived(List.of(entry));
        boolean isNews = index.close(closed.act(), entry, time.forgetting(now));
        if (closed.closedHere()) {
            if (isNews) {
                news.remember(entry, isFollowing, now);
            }
            pending.closed(entry);
        } else if (isNews) {
            news.add(entry, isFollowing, now);
        }
    }

    /** A read is complete; answers whether everything that it brought could be read. */
    boolean endRead(long sentNanos) {
        news.endRead();
        if (!sawUndecodable) {
            pending.caughtUp(sentNanos);
            lost.close();
        }
        return !sawUndecodable;
    }

    void endLoad() {
        progress.end(index.size());
        index.endLoad();
    }

    /** Whether the clock stands before an instant up to which this node has forgotten. */
    boolean isBeforeOwnHorizon() {
        return index.horizon().isBeforeOwn(time.millis());
    }
}
