package dev.curfew.redis;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.redis.server.ServerCheck;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionLimit;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.SessionStore;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;

/** Short verbs for tests of real servers. */
final class Stores {
    /**
     * A thread for each task: on a machine with two cores the common pool has one thread from Java 25 on, and a task
     * that waits for another one, or hangs, would hold up all.
     */
    static final Executor OWN_THREADS = task -> {
        Thread thread = new Thread(task, "test");
        thread.setDaemon(true);
        thread.start();
    };

    private Stores() {}

    static RedisSessionStore opened(RedisSessionStoreBuilder builder) {
        RedisSessionStore store = builder.serverCheck(ServerCheck.NONE)
                .serverClock(new TestServerClock())
                .build();
        store.open(Given.SETTINGS, Given.BIRTH);
        return store;
    }

    static Revocation revoke(SessionStore store, RevocationTarget target, Instant now) {
        return ((RevokeResult.Recorded) store.revoke(Given.act(target).build(), Precondition.none(), now)).entry();
    }

    static GivenSession insert(SessionStore store, String subject, Instant now) {
        GivenSession session = Given.session(Given.subject(subject)).began(now).build();
        store.insert(session.row(), SessionLimit.unlimited(), now);
        return session;
    }

    static FeedPosition caughtUp(SessionStore store) {
        FeedPosition position = FeedPosition.beginning();
        while (true) {
            FeedRead.Page page = (FeedRead.Page) store.feed().readAfter(position, 500, Given.NOW);
            position = page.next();
            if (page.isCaughtUp()) {
                return position;
            }
        }
    }

    /** Everything from the beginning, births included. */
    static Set<Revocation> reload(SessionStore store) {
        Set<Revocation> all = new LinkedHashSet<>();
        FeedPosition position = FeedPosition.beginning();
        while (true) {
            FeedRead.Page page = (FeedRead.Page) store.feed().readAfter(position, 500, Given.NOW);
            for (FeedEntry entry : page.entries()) {
                if (entry instanceof FeedEntry.Revoked revoked) {
                    all.add(revoked.revocation());
                }
            }
            position = page.next();
            if (page.isCaughtUp()) {
                return all;
            }
        }
    }
}
