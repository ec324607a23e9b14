package dev.curfew.examples.benchmarks;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.NewSession;
import dev.curfew.store.Precondition;
import dev.curfew.store.PurgeResult;
import dev.curfew.store.RevocationFeed;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.SessionPage;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreTimes;
import dev.curfew.store.Touch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A store that is nothing but a feed of generated revocations, so that an index is filled as it always is, without the
 * time that a server takes. Everything but reading is refused. Thread-safe.
 */
final class GeneratedStore implements SessionStore {
    private static final StoreSettings SETTINGS =
            new StoreSettings(Duration.ofDays(100), Duration.ofSeconds(2), Duration.ofDays(7), true);

    private final GeneratedRevocations revocations;
    private final Revocation birth;
    private volatile long count;

    GeneratedStore(GeneratedRevocations revocations, long count, Instant now) {
        this.revocations = revocations;
        this.count = count;
        this.birth = RevocationRequest.birth(0, 1, now, SETTINGS);
    }

    /** Those under which it was born: tokens older than it are trusted. */
    static StoreSettings settings() {
        return SETTINGS;
    }

    /** From now on there are so many. */
    void grow(long newCount) {
        count = newCount;
    }

    @Override
    public RevocationFeed feed() {
        return this::readAfter;
    }

    private FeedRead readAfter(FeedPosition position, int limit, Instant now) {
        long from = position.marks().isEmpty() ? 0 : position.marks().get(0).number();
        long all = count;
        long to = Math.min(all, from + limit);
        List<FeedEntry> entries = new ArrayList<>((int) (to - from) + 1);
        if (from == 0) {
            entries.add(new FeedEntry.Revoked(birth));
        }
        for (Revocation entry : revocations.range(from, to)) {
            entries.add(new FeedEntry.Revoked(entry));
        }
        return new FeedRead.Page(entries, FeedPosition.at(to, 0), to == all, 0, StoreTimes.at(now));
    }

    @Override
    public void open(StoreSettings settings, Instant now) {
        throw refused();
    }

    @Override
    public InsertResult insert(NewSession login, Instant now) {
        throw refused();
    }

    @Override
    public Optional<FoundSession> find(SessionRef session, Instant now) {
        throw refused();
    }

    @Override
    public SessionPage list(SubjectId subject, ListQuery query, Instant now) {
        throw refused();
    }

    @Override
    public List<Touch> touch(Collection<Touch> batch, Instant now) {
        throw refused();
    }

    @Override
    public RotateResult rotate(SessionRef session, Rotation rotation, Instant now) {
        throw refused();
    }

    @Override
    public RevokeResult revoke(RevocationRequest request, Precondition precondition, Instant now) {
        throw refused();
    }

    @Override
    public List<Revocation> revocationsCovering(TokenFacts facts, Instant now) {
        throw refused();
    }

    @Override
    public Instant newestCutOff(SubjectId subject, Instant now) {
        throw refused();
    }

    @Override
    public void record(Collection<Revocation> entries, Instant now) {
        throw refused();
    }

    @Override
    public PurgeResult purge(Instant now, int limit) {
        throw refused();
    }

    private static UnsupportedOperationException refused() {
        return new UnsupportedOperationException("this store is a feed and nothing else");
    }
}
