package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.Given;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The feed is complete whatever the writers do, on every database. */
@Timeout(120)
final class FeedCompletenessTest {
    @ParameterizedTest
    @EnumSource
    void what_was_begun_before_a_later_one_and_committed_after_it_is_read(TestDatabase database) throws Exception {
        HikariDataSource pool = database.pool();
        JdbcSessionStore store = Stores.opened(pool, Stores.prefix());
        Stores.settle(store, Given.NOW);
        FeedPosition[] position = {FeedPosition.beginning()};
        Stores.read(store, position);

        try (Connection slow = database.transaction()) {
            RevokeResult held = store.revokeIn(slow, act("slow"), Precondition.none(), Given.NOW)
                    .result();
            Revocation quick = recorded(store.revoke(act("quick"), Precondition.none(), Given.NOW));
            assertThat(Stores.read(store, position)).containsExactly(quick);

            slow.commit();

            assertThat(Stores.read(store, position))
                    .extracting(Revocation::target)
                    .contains(((RevokeResult.Recorded) held).entry().target());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRESQL", "MARIADB"})
    void a_writer_that_is_killed_leaves_nothing_and_hides_nothing(TestDatabase database) throws Exception {
        HikariDataSource pool = database.pool();
        JdbcSessionStore store = Stores.opened(pool, Stores.prefix());
        Stores.settle(store, Given.NOW);
        FeedPosition[] position = {FeedPosition.beginning()};
        Stores.read(store, position);

        Connection doomed = database.transaction();
        store.revokeIn(doomed, act("doomed"), Precondition.none(), Given.NOW);
        Revocation before = recorded(store.revoke(act("before"), Precondition.none(), Given.NOW));
        database.kill(doomed);
        Revocation after = recorded(store.revoke(act("after"), Precondition.none(), Given.NOW));

        assertThat(Stores.read(store, position)).containsExactlyInAnyOrder(before, after);
        assertThat(store.revoke(act("doomed"), Precondition.none(), Given.NOW))
                .isInstanceOfSatisfying(
                        RevokeResult.Recorded.class,
                        it -> assertThat(it.changed()).isTrue());
    }

    @ParameterizedTest
    @EnumSource
    void eight_readers_see_all_that_eight_writers_record(TestDatabase database) throws Exception {
        HikariDataSource pool = database.pool();
        String prefix = Stores.prefix();
        Stores.opened(pool, prefix);
        ExecutorService threads = Executors.newFixedThreadPool(16);
        AtomicBoolean isOver = new AtomicBoolean();
        List<Future<Set<Revocation>>> readers = new ArrayList<>();
        List<Future<Set<Revocation>>> writers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int number = i;
            writers.add(threads.submit(() -> {
                JdbcSessionStore node = node(pool, prefix);
                Set<Revocation> written = new HashSet<>();
                for (int act = 0; act < 40; act++) {
                    written.add(
                            recorded(node.revoke(act("writer-" + number + "-" + act), Precondition.none(), Given.NOW)));
                }
                return written;
            }));
            readers.add(threads.submit(() -> {
                JdbcSessionStore node = node(pool, prefix);
                FeedPosition[] position = {FeedPosition.beginning()};
                Set<Revocation> read = new HashSet<>();
                while (!isOver.get()) {
                    read.addAll(Stores.read(node, position));
                }
                read.addAll(Stores.read(node, position));
                return read;
            }));
        }
        Set<Revocation> written = new HashSet<>();
        for (Future<Set<Revocation>> writer : writers) {
            written.addAll(writer.get(60, TimeUnit.SECONDS));
        }
        isOver.set(true);

        assertThat(written).hasSize(320);
        for (Future<Set<Revocation>> reader : readers) {
            assertThat(reader.get(60, TimeUnit.SECONDS)).containsAll(written).hasSize(321);
        }
        threads.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource
    void a_tail_that_a_restored_backup_has_lost_is_a_gap(TestDatabase database) throws Exception {
        HikariDataSource pool = database.pool();
        String prefix = Stores.prefix();
        JdbcSessionStore store = Stores.opened(pool, prefix);
        store.revoke(act("kept"), Precondition.none(), Given.NOW);
        FeedPosition[] position = {FeedPosition.beginning()};
        Stores.settle(store, Given.NOW);
        store.revoke(act("lost"), Precondition.none(), Given.NOW);
        Stores.settle(store, Given.NOW);
        Stores.read(store, position);

        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM " + prefix + "revocation WHERE position = 3");
            statement.execute("UPDATE " + prefix + "state SET amount = 2 WHERE name = 'feed'");
        }
        assertThat(store.feed().readAfter(position[0], 10, Given.NOW)).isEqualTo(new FeedRead.Gap());
        Revocation next = recorded(store.revoke(act("next"), Precondition.none(), Given.NOW));
        FeedPosition[] anew = {FeedPosition.beginning()};
        Stores.settle(store, Given.NOW);
        assertThat(Stores.read(store, anew)).contains(next).hasSize(3);
        assertThat(anew[0].marks().get(0).number()).isEqualTo(3);
        assertThat(store.feed().readAfter(position[0], 10, Given.NOW)).isEqualTo(new FeedRead.Gap());
    }

    private static JdbcSessionStore node(HikariDataSource pool, String prefix) {
        JdbcSessionStore node = JdbcSessionStore.on(pool)
                .prefix(prefix)
                .callTimeout(java.time.Duration.ofSeconds(20))
                .attempts(20)
                .build();
        node.open(Given.SETTINGS, Given.NOW);
        return node;
    }

    private static RevocationRequest act(String name) {
        return Given.act(RevocationTarget.subject(Given.subject(name))).build();
    }

    private static Revocation recorded(RevokeResult result) {
        return ((RevokeResult.Recorded) result).entry();
    }
}
