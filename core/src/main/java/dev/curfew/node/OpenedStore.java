package dev.curfew.node;

import dev.curfew.check.TokenRevocationChecker;
import dev.curfew.meter.Meter;
import dev.curfew.metered.MeteredStore;
import dev.curfew.metered.StoreMeters;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.store.HostTransaction;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreSettings;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A store that was opened for this node, behind the node's replica if there is one. Thread-safe. */
public final class OpenedStore implements AutoCloseable {
    private final SessionStore timed;
    private final StoreMeters meters;
    private final @Nullable RevocationReplica replica;

    private OpenedStore(SessionStore timed, StoreMeters meters, @Nullable RevocationReplica replica) {
        this.timed = timed;
        this.meters = meters;
        this.replica = replica;
    }

    /**
     * Opens a store, and loads all revocations if there is to be a replica.
     *
     * @param settings which the store is told
     * @param clock read once
     * @param nanos measures elapsed time
     * @param replica how it is kept, or null if checks are authoritative
     */
    public static OpenedStore open(
            SessionStore store,
            StoreSettings settings,
            Clock clock,
            LongSupplier nanos,
            @Nullable UnaryOperator<RevocationReplica.Builder> replica) {
        StoreMeters meters = new StoreMeters(nanos);
        SessionStore timed = new MeteredStore(store, meters);
        timed.open(settings, clock.instant());
        return new OpenedStore(
                timed,
                meters,
                replica == null
                        ? null
                        : replica.apply(RevocationReplica.of(timed, settings).clock(clock, nanos))
                                .start());
    }

    /** What all calls go to. */
    public SessionStore store() {
        return replica == null ? timed : replica.store();
    }

    public Optional<RevocationReplica> replica() {
        return Optional.ofNullable(replica);
    }

    public TokenRevocationChecker.Builder checker() {
        return replica == null ? TokenRevocationChecker.authoritative(timed) : replica.checker();
    }

    /**
     * The host's transaction, as this node's calls use it.
     *
     * @throws IllegalArgumentException if another store has joined it
     */
    public HostTransaction join(HostTransaction transaction) {
        SessionStore joined = transaction.store();
        if (store().ability(joined.getClass()).filter(joined::equals).isEmpty()) {
            throw new IllegalArgumentException("another store has joined this transaction: join it with the store that"
                    + " this service was built with");
        }
        return replica == null ? transaction : replica.join(transaction);
    }

    /** Why the last call was not answered. */
    public Optional<String> trouble() {
        return meters.trouble();
    }

    public List<Meter> meters() {
        List<Meter> all = new ArrayList<>(meters.meters());
        replica().ifPresent(one -> all.addAll(one.meters()));
        return all;
    }

    /** Ends the replica; the store is the host's, which closes it. */
    @Override
    public void close() {
        replica().ifPresent(RevocationReplica::close);
    }
}
