package dev.curfew.replica;

import dev.curfew.meter.TroubleLog;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.LookupKey;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tells those who listen to a replica. Thread-safe. */
final class ReplicaListeners {
    private final List<ReplicaListener> listeners = new CopyOnWriteArrayList<>();
    private final TroubleLog failing = new TroubleLog(
            ReplicaListeners.class,
            "who listens to the replica failed",
            "who listens to the replica hears again",
            System::nanoTime);

    void add(ReplicaListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
    }

    void recorded(Collection<Revocation> entries) {
        if (listeners.isEmpty()) {
            return;
        }
        for (Revocation entry : entries) {
            listeners.forEach(listener -> recorded(listener, entry));
        }
    }

    private void recorded(ReplicaListener listener, Revocation entry) {
        try {
            listener.recorded(entry);
            failing.worked();
        } catch (Throwable e) {
            // Whatever it is, it must break neither the feed nor a call that was acknowledged.
            failing.failed(e);
        }
    }

    void exchanged(LookupKey session) {
        listeners.forEach(listener -> listener.exchanged(session));
    }

    void missed() {
        listeners.forEach(ReplicaListener::missed);
    }
}
