package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.Given;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.CurfewException;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationFeed;
import dev.curfew.store.RevokeResult;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a node that follows the feed is told, whatever other nodes, writers and the server do. */
@Timeout(180)
final class FollowerTest {
    private static final int READERS = 20;
    private static final int ROUNDS = 30;
    private static final int BACKLOG = 30_000;

    @ParameterizedTest
    @EnumSource
    void a_numberer_that_has_stopped_delays_no_reader_and_no_upkeep(TestDatabase database) throws Exception {
        String prefix = Stores.prefix();
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        Revocation first = revoke(store, "first");
        Reading reading = new Reading(store.feed().follower());
        reading.toTheEnd();
        reading.toTheEnd();
        try (Connection stopped = database.transaction();
                Statement statement = stopped.createStatement()) {
            statement.executeQuery("SELECT * FROM " + prefix + "state WHERE name = 'feed' FOR UPDATE");
            statement.executeUpdate(
                    "UPDATE " + prefix + "revocation SET position = seq + 100, proof = 1 WHERE position IS NULL");

            Revocation second = revoke(store, "second");
            assertThat(reading.toTheEnd()).containsExactly(second);
            reading.feed.upkeep(Given.NOW, () -> true);
            Revocation third = revoke(store, "third");
            assertThat(reading.toTheEnd()).containsExactly(third);
            assertThat(Stores.read(store, new FeedPosition[] {FeedPosition.beginning()}))
                    .contains(first, second, third);
            stopped.rollback();
        }
        // It has left the numbering to the other one, and takes it over once that one has numbered nothing for a while.
        for (int read = 0; read < ROUNDS; read++) {
            reading.feed.upkeep(Given.NOW, () -> true);
            reading.toTheEnd();
        }
        assertThat(numbered(database.pool(), prefix)).isPositive();
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRESQL", "MARIADB"})
    void a_backlog_is_numbered_in_steps_that_each_stay_done_while_reads_are_complete(TestDatabase database)
            throws Exception {
        HikariDataSource pool = database.pool();
        String prefix = Stores.prefix();
        Stores.opened(pool, prefix);
        fill(pool, prefix);
        JdbcSessionStore store =
                Stores.on(pool, prefix).callTimeout(Duration.ofMillis(500)).build();
        patiently(() -> store.open(Given.SETTINGS, Given.BIRTH));
        Reading reading = new Reading(store.feed().follower());
        List<Revocation> all = new ArrayList<>();
        patiently(() -> all.addAll(reading.toTheEnd()));
        assertThat(all).hasSize(BACKLOG + 1);

        int before = 0;
        while (before < BACKLOG) {
            patiently(reading::toTheEnd);
            int[] steps = {0};
            patiently(() -> reading.feed.upkeep(Given.NOW, () -> steps[0]++ < 5));
            int now = numbered(pool, prefix);
            assertThat(now).isGreaterThanOrEqualTo(before);
            before = now;
        }
        patiently(() -> assertThat(reading.toTheEnd()).isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void what_a_host_commits_after_any_time_is_not_skipped(TestDatabase database) throws Exception {
        AtomicLong ticks = new AtomicLong();
        String prefix = Stores.prefix();
        Stores.opened(database.pool(), prefix);
        JdbcSessionStore store =
                Stores.on(database.pool(), prefix).ticker(ticks::get).build();
        store.open(Given.SETTINGS, Given.BIRTH);
        Reading reading = new Reading(store.feed().follower());
        try (Connection host = database.transaction()) {
            store.revokeIn(
                    host,
                    Given.act(Given.tokenTarget(Given.subject("alice"), "late")).build(),
                    Precondition.none(),
                    Given.NOW);
            for (int i = 0; i < 10; i++) {
                revoke(store, "other-" + i);
                reading.toTheEnd();
                reading.feed.upkeep(Given.NOW, () -> true);
                ticks.addAndGet(Duration.ofMinutes(2).toNanos());
            }
            host.commit();
        }
        reading.toTheEnd();
        assertThat(reading.opened)
                .extracting(Revocation::target)
                .containsExactly(Given.tokenTarget(Given.subject("alice"), "late"));
    }

    @ParameterizedTest
    @EnumSource
    void a_row_without_a_number_that_is_lost_is_a_gap(TestDatabase database) throws Exception {
        String prefix = Stores.prefix();
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        Stores.settle(store, Given.NOW);
        Reading reading = new Reading(store.feed().follower());
        reading.toTheEnd();
        revoke(store, "lost");
        reading.toTheEnd();

        sql(database.pool(), "DELETE FROM " + prefix + "revocation WHERE position IS NULL");

        assertThat(reading.page()).isEqualTo(new FeedRead.Gap());
        reading.position = FeedPosition.beginning();
        assertThat(reading.toTheEnd()).hasSize(1);
    }

    @Test
    void where_nothing_can_be_written_the_feed_is_read_all_the_same() throws Exception {
        HikariDataSource pool = TestDatabase.POSTGRESQL.pool();
        String prefix = Stores.prefix();
        JdbcSessionStore store = Stores.opened(pool, prefix);
        String role = prefix + "reader";
        sql(pool, "CREATE ROLE " + role + " LOGIN PASSWORD 'p'");
        for (String table : List.of("revocation", "state", "session", "subject", "record")) {
            sql(pool, "GRANT SELECT ON " + prefix + table + " TO " + role);
        }
        try (HikariDataSource readers =
                Pools.of(TestDatabase.POSTGRESQL.url(), 2, config -> config.setConnectionInitSql("SET ROLE " + role))) {
            JdbcSessionStore reader = Stores.on(readers, prefix).build();
            reader.open(Given.SETTINGS, Given.NOW);
            Reading reading = new Reading(reader.feed().follower());
            reading.toTheEnd();
            Revocation entry = revoke(store, "alice");

            assertThat(reading.toTheEnd()).containsExactly(entry);
            assertThat(reading.toTheEnd()).isEmpty();
            assertThatThrownBy(() -> reading.feed.upkeep(Given.NOW, () -> true)).isInstanceOf(CurfewException.class);
            Revocation next = revoke(store, "bob");
            assertThat(reading.toTheEnd()).containsExactly(next);
        }
    }

    private static Revocation revoke(JdbcSessionStore store, String jti) {
        RevokeResult result = store.revoke(
                Given.act(Given.tokenTarget(Given.subject("alice"), jti)).build(), Precondition.none(), Given.NOW);
        return ((RevokeResult.Recorded) result).entry();
    }

    /** As other nodes have left it, which recorded while nobody could number. */
    private static void fill(HikariDataSource pool, String prefix) throws SQLException {
        boolean isPostgreSql = pool.getJdbcUrl().contains("postgresql");
        String numbers = isPostgreSql
                ? "(SELECT i AS seq FROM generate_series(1, " + BACKLOG + ") i) i"
                : "seq_1_to_" + BACKLOG + " i";
        String key = isPostgreSql ? "decode(md5('k' || i.seq), 'hex')" : "UNHEX(MD5(CONCAT('k', i.seq)))";
        long now = Given.NOW.toEpochMilli();
        sql(
                pool,
                "INSERT INTO " + prefix + "revocation (id, kind, target_key, realm_key, bucket, issued_before, reason,"
                        + " actor_kind, actor_id, revoked_at, forget_after, newly_covered, is_open) SELECT " + key
                        + ", 1, " + key + ", " + key + ", 1, " + now + ", 1, 4, '', " + now + ", " + (now + 86_400_000)
                        + ", 1, 0 FROM " + numbers);
    }

    @ParameterizedTest
    @EnumSource
    void a_reader_that_was_told_to_stop_before_it_began_to_number_does_it_the_next_time(TestDatabase database)
            throws Exception {
        String prefix = Stores.prefix();
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        revoke(store, "alone");
        Reading reading = new Reading(store.feed().follower());
        reading.toTheEnd();
        reading.toTheEnd();
        reading.feed.upkeep(Given.NOW, () -> false);
        assertThat(numbered(database.pool(), prefix)).isZero();
        // The lock row that somebody has removed is made anew, and that is no sign of others.
        sql(database.pool(), "DELETE FROM " + prefix + "state WHERE name = 'feed'");
        reading.toTheEnd();
        reading.feed.upkeep(Given.NOW, () -> true);
        reading.toTheEnd();
        reading.feed.upkeep(Given.NOW, () -> true);
        assertThat(numbered(database.pool(), prefix)).isPositive();
    }

    /** An attempt locks a row and writes to the disk, so that attempts of all would cost more than their reads. */
    @ParameterizedTest
    @EnumSource
    void of_many_readers_one_numbers_for_all_and_another_one_once_it_has_stopped(TestDatabase database)
            throws Exception {
        String prefix = Stores.prefix();
        JdbcSessionStore writer = Stores.opened(database.pool(), prefix);
        AtomicInteger lent = new AtomicInteger();
        JdbcSessionStore store =
                Stores.on(counting(database.pool(), lent), prefix).build();
        store.open(Given.SETTINGS, Given.BIRTH);
        List<Reading> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            readers.add(new Reading(store.feed().follower()));
        }
        for (int round = 0; round < ROUNDS; round++) {
            round(writer, readers, "first-" + round);
        }
        lent.set(0);
        for (int round = 0; round < ROUNDS; round++) {
            round(writer, readers, "second-" + round);
        }
        // Each reader reads once a round, and one of them numbers.
        assertThat(lent.get() - READERS * ROUNDS).isBetween(ROUNDS / 2, 3 * ROUNDS);

        for (Reading last : List.of(readers.get(0), readers.get(READERS - 1))) {
            revoke(writer, "last-" + readers.indexOf(last));
            for (int round = 0; round < ROUNDS; round++) {
                last.toTheEnd();
                last.feed.upkeep(Given.NOW, () -> true);
            }
            assertThat(unnumbered(database.pool(), prefix)).isZero();
        }
    }

    private static void round(JdbcSessionStore writer, List<Reading> readers, String subject) {
        revoke(writer, subject);
        readers.forEach(Reading::toTheEnd);
        readers.forEach(reading -> reading.feed.upkeep(Given.NOW, () -> true));
    }

    private static DataSource counting(DataSource pool, AtomicInteger lent) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection")) {
                        lent.incrementAndGet();
                    }
                    return method.invoke(pool, arguments);
                });
    }

    private static int unnumbered(HikariDataSource pool, String prefix) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery(
                        "SELECT COUNT(*) FROM " + prefix + "revocation WHERE position IS NULL")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static int numbered(HikariDataSource pool, String prefix) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery(
                        "SELECT COUNT(*) FROM " + prefix + "revocation WHERE position IS NOT NULL")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void sql(HikariDataSource pool, String text) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(text);
        }
    }

    /** On a busy machine a call of 500 ms may fail; what it has done stays done. */
    private static void patiently(Runnable call) {
        for (int i = 0; ; i++) {
            try {
                call.run();
                return;
            } catch (CurfewException e) {
                if (!e.isRetryable() || i == 200) {
                    throw e;
                }
            }
        }
    }

    /** Follows the feed. */
    private static final class Reading {
        private final RevocationFeed feed;
        private final List<Revocation> opened = new ArrayList<>();
        private FeedPosition position = FeedPosition.beginning();

        private Reading(RevocationFeed feed) {
            this.feed = feed;
        }

        private FeedRead page() {
            return feed.readAfter(position, 10_000, Given.NOW);
        }

        private List<Revocation> toTheEnd() {
            List<Revocation> read = new ArrayList<>();
            while (true) {
                FeedRead.Page page = (FeedRead.Page) page();
                position = page.next();
                for (FeedEntry entry : page.entries()) {
                    if (entry instanceof FeedEntry.Revoked revoked) {
                        read.add(revoked.revocation());
                    } else if (entry instanceof FeedEntry.Opened one) {
                        opened.add(one.entry());
                    }
                }
                if (page.isCaughtUp()) {
                    return read;
                }
            }
        }
    }
}
