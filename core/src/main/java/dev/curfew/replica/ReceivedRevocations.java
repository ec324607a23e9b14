package dev.curfew.replica;

import dev.curfew.meter.TroubleLog;
import dev.curfew.revocation.Revocation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Hands on what this node learns of revocations of other nodes. Thread-safe.
 *
 * <p>The feed may bring an act of this node before the call for it has returned. So what comes while calls are under
 * way is held until those have ended, and what they have acknowledged is left out of it. A call that hangs must not
 * make that grow: beyond a bound, nothing more is held, and an own act may be handed on too.
 */
final class ReceivedRevocations {
    private static final int MOST_HELD = 100_000;

    private final TroubleLog failing = new TroubleLog(
            ReceivedRevocations.class,
            "who is told of received revocations failed",
            "received revocations are told again",
            System::nanoTime);

    /** By identity. Guarded by this. */
    private final Set<OwnCall> calls = Collections.newSetFromMap(new IdentityHashMap<>());

    /** How many entries are held. Guarded by this. */
    private int held;

    private volatile BiConsumer<List<Revocation>, Instant> listener = (entries, at) -> {};

    /** What came at one moment, and how many calls it waits for. Guarded by the lock of the outer object. */
    private static final class Held {
        final List<Revocation> entries;
        final Instant at;
        final int size;
        int calls;

        Held(List<Revocation> entries, Instant at, int calls) {
            this.entries = new ArrayList<>(entries);
            this.at = at;
            this.size = entries.size();
            this.calls = calls;
        }
    }

    /** A call of this node that may record something. Confined to its thread, except what it holds up. */
    final class OwnCall implements AutoCloseable {
        /** Guarded by the lock of the outer object. */
        private final List<Held> held = new ArrayList<>();

        private Collection<Revocation> own = List.of();

        /** The store has recorded these for it. */
        void acknowledged(Collection<Revocation> entries) {
            this.own = entries;
        }

        @Override
        public void close() {
            end(this);
        }
    }

    void listener(BiConsumer<List<Revocation>, Instant> value) {
        this.listener = Objects.requireNonNull(value, "listener");
    }

    synchronized OwnCall begin() {
        OwnCall call = new OwnCall();
        calls.add(call);
        return call;
    }

    /** This node has learnt these, and does not know whose they are. Never waits. */
    void learnt(List<Revocation> entries, Instant at) {
        if (entries.isEmpty()) {
            return;
        }
        synchronized (this) {
            if (!calls.isEmpty() && held < MOST_HELD) {
                held += entries.size();
                Held batch = new Held(entries, at, calls.size());
                calls.forEach(call -> call.held.add(batch));
                return;
            }
        }
        tell(entries, at);
    }

    private void end(OwnCall call) {
        List<Held> ready = new ArrayList<>();
        synchronized (this) {
            calls.remove(call);
            for (Held batch : call.held) {
                batch.entries.removeAll(call.own);
                batch.calls--;
                if (batch.calls == 0) {
                    held -= batch.size;
                    ready.add(batch);
                }
            }
        }
        ready.stream()
                .filter(batch -> !batch.entries.isEmpty())
                .forEach(batch -> tell(List.copyOf(batch.entries), batch.at));
    }

    private void tell(List<Revocation> entries, Instant at) {
        try {
            listener.accept(entries, at);
            failing.worked();
        } catch (RuntimeException e) {
            // It must break neither the feed nor a call that was acknowledged.
            failing.failed(e);
        }
    }
}
