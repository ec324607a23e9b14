package dev.curfew.watch;

import dev.curfew.replica.ReplicaListener;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.LookupKey;
import java.lang.invoke.VarHandle;

/**
 * Finds the watches that are concerned by what a replica learns. Thread-safe; it never waits, and where it would have
 * to walk through all watches it leaves that to the thread.
 *
 * @param registry of the watches
 * @param thread that walks
 */
record WatchedReplica(WatchRegistry registry, WatchThread thread) implements ReplicaListener {
    @Override
    public void recorded(Revocation revocation) {
        // The index has it already; who registers now finds it there, or is found here. See SessionWatches.watch.
        VarHandle.fullFence();
        switch (revocation.target().kind()) {
            case TOKEN, SESSION, FOREIGN_SESSION, SUBJECT -> end(revocation);
            case CLIENT, REALM, SIGNING_KEY, BIRTH -> thread.review();
        }
    }

    private void end(Revocation revocation) {
        for (Watch watch : registry.find(revocation.target().key())) {
            if (revocation.covers(watch.facts())) {
                watch.tell(WatchNews.revoked(revocation.reason()));
            }
        }
    }

    @Override
    public void exchanged(LookupKey session) {
        for (Watch watch : registry.find(session)) {
            watch.tell(WatchNews.RENEWED);
        }
    }

    @Override
    public void missed() {
        thread.missed();
    }
}
