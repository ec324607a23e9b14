package dev.curfew.replica;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedRead;
import dev.curfew.store.OperationId;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.StoreSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes pages of a feed into an index. Used by one thread. */
final class FeedIntake {
    private static final Logger LOG = LoggerFactory.getLogger(FeedIntake.class);
    private static final Duration PROGRESS_PERIOD = Duration.ofSeconds(5);

    private final RevocationIndex index;
    private final FeedNews news;
    private final OwedRevocations owed;
    private final NodeTime time;
    private final StoreSettings settings;
    private boolean sawUndecodable;
    private long loaded;
    private long progressNanos;

    FeedIntake(RevocationIndex index, FeedNews news, OwedRevocations owed, NodeTime time, StoreSettings settings) {
        this.index = index;
        this.news = news;
        this.owed = owed;
        this.time = time;
        this.settings = settings;
        this.progressNanos = time.nanos();
    }

    void beginLoad() {
        sawUndecodable = false;
        loaded = 0;
        index.beginLoad();
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
        Instant forgetting = time.forgetting(now);
        boolean isRenewed = false;
        List<Revocation> entries = new ArrayList<>(page.entries().size());
        for (FeedEntry entry : page.entries()) {
            if (entry instanceof FeedEntry.Revoked revoked) {
                Revocation revocation = revoked.revocation();
                if (revocation.target().kind() == Kind.BIRTH && index.isRenewal(revocation)) {
                    isRenewed = true;
                    news.handOn(revocation);
                }
                entries.add(revocation);
            } else if (entry instanceof FeedEntry.Opened opened) {
                index.open(opened.act(), opened.entry());
            } else if (entry instanceof FeedEntry.Closed closed) {
                takeClosed(closed, isFollowing, now);
            }
        }
        index.storeHorizon(page.times().horizon());
        owed.arrived(entries);
        for (Revocation entry : index.addAll(entries, forgetting)) {
            news.add(entry, isFollowing, now);
        }
        news.endPage(now);
        sawUndecodable |= page.undecodable() > 0;
        loaded += page.entries().size();
        if (!isFollowing && time.nanos() - progressNanos > PROGRESS_PERIOD.toNanos()) {
            progressNanos = time.nanos();
            LOG.info("the index is being loaded: {} entries so far", loaded);
        }
        return !isRenewed;
    }

    private void takeClosed(FeedEntry.Closed closed, boolean isFollowing, Instant now) {
        Revocation entry = closed.revocation();
        owed.arrived(List.of(entry));
        boolean isNews = index.close(closed.act(), entry, time.forgetting(now));
        if (closed.closedHere()) {
            if (isNews) {
                news.remember(entry, isFollowing, now);
            }
            owed.closed(List.of(entry));
        } else if (isNews) {
            news.add(entry, isFollowing, now);
        }
    }

    /** A read is complete; answers whether everything that it brought could be read. */
    boolean endRead(long sentNanos) {
        news.endRead();
        if (sawUndecodable) {
            return false;
        }
        owed.caughtUp(sentNanos);
        index.lostActs().forEach(this::closeLost);
        return true;
    }

    /**
     * The store brought an open act once, and now brings it neither open nor closed: this node knows it, and goes on
     * recording it.
     */
    private void closeLost(OpenActs.Act act) {
        Instant now = time.instant();
        Revocation entry = fixed(act.entry(), now);
        LOG.warn("the store has lost what joined a transaction of the host, and it is recorded again: {}", entry);
        owed.add(entry);
        index.close(act.name(), entry, time.forgetting(now));
        news.recent().add(entry);
    }

    /** With the instants of a cut-off that means now. */
    private Revocation fixed(Revocation open, Instant now) {
        RevocationRequest.Builder request =
                RevocationRequest.of(open.target(), new OperationId(0, 0)).because(open.reason(), open.actor());
        open.exempt().ifPresent(request::exempt);
        Instant applicable =
                index.newestCutOff(open.target().key(), open.target().realm());
        return request.build().fix(now, settings, applicable, Optional.empty());
    }

    /** What this node knows and a store that lost data may not. */
    List<Revocation> remembered(Instant now) {
        return Stream.concat(index.cutOffsAndKeys(), news.recent().all().stream())
                .filter(entry -> !entry.isForgotten(now))
                .toList();
    }

    /** Drops a few entries that are forgotten; none while there are some that only this node knows. */
    void sweep(Instant now) {
        if (owed.unconfirmed() == 0) {
            index.sweep(now);
        }
    }

    boolean isBeforeOwnHorizon() {
        return index.horizon().isBeforeOwn(time.millis());
    }

    void endLoad() {
        LOG.info("the index is complete: {} entries read, {} held", loaded, index.size());
        index.endLoad();
    }
}
