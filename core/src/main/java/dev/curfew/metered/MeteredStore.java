package dev.curfew.metered;

import dev.curfew.metered.StoreMeters.Verb;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ForwardingSessionStore;
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
import dev.curfew.store.SharedRecords;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.Touch;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A store whose calls are timed and counted. Thread-safe. */
public final class MeteredStore extends ForwardingSessionStore {
    private final SessionStore store;
    private final StoreMeters meters;
    private final RevocationFeed feed;

    public MeteredStore(SessionStore store, StoreMeters meters) {
        super(store);
        this.store = store;
        this.meters = meters;
        this.feed = new MeteredFeed(store.feed(), meters);
    }

    @Override
    public void open(StoreSettings settings, Instant now) {
        meters.time(Verb.OPEN, () -> {
            store.open(settings, now);
            return true;
        });
    }

    @Override
    public InsertResult insert(NewSession login, Instant now) {
        return meters.time(Verb.INSERT, () -> store.insert(login, now));
    }

    @Override
    public Optional<FoundSession> find(SessionRef session, Instant now) {
        return meters.time(Verb.FIND, () -> store.find(session, now));
    }

    @Override
    public SessionPage list(SubjectId subject, ListQuery query, Instant now) {
        return meters.time(Verb.LIST, () -> store.list(subject, query, now));
    }

    @Override
    public List<Touch> touch(Collection<Touch> batch, Instant now) {
        return meters.time(Verb.TOUCH, () -> store.touch(batch, now));
    }

    @Override
    public RotateResult rotate(SessionRef session, Rotation rotation, Instant now) {
        return meters.time(Verb.ROTATE, () -> store.rotate(session, rotation, now));
    }

    @Override
    public RevokeResult revoke(RevocationRequest request, Precondition precondition, Instant now) {
        return meters.time(Verb.REVOKE, () -> store.revoke(request, precondition, now));
    }

    @Override
    public List<Revocation> revocationsCovering(TokenFacts facts, Instant now) {
        return meters.time(Verb.CHECK, () -> store.revocationsCovering(facts, now));
    }

    @Override
    public Instant newestCutOff(SubjectId subject, Instant now) {
        return meters.time(Verb.CUT_OFF, () -> store.newestCutOff(subject, now));
    }

    @Override
    public void record(Collection<Revocation> entries, Instant now) {
        meters.time(Verb.RECORD, () -> {
            store.record(entries, now);
            return true;
        });
    }

    @Override
    public RevocationFeed feed() {
        return feed;
    }

    @Override
    public PurgeResult purge(Instant now, int limit) {
        return meters.time(Verb.PURGE, () -> store.purge(now, limit));
    }

    /** Shared records are counted too; other abilities are not. */
    @Override
    public <T> Optional<T> ability(Class<T> type) {
        return type == SharedRecords.class
                ? store.ability(SharedRecords.class).map(records -> type.cast(new MeteredRecords(records, meters)))
                : super.ability(type);
    }
}
