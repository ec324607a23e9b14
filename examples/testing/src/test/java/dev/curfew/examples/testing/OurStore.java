package dev.curfew.examples.testing;

import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.revocation.Revocation;
import dev.curfew.store.ForwardingSessionStore;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.StoreSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stands for a store of somebody's own: it does what every store must and no more, and has no clock but its caller's.
 */
final class OurStore extends ForwardingSessionStore {
    private final AtomicReference<Instant> now;

    OurStore() {
        this(new AtomicReference<>(Instant.EPOCH));
    }

    private OurStore(AtomicReference<Instant> now) {
        super(InMemorySessionStore.builder()
                .ticker(() -> Duration.between(Instant.EPOCH, now.get()).toNanos())
                .build());
        this.now = now;
    }

    @Override
    public void open(StoreSettings settings, Instant at) {
        now.set(at);
        super.open(settings, at);
    }

    @Override
    public RevokeResult revoke(RevocationRequest request, Precondition precondition, Instant at) {
        now.set(at);
        return super.revoke(request, precondition, at);
    }

    @Override
    public void record(Collection<Revocation> entries, Instant at) {
        now.set(at);
        super.record(entries, at);
    }

    /** No ability of the store behind it. */
    @Override
    public <T> Optional<T> ability(Class<T> type) {
        return type.isInstance(this) ? Optional.of(type.cast(this)) : Optional.empty();
    }
}
