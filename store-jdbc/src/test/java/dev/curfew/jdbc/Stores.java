package dev.curfew.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.jdbc.sql.ServerClock;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.InsertResult;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationFeed;
import dev.curfew.store.SessionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Stores with tables of their own, for tests that are not the contract. */
public final class Stores {
    /**
     * A thread for each task: on a machine with two cores the common pool has one thread from Java 25 on, and a task
     * that waits for another one, or hangs, would hold up all.
     */
    public static final Executor OWN_THREADS = task -> {
        Thread thread = new Thread(task, "test");
        thread.setDaemon(true);
        thread.start();
    };

    /** Of impatient stores, where a test is about the bound; the others wait longer than a busy machine takes. */
    public static final Duration TIMEOUT = Duration.ofSeconds(2);

    /** How much later than its bound a call may come back before a test calls that a fault: machines are busy. */
    public static final Duration GRACE = Duration.ofSeconds(8);

    /** A server whose clock agrees with every node's. The instants of tests lie in the future. */
    static final ServerClock AS_TOLD = (now, reading) -> now;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private Stores() {}

    public static String prefix() {
        return "s" + NUMBERS.incrementAndGet() + "_";
    }

    /** A store whose tables stand, and that was opened. */
    public static JdbcSessionStore opened(HikariDataSource pool, String prefix) {
        return opened(on(pool, prefix));
    }

    /** The same with more settings. */
    static JdbcSessionStore opened(JdbcSessionStoreBuilder builder) {
        JdbcSessionStore store = builder.build();
        store.migrate();
        store.open(Given.SETTINGS, Given.BIRTH);
        return store;
    }

    /** A patient store whose server agrees with every node's clock. */
    static JdbcSessionStoreBuilder on(DataSource pool, String prefix) {
        return JdbcSessionStore.on(pool).prefix(prefix).callTimeout(PATIENCE).serverClock(AS_TOLD);
    }

    public static JdbcSessionStore node(DataSource pool, String prefix) {
        return on(pool, prefix).build();
    }

    /** Another store on the same tables, which gives up after {@link #TIMEOUT}. */
    static JdbcSessionStore impatient(DataSource pool, String prefix) {
        JdbcSessionStore store = on(pool, prefix).callTimeout(TIMEOUT).build();
        store.open(Given.SETTINGS, Given.BIRTH);
        return store;
    }

    static GivenSession login(SessionStore store, SubjectId subject) {
        GivenSession session = Given.session(subject).build();
        InsertResult result = store.insert(session.row(), SessionLimit.unlimited(), Given.NOW);
        if (!(result instanceof InsertResult.Inserted)) {
            throw new AssertionError(result);
        }
        return session;
    }

    /** All sessions of a subject with this name end. */
    static void revoke(SessionStore store, String subject) {
        store.revoke(
                Given.act(RevocationTarget.subject(Given.subject(subject))).build(), Precondition.none(), Given.NOW);
    }

    /** All revocations on the feed, from a position on; the position after it is the last element of the array. */
    static Set<Revocation> read(SessionStore store, FeedPosition[] position) {
        return read(store, position, Given.NOW);
    }

    static Set<Revocation> read(SessionStore store, FeedPosition[] position, Instant now) {
        Set<Revocation> read = new HashSet<>();
        while (true) {
            FeedRead.Page page = (FeedRead.Page) store.feed().readAfter(position[0], 100, now);
            for (FeedEntry entry : page.entries()) {
                if (entry instanceof FeedEntry.Revoked revoked) {
                    read.add(revoked.revocation());
                } else if (entry instanceof FeedEntry.Opened opened) {
                    read.add(opened.entry());
                } else if (entry instanceof FeedEntry.Closed closed) {
                    read.add(closed.revocation());
                }
            }
            position[0] = page.next();
            if (page.isCaughtUp()) {
                return read;
            }
        }
    }

    /** A node follows the feed until each row has its number and nothing is open. */
    static void settle(SessionStore store, Instant now) {
        RevocationFeed follower = store.feed().follower();
        FeedPosition position = FeedPosition.beginning();
        for (int i = 0; i < 12; i++) {
            FeedRead.Page page;
            do {
                page = (FeedRead.Page) follower.readAfter(position, 10_000, now);
                position = page.next();
            } while (!page.isCaughtUp());
            follower.upkeep(now, () -> true);
        }
    }
}
