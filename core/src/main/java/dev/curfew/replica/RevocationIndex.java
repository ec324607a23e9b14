package dev.curfew.replica;

import dev.curfew.check.RevocationDecision;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SubjectId;
import dev.curfew.store.StoreSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every live revocation that this node knows of, in memory. Exact: what was added is found until it is forgotten, and
 * nothing live makes room for anything else. Readers take no lock and allocate nothing; writers take turns.
 *
 * <p>Of a token and of a session of ours only a {@link PackedEntry} stays, because the id alone decides. All else,
 * where instants or an exempt session decide, is held in full and judged by {@link Revocation#covers}, the one rule; it
 * has a packed entry too, so that whoever has no such entry finds that out as cheaply. A fingerprint that two keys
 * share can only refuse too much.
 */
final class RevocationIndex {
    private static final int SEGMENTS_A_STEP = 4;
    private static final int ENTRIES_A_STEP = 1_000;

    private final RevokedDecisions decisions;
    private final ReplicaListeners listeners;
    private final PackedEntries packed = new PackedEntries();
    private final StoreBirths births = new StoreBirths();
    private final OpenRevocations open = new OpenRevocations();
    private final FullEntries full = new FullEntries();
    private final Horizons horizons = new Horizons();
    private final ReentrantLock writing = new ReentrantLock();

    RevocationIndex(RevokedDecisions decisions, ReplicaListeners listeners) {
        this.decisions = decisions;
        this.listeners = listeners;
    }

    /** Whether these facts belong to a partition whose birth is known; without it nobody may be called ACTIVE. */
    boolean knowsBirthOf(TokenFacts facts) {
        return births.of(facts) != null;
    }

    /** {@return the decision that nothing covers a token} */
    RevocationDecision active() {
        return decisions.active();
    }

    /**
     * The decision that a token or session is revoked, or null if nothing here covers it. A few look-ups, no
     * allocation.
     */
    @Nullable
    RevocationDecision find(TokenFacts facts, long nowMillis) {
        // Before all else: what ends an open revocation is added first.
        if (!open.isEmpty()) {
            Revocation covering = open.find(facts);
            if (covering != null) {
                return decisions.revoked(covering.reason().code(), false);
            }
        }
        int minute = PackedEntry.minute(nowMillis);
        Revocation birth = births.of(facts);
        if (!packed.anyNames(facts, minute) && (birth == null || !birth.covers(facts))) {
            return null;
        }
        return judge(facts, birth, nowMillis, minute);
    }

    /** Some entry names these facts, which is rare: whatever decides by its id, and else the rule. */
    private @Nullable RevocationDecision judge(
            TokenFacts facts, @Nullable Revocation birth, long nowMillis, int minute) {
        int byId = packed.findById(facts, minute);
        if (byId != FingerprintSegment.ABSENT) {
            return decisions.revoked(PackedEntry.reasonCode(byId), false);
        }
        FullEntries.Judgement judgement = full.judge(facts, birth, nowMillis);
        Revocation first = judgement.first();
        return first == null ? null : decisions.revoked(first.reason().code(), judgement.isLiftedByReauthentication());
    }

    /** Adds an entry; seen by every check that begins after this returns. Answers whether anything changed. */
    boolean add(Revocation entry, Instant now) {
        return !addAll(List.of(entry), now).isEmpty();
    }

    /**
     * Adds entries, a page at most, since others wait for their turn; answers those that changed anything. What was
     * forgotten an hour before {@code now}, an instant of the {@link dev.curfew.session.SlowerClock}, is left out.
     */
    List<Revocation> addAll(Collection<Revocation> entries, Instant now) {
        List<Revocation> changed = inTurn(() -> addInTurn(entries, now));
        // Without the lock: who listens may be slow.
        listeners.recorded(changed);
        return changed;
    }

    private List<Revocation> addInTurn(Collection<Revocation> entries, Instant now) {
        Instant forgotten = now.minus(StoreSettings.PURGE_DELAY);
        List<Revocation> changed = new ArrayList<>();
        for (Revocation entry : entries) {
            if (entry.isForgotten(forgotten)) {
                horizons.raise(forgotten);
            } else if (addOne(entry)) {
                changed.add(entry);
            }
        }
        return changed;
    }

    private boolean addOne(Revocation entry) {
        Kind kind = entry.target().kind();
        if (kind == Kind.BIRTH) {
            return births.add(entry);
        }
        boolean isById = kind == Kind.TOKEN || kind == Kind.SESSION;
        boolean changedFull = !isById && full.add(entry);
        int note = PackedEntry.of(entry.forgetAfter().toEpochMilli(), !isById, entry.reason());
        boolean changedPacked = packed.add(kind, entry.target().key(), note);
        return isById ? changedPacked : changedFull;
    }

    /** A revocation that covers its whole target until it is closed; each read brings it again until then. */
    void open(LookupKey act, Revocation entry) {
        boolean isNews = inTurn(() -> open.open(act, entry));
        if (isNews) {
            listeners.recorded(List.of(entry));
        }
    }

    /**
     * Adds what has become of an open revocation, and ends what it covered until then, in one step; answers whether the
     * entry is news.
     */
    boolean close(LookupKey act, Revocation entry, Instant now) {
        boolean isNews = inTurn(() -> {
            boolean isAdded = !addInTurn(List.of(entry), now).isEmpty();
            open.close(act);
            return isAdded;
        });
        if (isNews) {
            listeners.recorded(List.of(entry));
        }
        return isNews;
    }

    /** A read begins that is to bring every open revocation again. */
    void beginRead() {
        inTurn(open::beginRead);
    }

    /** The open revocations that a complete read has not brought. */
    List<OpenRevocations.Open> lostRevocations() {
        return inTurn(open::lost);
    }

    /** Whether a birth is newer than the one that is known of its partition: the store has lost something since. */
    boolean isRenewal(Revocation birth) {
        return births.isRenewal(birth);
    }

    /**
     * The newest cut-off that this node knows of that a cut-off of this target must lie behind, or that may have pushed
     * the login of this foreign session ahead.
     */
    Instant newestCutOff(RevocationTarget target) {
        return target.kind() == RevocationTarget.Kind.FOREIGN_SESSION
                ? full.newestCutOffAround(target)
                : newestCutOff(target.key(), target.realm());
    }

    /** The newest cut-off that this node knows of that a login of this subject must begin after. */
    Instant newestCutOff(SubjectId subject) {
        return newestCutOff(subject.key(), subject.realm().key());
    }

    /** Births are left to the store. */
    Instant newestCutOff(LookupKey subject, LookupKey realm) {
        return full.newestCutOff(subject, realm);
    }

    /** All cut-offs and signing keys, in no order: what must be told again to a store that lost data. */
    Stream<Revocation> cutOffsAndKeys() {
        return full.cutOffsAndKeys();
    }

    /**
     * Drops a few of the entries that were forgotten an hour before {@code now}, an instant of the {@link
     * dev.curfew.session.SlowerClock}; called now and then, it gets round to all. The hour is for clocks that are set
     * back a little: what they revive is still there. Those that are set back further fall behind the {@link #horizon}.
     */
    void sweep(Instant now) {
        Instant forgotten = now.minus(StoreSettings.PURGE_DELAY);
        inTurn(() -> {
            horizons.raise(forgotten);
            packed.sweep(PackedEntry.minute(forgotten.toEpochMilli()), SEGMENTS_A_STEP);
            full.sweep(forgotten, ENTRIES_A_STEP);
        });
    }

    /**
     * From which instants on nothing is missing here. To be read before something is looked up and again afterwards:
     * only if it is still the same object, what was not found is not there.
     */
    Horizon horizon() {
        return horizons.get();
    }

    /** All that the store has is about to be added again. */
    void beginLoad() {
        inTurn(horizons::beginLoad);
    }

    /** All that the store had when the load began was added. */
    void endLoad() {
        inTurn(horizons::endLoad);
    }

    /** A read of the store has told up to when it has removed what was forgotten. */
    void storeHorizon(Instant horizon) {
        inTurn(() -> horizons.stored(horizon));
    }

    /** How many targets there are, those included that are forgotten and were not swept yet. */
    long size() {
        return inTurn(packed::size);
    }

    private void inTurn(Runnable write) {
        writing.lock();
        try {
            write.run();
        } finally {
            writing.unlock();
        }
    }

    private <T> T inTurn(Supplier<T> write) {
        writing.lock();
        try {
            return write.get();
        } finally {
            writing.unlock();
        }
    }
}
