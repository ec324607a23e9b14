package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.atrest.SessionPayload;
import dev.curfew.atrest.StoredPayloads;
import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.contract.OwnLogoutOnTwoNodes;
import dev.curfew.contract.TestKeys;
import dev.curfew.crypto.SecretHash;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.StoredSession;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Figures on PostgreSQL with fsync, each against a bare statement of the same run; printed, and part of no build. */
@Tag("figures")
final class FiguresTest {
    private static final int ROWS = 200_000;
    private static final int BLOCK = 50;
    private static final int MANY_ROWS = 1_000_000;

    @Test
    void print_them() throws Exception {
        HikariDataSource pool = TestDatabase.POSTGRESQL.pool();
        String prefix = Stores.prefix();
        JdbcSessionStore store = Stores.opened(pool, prefix);
        PlanTest.Rows.fill(pool, prefix, ROWS);
        GivenSession session = Stores.login(store, Given.subject("alice"));
        TokenFacts facts = session.token("t");
        byte[] key = session.row().key().toBytes();

        try (Connection bare = pool.getConnection();
                Statement ddl = bare.createStatement();
                PreparedStatement byKey =
                        bare.prepareStatement("SELECT * FROM " + prefix + "session WHERE session_key = ?")) {
            Callable<Object> select = () -> {
                byKey.setBytes(1, key);
                try (ResultSet row = byKey.executeQuery()) {
                    return row.next();
                }
            };
            Callable<Object> pooled = () -> {
                try (Connection own = pool.getConnection();
                        PreparedStatement statement =
                                own.prepareStatement("SELECT * FROM " + prefix + "session WHERE session_key = ?")) {
                    own.setNetworkTimeout(Runnable::run, 2_000);
                    statement.setBytes(1, key);
                    try (ResultSet row = statement.executeQuery()) {
                        return row.next();
                    }
                }
            };
            Callable<Object> covering = () -> store.revocationsCovering(facts, Given.NOW);
            Callable<Object> find = () -> store.find(session.ref(), Given.NOW);
            double[] reads = together(20_000, select, covering, find, pooled);
            print("a bare primary-key SELECT", reads[0], reads[0]);
            print("the same, pooled, with a timeout", reads[3], reads[0]);
            print("revocationsCovering", reads[1], reads[0]);
            print("find", reads[2], reads[0]);

            ddl.execute("CREATE TABLE " + prefix + "bare (id BYTEA PRIMARY KEY, at BIGINT)");
            try (PreparedStatement insert =
                    bare.prepareStatement("INSERT INTO " + prefix + "bare (id, at) VALUES (?, ?)")) {
                int[] number = {0};
                Callable<Object> one = () -> {
                    insert.setBytes(1, LookupKey.of("bare", "" + number[0]++).toBytes());
                    insert.setLong(2, number[0]);
                    return insert.executeUpdate();
                };
                SubjectId[] many = new SubjectId[400];
                for (int i = 0; i < many.length; i++) {
                    many[i] = Given.subject("thousand-" + i);
                    copy(ddl, prefix, session, many[i], 1_000);
                }
                SubjectId[] single = new SubjectId[400];
                for (int i = 0; i < single.length; i++) {
                    single[i] = Given.subject("one-" + i);
                    copy(ddl, prefix, session, single[i], 1);
                }
                ddl.execute("VACUUM ANALYZE " + prefix + "session");
                int[] next = {0, 0};
                double[] writes = together(
                        many.length,
                        one,
                        () -> revokeAll(store, many[next[0]++], 1_000),
                        () -> revokeAll(store, single[next[1]++], 1));
                print("a bare INSERT and commit", writes[0], writes[0]);
                print("revoke all of 1 session", writes[2], writes[0]);
                print("revoke all of 1,000 sessions", writes[1], writes[0]);
            }
            for (int run = 0; run < 3; run++) {
                SubjectId hundred = Given.subject("hundred-thousand-" + run);
                copy(ddl, prefix, session, hundred, 100_000);
                ddl.execute("VACUUM ANALYZE " + prefix + "session");
                long begin = System.nanoTime();
                revokeAll(store, hundred, 100_000);
                System.out.printf(
                        "%-34s %8.1f ms%n", "revoke all of 100,000 sessions", (System.nanoTime() - begin) / 1e6);
            }
        }
    }

    /** A refresh rotates without a notice; a renewal of a session token leaves one. */
    @Test
    void print_those_of_an_exchange() throws Exception {
        HikariDataSource pool = TestDatabase.POSTGRESQL.pool();
        String prefix = Stores.prefix();
        JdbcSessionStore store = Stores.opened(pool, prefix);
        PlanTest.Rows.fill(pool, prefix, ROWS);
        GivenSession bare = loggedIn(store, "bare");
        GivenSession refreshed = loggedIn(store, "refreshed");
        GivenSession renewed = loggedIn(store, "renewed");
        int[] number = {0, 0, 0};
        try (Connection own = pool.getConnection();
                PreparedStatement update = own.prepareStatement("UPDATE " + prefix
                        + "session SET secret_hash = ?, credential = ? WHERE session_key = ? AND secret_hash = ?")) {
            own.setAutoCommit(false);
            Callable<Object> one = () -> {
                int n = number[0]++;
                update.setBytes(1, SecretHash.of("secret-" + (n + 1)).toBytes());
                update.setBytes(2, new byte[180]);
                update.setBytes(3, bare.row().key().toBytes());
                update.setBytes(4, SecretHash.of("secret-" + n).toBytes());
                int changed = update.executeUpdate();
                own.commit();
                return changed;
            };
            double[] writes = together(
                    2_000,
                    one,
                    () -> store.rotate(refreshed.ref(), exchange(number[1]++), Given.NOW),
                    () -> store.rotate(renewed.ref(), exchange(number[2]++).withNotice(), Given.NOW));
            own.rollback();
            own.setAutoCommit(true);
            print("a bare UPDATE and commit", writes[0], writes[0]);
            print("rotate", writes[1], writes[0]);
            print("rotate with a notice", writes[2], writes[0]);
        }
        assertThat(store.find(refreshed.ref(), Given.NOW)
                        .orElseThrow()
                        .session()
                        .secretHash())
                .contains(SecretHash.of("secret-" + number[1]));
    }

    private static GivenSession loggedIn(JdbcSessionStore store, String subject) {
        GivenSession session =
                Given.session(Given.subject(subject)).secret("secret-0").build();
        store.insert(session.row(), SessionLimit.unlimited(), Given.NOW);
        return session;
    }

    private static Rotation exchange(int number) {
        return Rotation.ofSecret(
                SecretHash.of("secret-" + number), SecretHash.of("secret-" + (number + 1)), new byte[180]);
    }

    /** The load of a node's index, on connections and code that no earlier read has warmed, and again. */
    @Test
    void print_how_long_another_node_lets_a_session_pass_whose_login_has_ended_at_the_provider() {
        HikariDataSource pool = TestDatabase.POSTGRESQL.pool();
        String prefix = Stores.prefix();
        JdbcSessionStore first = JdbcSessionStore.on(pool).prefix(prefix).build();
        first.migrate();
        try (OwnLogoutOnTwoNodes nodes = new OwnLogoutOnTwoNodes(
                first, JdbcSessionStore.on(pool).prefix(prefix).build())) {
            nodes.measure("PostgreSQL", 100);
        }
    }

    @Test
    void print_those_of_the_feed() throws Exception {
        String prefix = Stores.prefix();
        try (HikariDataSource pool = Pools.of(Postgres.url(), 4)) {
            JdbcSessionStore store = Stores.opened(pool, prefix);
            PlanTest.Rows.fill(pool, prefix, MANY_ROWS);
            for (String run : new String[] {"first", "second", "third"}) {
                long begin = System.nanoTime();
                int entries = readAll(store);
                System.out.printf(
                        "%-34s %8.0f ms, the %s run%n",
                        "the feed, " + entries + " entries", (System.nanoTime() - begin) / 1e6, run);
            }
        }
    }

    @Test
    void print_the_bytes_of_a_session() throws Exception {
        HikariDataSource pool = TestDatabase.POSTGRESQL.pool();
        printBytes(pool, "plain", StoredPayloads.plain());
        printBytes(pool, "encrypted", StoredPayloads.encrypted(TestKeys.ring("2026")));
    }

    /** Rows as the store writes them, with their indexes. */
    private static void printBytes(HikariDataSource pool, String name, StoredPayloads payloads) throws Exception {
        int sessions = 5_000;
        String prefix = Stores.prefix();
        JdbcSessionStore store = Stores.opened(pool, prefix);
        SessionPayload payload = new SessionPayload(
                "user-4711", null, null, DeviceInfo.of("Chrome 141 on Windows"), Map.of("country", "ES"));
        int bytes = 0;
        for (int i = 0; i < sessions; i++) {
            GivenSession bare = Given.session(Given.subject("subject-" + i))
                    .secret("secret-" + i)
                    .build();
            byte[] stored = payloads.write(bare.row().key(), payload);
            bytes = stored.length;
            StoredSession row = bare.row().toBuilder().payload(stored).build();
            store.insert(row, SessionLimit.unlimited(), Given.NOW);
        }
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("VACUUM FULL " + prefix + "session");
            try (ResultSet size = statement.executeQuery("SELECT pg_relation_size('" + prefix + "session'),"
                    + " pg_total_relation_size('" + prefix + "session')")) {
                size.next();
                System.out.printf(
                        "a session with %d bytes of payload, %s: %d bytes, %d with indexes%n",
                        bytes, name, size.getLong(1) / sessions, size.getLong(2) / sessions);
            }
        }
    }

    private static int readAll(JdbcSessionStore store) {
        int entries = 0;
        FeedPosition position = FeedPosition.beginning();
        while (true) {
            FeedRead.Page page = (FeedRead.Page) store.feed().readAfter(position, 10_000, Given.NOW);
            entries += page.entries().size();
            position = page.next();
            if (page.isCaughtUp()) {
                return entries;
            }
        }
    }

    private static Object revokeAll(JdbcSessionStore store, SubjectId subject, int count) {
        RevokeResult.Recorded result = (RevokeResult.Recorded)
                store.revoke(Given.act(RevocationTarget.subject(subject)).build(), Precondition.none(), Given.NOW);
        assertThat(result.newlyCovered()).isEqualTo(count);
        return result;
    }

    private static void copy(Statement ddl, String prefix, GivenSession session, SubjectId subject, int count)
            throws Exception {
        ddl.execute("INSERT INTO " + prefix + "session SELECT decode(md5('" + subject.value() + "/' || i), 'hex'),"
                + " bucket, NULL, realm_key, decode('" + subject.key() + "', 'hex'), client_key, authenticated_at,"
                + " created_at, last_seen_at, idle_millis, expires_at, ends_at, forget_after, secret_hash,"
                + " decode(repeat('00', 200), 'hex') FROM " + prefix + "session, generate_series(1, " + count
                + ") i WHERE session_key = decode('" + session.row().key() + "', 'hex')");
        // Its logins would have made it.
        ddl.execute("INSERT INTO " + prefix + "subject VALUES (decode('" + subject.key() + "', 'hex'))");
    }

    /**
     * Medians in microseconds, the first half left out, in which the code gets warm. Calls take turns by the block, so
     * that noise meets all of them, and none finds its server process colder than the others do.
     */
    @SafeVarargs
    private static double[] together(int rounds, Callable<Object>... calls) throws Exception {
        long[][] nanos = new long[calls.length][rounds];
        for (int block = 0; block < rounds; block += BLOCK) {
            for (int call = 0; call < calls.length; call++) {
                for (int round = block; round < block + BLOCK; round++) {
                    long begin = System.nanoTime();
                    calls[call].call();
                    nanos[call][round] = System.nanoTime() - begin;
                }
            }
        }
        return Arrays.stream(nanos)
                .mapToDouble(all -> Arrays.stream(all)
                                .skip(rounds / 2)
                                .sorted()
                                .skip(rounds / 4)
                                .findFirst()
                                .orElseThrow()
                        / 1e3)
                .toArray();
    }

    private static void print(String what, double micros, double base) {
        System.out.printf("%-34s %8.1f µs   %5.2f x%n", what, micros, micros / base);
    }
}
