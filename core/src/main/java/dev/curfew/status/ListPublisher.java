package dev.curfew.status;

import dev.curfew.check.RevocationDecision;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.meter.TroubleLog;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.CurfewException;
import dev.curfew.session.LookupKey;
import dev.curfew.store.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Renders one list from what this node knows, and keeps what it has rendered. Thread-safe.
 *
 * <p>Concurrency: one thread renders, while the others take the last list, or wait if there is none; a rendering is
 * good for a second, and after a failure nobody tries again for as long. What is rendered holds all that the replica
 * knew, which is fresh, of all tokens that were issued up to five seconds ago. Where nobody can say of one token
 * whether it is revoked, nothing is rendered.
 */
final class ListPublisher {
    /** How old what is known of new tokens may be. */
    static final Duration FRESH = Duration.ofSeconds(5);

    private static final Duration RENDERED = Duration.ofSeconds(1);

    /** Less does no harm, since tokens are judged for {@link ListWriter#KEPT_LONGER} beyond their end. */
    private static final Duration CLOCKS_APART = Duration.ofMinutes(5);

    private final LookupKey id;
    private final KnownLists lists;
    private final ListRecords records;
    private final RevocationReplica replica;
    private final ListSigner signer;
    private final TroubleLog trouble;
    private final Supplier<Reading> clocks;
    private final ReentrantLock rendering = new ReentrantLock();
    private volatile @Nullable Rendered last;

    /** Guarded by the lock, as are the next two. */
    private @Nullable ListEntries entries;

    private @Nullable Reading knownAt;
    private @Nullable Reading failedAt;

    ListPublisher(
            LookupKey id,
            KnownLists lists,
            ListRecords records,
            RevocationReplica replica,
            ListSigner signer,
            Supplier<Reading> clocks) {
        this.id = id;
        this.lists = lists;
        this.records = records;
        this.replica = replica;
        this.signer = signer;
        this.clocks = clocks;
        String list = "the status list " + ListState.name(id);
        this.trouble = new TroubleLog(
                StatusListIssuer.class,
                list + " cannot be rendered",
                list + " is rendered again",
                () -> clocks.get().nanos());
    }

    private record Rendered(SignedList list, Reading at) {}

    /**
     * The list as it is to be published now: rendered within the last second, else the last one while it has not
     * expired; nothing if there is none.
     */
    Optional<SignedList> current() {
        Rendered known = last;
        if (known == null || !known.at.isWithin(RENDERED, clocks.get())) {
            boolean canDoWithout =
                    known != null && !known.list().isExpired(clocks.get().at());
            if (canDoWithout ? !lists.isBeingRead() && rendering.tryLock() : lock()) {
                try {
                    renderAgain(clocks.get());
                } finally {
                    rendering.unlock();
                }
            }
            known = last;
        }
        Instant now = clocks.get().at();
        return Optional.ofNullable(known).map(Rendered::list).filter(list -> !list.isExpired(now));
    }

    private boolean lock() {
        rendering.lock();
        return true;
    }

    private void renderAgain(Reading now) {
        Rendered known = last;
        Reading failed = failedAt;
        if (known != null && known.at.isWithin(RENDERED, now) || failed != null && failed.isWithin(RENDERED, now)) {
            return;
        }
        try {
            last = new Rendered(render(now), now);
            failedAt = null;
            trouble.worked();
        } catch (CurfewException e) {
            failedAt = clocks.get();
            trouble.failed(e);
        }
    }

    /** The tokens first, then the index: what was revoked before that is in it, whichever token it is. */
    private SignedList render(Reading now) {
        if (replica.clockTrouble()
                .filter(much -> much.abs().compareTo(CLOCKS_APART) > 0)
                .isPresent()) {
            // By a wrong clock tokens look over that are good, and the list would be signed for another time.
            throw new StoreUnavailableException(
                    "a status list, because this node's clock and the store's differ", null);
        }
        ListEntries known = refreshed(now);
        if (!replica.awaitFresh()) {
            throw new StoreUnavailableException("a status list, because this node's index is too old", null);
        }
        known.judge(now.at(), this::isRevoked);
        return signer.sign(id, known.statuses(), now.at());
    }

    private ListEntries refreshed(Reading now) {
        ListEntries known = entries;
        Reading before = knownAt;
        if (known != null && before != null && before.isWithin(FRESH, now)) {
            return known;
        }
        KnownLists.Snapshot snapshot = lists.within(RENDERED);
        ListState list = snapshot.directory()
                .find(id)
                .orElseThrow(() -> new StoreUnavailableException("a status list that is gone", null));
        if (known == null) {
            known = new ListEntries(list, () -> clocks.get().nanos());
            // What is read before a failure stays: pages are read on from where they were.
            entries = known;
        }
        known.refresh(list, records, now.at());
        knownAt = snapshot.at();
        return known;
    }

    private boolean isRevoked(TokenFacts facts) {
        Outcome outcome =
                replica.decideNow(facts).map(RevocationDecision::outcome).orElse(Outcome.UNKNOWN);
        if (outcome == Outcome.UNKNOWN) {
            throw new StoreUnavailableException(
                    "a status list, because this node cannot judge all of its tokens", null);
        }
        return outcome == Outcome.REVOKED;
    }
}
