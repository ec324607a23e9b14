package dev.curfew.store;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A store that passes every call on to another one. A decorator extends it and overrides what it adds to; what the
 * store behind it can do beyond {@link SessionStore} stays reachable through {@link #ability}. As safe with threads as
 * the store behind it.
 */
public abstract class ForwardingSessionStore implements SessionStore {
    private final SessionStore store;

    /**
     * Puts a decorator in front of a store.
     *
     * @param store to which calls are passed on
     */
    protected ForwardingSessionStore(SessionStore store) {
        this.store = Objects.requireNonNull(store, "store");
    }

    @Override
    public void open(StoreSettings settings, Instant now) {
        store.open(settings, now);
    }

    @Override
    public InsertResult insert(NewSession login, Instant now) {
        return store.insert(login, now);
    }

    @Override
    public Optional<FoundSession> find(SessionRef session, Instant now) {
        return store.find(session, now);
    }

    @Override
    public SessionPage list(SubjectId subject, ListQuery query, Instant now) {
        return store.list(subject, query, now);
    }

    @Override
    public List<Touch> touch(Collection<Touch> batch, Instant now) {
        return store.touch(batch, now);
    }

    @Override
    public RotateResult rotate(SessionRef session, Rotation rotation, Instant now) {
        return store.rotate(session, rotation, now);
    }

    @Override
    public RevokeResult revoke(RevocationRequest request, Precondition precondition, Instant now) {
        return store.revoke(request, precondition, now);
    }

    @Override
    public List<Revocation> revocationsCovering(TokenFacts facts, Instant now) {
        return store.revocationsCovering(facts, now);
    }

    @Override
    public Instant newestCutOff(SubjectId subject, Instant now) {
        return store.newestCutOff(subject, now);
    }

    @Override
    public void record(Collection<Revocation> entries, Instant now) {
        store.record(entries, now);
    }

    @Override
    public RevocationFeed feed() {
        return store.feed();
    }

    @Override
    public PurgeResult purge(Instant now, int limit) {
        return store.purge(now, limit);
    }

    @Override
    public boolean keepsInProcess() {
        return store.keepsInProcess();
    }

    @Override
    public <T> Optional<T> ability(Class<T> type) {
        return type.isInstance(this) ? Optional.of(type.cast(this)) : store.ability(type);
    }
}
