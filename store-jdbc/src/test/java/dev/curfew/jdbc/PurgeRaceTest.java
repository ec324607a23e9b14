package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.InsertResult;
import dev.curfew.store.Precondition;
import dev.curfew.store.PurgeResult;
import dev.curfew.store.Touch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many nodes that purge while others log in and out: no deadlock, and nothing live goes. */
@Timeout(120)
final class PurgeRaceTest {
    private static final int NODES = 8;
    private static final Duration HOW_LONG = Duration.ofSeconds(Integer.getInteger("curfew.purge.seconds", 4));

    /** Long after the old rows, so that these go while the new ones stay. */
    private static final Instant LATER = Given.NOW.plus(Duration.ofDays(60));

    @ParameterizedTest
    @EnumSource
    void many_nodes_purge_while_others_log_in_and_out(TestDatabase database) throws Exception {
        String prefix = Stores.prefix();
        JdbcSessionStore old = Stores.opened(database.pool(), prefix);
        for (int i = 0; i < 300; i++) {
            GivenSession session = Stores.login(old, Given.subject("old-" + i % 20));
            if (i % 3 == 0) {
                old.revoke(Given.act(session.target()).build(), Precondition.none(), Given.NOW);
            }
        }
        ExecutorService threads = Executors.newFixedThreadPool(NODES);
        long end = System.nanoTime() + HOW_LONG.toNanos();
        AtomicInteger purged = new AtomicInteger();
        List<Future<List<GivenSession>>> running = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            int number = i;
            running.add(threads.submit(() -> {
                JdbcSessionStore node = Stores.node(database.pool(), prefix);
                node.open(Given.SETTINGS, LATER);
                List<GivenSession> live = new ArrayList<>();
                // Two at least, however long it took to begin: one session goes out again, and one stays.
                for (int act = 0; act < 2 || System.nanoTime() < end; act++) {
                    if (number < NODES / 2) {
                        PurgeResult result = node.purge(LATER, 10);
                        purged.addAndGet(result.sessions() + result.revocations());
                    } else {
                        inAndOut(node, live, number, act);
                    }
                }
                return live;
            }));
        }
        List<GivenSession> live = new ArrayList<>();
        for (Future<List<GivenSession>> one : running) {
            live.addAll(one.get(60, TimeUnit.SECONDS));
        }
        threads.shutdownNow();

        assertThat(live).isNotEmpty();
        assertThat(live)
                .allSatisfy(session -> assertThat(old.find(session.ref(), LATER))
                        .hasValueSatisfying(
                                found -> assertThat(found.isLive(LATER)).isTrue()));
        while (old.purge(LATER, 1_000).hasMore()) {
            // until everything old is gone
        }
        assertThat(old.purge(LATER, 1_000).sessions()).isZero();
        assertThat(purged.get()).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void a_limit_is_exact_while_the_lock_row_of_the_subject_goes_again_and_again(TestDatabase database)
            throws Exception {
        JdbcSessionStore store = Stores.opened(database.pool(), Stores.prefix());
        ExecutorService threads = Executors.newFixedThreadPool(NODES);
        for (int round = 0; round < 15; round++) {
            SubjectId subject = Given.subject("contended-" + round);
            // Makes a lock row without any session, which the purge may take at every moment.
            store.revoke(
                    Given.act(RevocationTarget.subject(subject))
                            .issuedBefore(Given.NOW.minusSeconds(60))
                            .build(),
                    Precondition.none(),
                    Given.NOW);
            List<Future<Boolean>> running = new ArrayList<>();
            for (int i = 0; i < NODES; i++) {
                boolean purges = i % 2 == 0;
                running.add(threads.submit(() -> {
                    if (purges) {
                        store.purge(Given.NOW, 10);
                        return false;
                    }
                    return store.insert(Given.session(subject).build().row(), SessionLimit.refuseBeyond(1), Given.NOW)
                            instanceof InsertResult.Inserted;
                }));
            }
            int inserted = 0;
            for (Future<Boolean> one : running) {
                inserted += one.get(60, TimeUnit.SECONDS) ? 1 : 0;
            }
            assertThat(inserted).as("round %s", round).isEqualTo(1);
        }
        threads.shutdownNow();
    }

    /** Two calls go once around all keys. */
    @ParameterizedTest
    @EnumSource
    void a_lock_row_goes_when_its_subject_has_no_session(TestDatabase database) throws Exception {
        String prefix = Stores.prefix();
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        Stores.login(store, Given.subject("alice"));
        store.revoke(Given.act(RevocationTarget.subject(Given.subject("bob"))).build(), Precondition.none(), Given.NOW);
        assertThat(lockRows(database, prefix)).isEqualTo(2);
        store.purge(Given.NOW, 100);
        store.purge(Given.NOW, 100);
        assertThat(lockRows(database, prefix)).isEqualTo(1);
        Stores.login(store, Given.subject("alice"));
    }

    private static int lockRows(TestDatabase database, String prefix) throws Exception {
        try (Connection connection = database.pool().getConnection();
                PreparedStatement count = connection.prepareStatement("SELECT COUNT(*) FROM " + prefix + "subject");
                ResultSet row = count.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void inAndOut(JdbcSessionStore node, List<GivenSession> live, int number, int act) {
        SubjectId subject = Given.subject("new-" + number + "-" + act % 5);
        GivenSession session = Given.session(subject).began(LATER).build();
        assertThat(node.insert(session.row(), SessionLimit.unlimited(), LATER))
                .isInstanceOf(InsertResult.Inserted.class);
        node.touch(List.of(new Touch(session.ref(), LATER.plusMillis(1))), LATER);
        if (act % 2 == 0) {
            node.revoke(Given.act(session.target()).build(), Precondition.none(), LATER);
            node.revoke(
                    Given.act(RevocationTarget.subject(Given.subject("gone-" + number)))
                            .build(),
                    Precondition.none(),
                    LATER);
        } else {
            live.add(session);
        }
    }
}
