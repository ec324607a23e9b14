package dev.curfew.replica;

import dev.curfew.check.RevocationDecision;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.store.StoreSettings;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every live revocation that this node knows of, in memory. Exact: what was added is found until it is forgotten, and
 * nothing live makes room for anything else. Readers take no lock and allocate nothing; writers take turns.
 *
 * <p>Of a token and of a session of ours only a fingerprint stays, because the id alone decides. All else, where
 * instants or an exempt session decide, is held in full and judged by {@link Revocation#covers}, the one rule; its key
 * stands among the fingerprints too, so that whoever has no such entry finds that out as cheaply. A fingerprint that
 * two keys share can only refuse too much.
 */
final class RevocationIndex {
    private static final int SEGMENT_BITS = 9;
    private static final int SEGMENTS_A_STEP = 4;
    private static final int ENTRIES_A_STEP = 1_000;

    private final RevokedDecisions decisions;
    private final FingerprintTable table = new FingerprintTable(new SecureRandom(), SEGMENT_BITS);
    private final EntriesInFull inFull = new EntriesInFull();
    private final EntriesInFull clients = new EntriesInFull();
    private final ReentrantLock writing = new ReentrantLock();
    private final Horizons horizons = new Horizons();

    /** Written in turn. */
    private final OpenActs openActs = new OpenActs();

    /** One bit for each kind of which there ever was an entry, so that the others cost nothing. */
    private volatile int kinds;

    /** By partition; a power of two long, or empty before the first birth is known. */
    private volatile @Nullable Revocation[] births = {};

    RevocationIndex(RevokedDecisions decisions) {
        this.decisions = decisions;
    }

    /** Whether these facts belong to a partition whose birth is known; without it nobody may be called ACTIVE. */
    boolean knowsBirthOf(TokenFacts facts) {
        return birthOf(facts) != null;
    }

    /**
     * The decision that a token or session is revoked, or null if nothing here covers it. A few look-ups, no
     * allocation.
     */
    @Nullable
    RevocationDecision find(TokenFacts facts, long nowMillis) {
        // Before all else: what ends an open act is added first.
        if (!openActs.isEmpty()) {
            Revocation open = findOpen(facts);
            if (open != null) {
                return decisions.revoked(open.reason().code(), false);
            }
        }
        int held = kinds;
        int minute = IndexNote.minute(nowMillis);
        int notes = note(held, Kind.TOKEN, facts.tokenKey(), minute)
                | note(held, Kind.SESSION, facts.sessionKey(), minute)
                | note(held, Kind.SUBJECT, facts.subjectKey(), minute)
                | note(held, Kind.CLIENT, facts.clientKey(), minute)
                | note(held, Kind.REALM, facts.realmKey(), minute)
                | note(held, Kind.SIGNING_KEY, facts.signingKeyKey(), minute);
        Revocation birth = birthOf(facts);
        if (notes == FingerprintSegment.ABSENT && (birth == null || !birth.covers(facts))) {
            return null;
        }
        return judge(facts, birth, nowMillis, minute);
    }

    private @Nullable Revocation findOpen(TokenFacts facts) {
        Revocation open = openActs.find(facts.subjectKey(), facts);
        open = open != null ? open : openActs.find(facts.sessionKey(), facts);
        open = open != null ? open : openActs.find(facts.tokenKey(), facts);
        open = open != null ? open : openActs.find(facts.clientKey(), facts);
        open = open != null ? open : openActs.find(facts.realmKey(), facts);
        return open != null ? open : openActs.find(facts.signingKeyKey(), facts);
    }

    private int note(int held, Kind kind, @Nullable LookupKey key, int minute) {
        if ((held & bit(kind)) == 0 || key == null) {
            return FingerprintSegment.ABSENT;
        }
        int note = table.find(key);
        return IndexNote.isExpired(note, minute) ? FingerprintSegment.ABSENT : note;
    }

    /** Some entry names these facts, which is rare: whatever decides by its id, and else the rule. */
    private @Nullable RevocationDecision judge(
            TokenFacts facts, @Nullable Revocation birth, long nowMillis, int minute) {
        int held = kinds;
        int token = note(held, Kind.TOKEN, facts.tokenKey(), minute);
        int session = note(held, Kind.SESSION, facts.sessionKey(), minute);
        int byId = token != FingerprintSegment.ABSENT && !IndexNote.isInFull(token) ? token : session;
        if (byId != FingerprintSegment.ABSENT && !IndexNote.isInFull(byId)) {
            return decisions.revoked(IndexNote.reasonCode(byId), false);
        }
        Judgement judgement = Judgement.NONE;
        if (birth != null && birth.covers(facts)) {
            judgement = judgement.with(birth, facts);
        }
        judgement = judge(judgement, inFull, facts.sessionKey(), facts, nowMillis);
        judgement = judge(judgement, inFull, facts.subjectKey(), facts, nowMillis);
        judgement = judge(judgement, inFull, facts.realmKey(), facts, nowMillis);
        judgement = judge(judgement, inFull, facts.signingKeyKey(), facts, nowMillis);
        judgement = judge(judgement, clients, facts.clientKey(), facts, nowMillis);
        Revocation first = judgement.first();
        return first == null ? null : decisions.revoked(first.reason().code(), judgement.isLiftedByReauthentication());
    }

    private static Judgement judge(
            Judgement judgement, EntriesInFull entries, @Nullable LookupKey key, TokenFacts facts, long nowMillis) {
        Judgement joined = judgement;
        if (key != null) {
            for (Revocation entry : entries.of(key)) {
                if (nowMillis < entry.forgetAfter().toEpochMilli() && entry.covers(facts)) {
                    joined = joined.with(entry, facts);
                }
            }
        }
        return joined;
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
        Instant forgotten = now.minus(StoreSettings.PURGE_DELAY);
        List<Revocation> changed = new ArrayList<>();
        writing.lock();
        try {
            for (Revocation entry : entries) {
                if (entry.isForgotten(forgotten)) {
                    horizons.raise(forgotten);
                } else if (addOne(entry)) {
                    changed.add(entry);
                }
            }
        } finally {
            writing.unlock();
        }
        return changed;
    }

    /** An act that covers its whole target until it is closed. */
    void open(LookupKey act, Revocation entry) {
        writing.lock();
        try {
            openActs.open(act, entry);
        } finally {
            writing.unlock();
        }
    }

    /**
     * Adds what has become of an act, and ends what it covered while it was open, in one step; answers whether the
     * entry is news.
     */
    boolean close(LookupKey act, Revocation entry, Instant now) {
        writing.lock();
        try {
            boolean isNews = !addAll(List.of(entry), now).isEmpty();
            openActs.close(act);
            return isNews;
        } finally {
            writing.unlock();
        }
    }

    /** A read begins that is to bring every open act again. */
    void beginRead() {
        writing.lock();
        try {
            openActs.beginRead();
        } finally {
            writing.unlock();
        }
    }

    /** The open acts that a complete read has not brought. */
    List<OpenActs.Act> lostActs() {
        writing.lock();
        try {
            return openActs.lost();
        } finally {
            writing.unlock();
        }
    }

    /** Whether a birth is newer than the one that is known of its partition: the store has lost something since. */
    boolean isRenewal(Revocation birth) {
        @Nullable Revocation[] known = births;
        Revocation standing = known.length == 0 ? null : known[birth.target().bucket() & (known.length - 1)];
        return standing != null && standing.issuedBefore().isBefore(birth.issuedBefore());
    }

    private boolean addOne(Revocation entry) {
        Kind kind = entry.target().kind();
        if (kind == Kind.BIRTH) {
            return addBirth(entry);
        }
        boolean isById = kind == Kind.TOKEN || kind == Kind.SESSION;
        int note = IndexNote.of(entry.forgetAfter().toEpochMilli(), !isById, entry.reason());
        boolean changed = isById || (kind == Kind.CLIENT ? clients : inFull).add(entry);
        boolean isNoted = table.add(entry.target().key(), note);
        Kind dimension = kind == Kind.FOREIGN_SESSION ? Kind.SESSION : kind;
        // A volatile write even if nothing is new: what was written before it is seen by whoever checks after it.
        kinds = kinds | bit(dimension);
        return isById ? isNoted : changed;
    }

    private boolean addBirth(Revocation birth) {
        int partitions = (int) birth.target().key().low();
        @Nullable Revocation[] known = births;
        @Nullable Revocation[] next = new Revocation[Math.max(known.length, partitions)];
        boolean changed = false;
        for (int i = 0; i < next.length; i++) {
            Revocation standing = known.length == 0 ? null : known[i & (known.length - 1)];
            boolean isOfPartition = (i & (partitions - 1)) == birth.target().bucket();
            boolean isNewer = standing == null || standing.issuedBefore().isBefore(birth.issuedBefore());
            next[i] = isOfPartition && isNewer ? birth : standing;
            changed |= isOfPartition && isNewer;
        }
        births = next;
        return changed;
    }

    private @Nullable Revocation birthOf(TokenFacts facts) {
        @Nullable Revocation[] known = births;
        return known.length == 0 ? null : known[facts.bucket() & (known.length - 1)];
    }

    /**
     * The newest cut-off that a login of this subject must begin after, as far as this node knows; births are left to
     * the store.
     */
    Instant newestCutOff(LookupKey subject, LookupKey realm) {
        Stream<Revocation> ofClients =
                clients.stream().filter(entry -> entry.target().realm().equals(realm));
        Stream<Revocation> others =
                Stream.of(inFull.of(subject), inFull.of(realm)).flatMap(Arrays::stream);
        return Stream.concat(ofClients, others)
                .filter(entry -> entry.target().kind().isCutOff())
                .map(Revocation::issuedBefore)
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    /** All cut-offs and signing keys, in no order: what must be told again to a store that lost data. */
    Stream<Revocation> cutOffsAndKeys() {
        return Stream.concat(inFull.stream(), clients.stream())
                .filter(entry -> entry.target().kind() != Kind.FOREIGN_SESSION);
    }

    /**
     * Drops a few of the entries that were forgotten an hour before {@code now}, an instant of the {@link
     * dev.curfew.session.SlowerClock}; called now and then, it gets round to all. The hour is for clocks that are set
     * back a little: what they revive is still there. Those that are set back further fall behind the {@link #horizon}.
     */
    void sweep(Instant now) {
        writing.lock();
        try {
            Instant forgotten = now.minus(StoreSettings.PURGE_DELAY);
            horizons.raise(forgotten);
            table.sweep(IndexNote.minute(forgotten.toEpochMilli()), SEGMENTS_A_STEP);
            inFull.sweep(forgotten, ENTRIES_A_STEP);
            clients.sweep(forgotten, ENTRIES_A_STEP);
        } finally {
            writing.unlock();
        }
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
        writing.lock();
        try {
            horizons.beginLoad();
        } finally {
            writing.unlock();
        }
    }

    /** All that the store had when the load began was added. */
    void endLoad() {
        writing.lock();
        try {
            horizons.endLoad();
        } finally {
            writing.unlock();
        }
    }

    /** A read of the store has told up to when it has removed what was forgotten. */
    void storeHorizon(Instant horizon) {
        writing.lock();
        try {
            horizons.stored(horizon);
        } finally {
            writing.unlock();
        }
    }

    /** How many targets there are, those included that are forgotten and were not swept yet. */
    long size() {
        writing.lock();
        try {
            return table.size();
        } finally {
            writing.unlock();
        }
    }

    private static int bit(Kind kind) {
        return 1 << kind.code();
    }

    /**
     * The entries held in full that cover some facts: the one recorded first, and whether a new login lifts all of
     * them.
     */
    private record Judgement(@Nullable Revocation first, boolean isLiftedByReauthentication) {
        static final Judgement NONE = new Judgement(null, true);

        Judgement with(Revocation entry, TokenFacts facts) {
            boolean isFirst = first == null || Revocation.recordedFirst().compare(entry, first) < 0;
            return new Judgement(
                    isFirst ? entry : first, isLiftedByReauthentication && entry.isLiftedByReauthentication(facts));
        }
    }
}
