package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionLimit;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.ListQuery;
import dev.curfew.store.NewSession;
import dev.curfew.store.PayloadChange;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.Precondition;
import dev.curfew.store.RecordKey;
import dev.curfew.store.ScopeCursor;
import dev.curfew.store.SessionCursor;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.Touch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No statement of the store scans a table: what PostgreSQL plans for each, among many rows. */
@Timeout(300)
final class PlanTest {
    private static final int ROWS = Integer.getInteger("curfew.plan.rows", 200_000);

    @Test
    void every_statement_has_an_index_plan() throws Exception {
        HikariDataSource pool = TestDatabase.POSTGRESQL.pool();
        String prefix = Stores.prefix();
        Stores.opened(pool, prefix);
        Rows.fill(pool, prefix, ROWS);
        RecordingSource recording = new RecordingSource(pool);
        JdbcSessionStore store = Stores.node(recording.source(), prefix);
        useAll(store);

        StringBuilder report = new StringBuilder();
        try (Connection connection = pool.getConnection()) {
            for (Map.Entry<String, Map<Integer, Object>> one :
                    recording.statements().entrySet()) {
                int first = 1;
                // Several statements may travel together, the beginning of the transaction in front.
                for (String sql : one.getKey().split("; ", -1)) {
                    int count = (int)
                            sql.chars().filter(character -> character == '?').count();
                    Map<Integer, Object> parameters = parameters(one.getValue(), first, count);
                    first += count;
                    if (sql.matches("(?s)(SELECT|UPDATE|DELETE|\\(SELECT).*") && !sql.contains(prefix + "state")) {
                        String plan = plan(connection, sql, parameters);
                        report.append(sql).append("\n\n").append(plan).append("\n----\n");
                        assertThat(plan).as(sql).doesNotContain("Seq Scan");
                        if (sql.contains("ORDER BY s.authenticated_at")
                                || sql.contains("client_key = ? AND s.session_key >")) {
                            // Only the rows of the page are sorted, behind its limit.
                            assertThat(plan.substring(plan.indexOf("Limit")))
                                    .as(sql)
                                    .doesNotContain("Sort");
                        }
                        if (sql.contains("ORDER BY r.item_key LIMIT")) {
                            assertThat(plan.substring(plan.indexOf("Limit")))
                                    .as(sql)
                                    .doesNotContain("Sort");
                        }
                        if (sql.contains("client_key = ? AND s.session_key >")) {
                            assertThat(plan).as(sql).contains("session_client_ix");
                        }
                    }
                }
            }
        }
        Files.writeString(Path.of("target", "plans.txt"), report);
        assertThat(recording.statements().size()).isGreaterThan(20);
    }

    private static void useAll(JdbcSessionStore store) {
        store.open(Given.SETTINGS, Given.NOW);
        GivenSession session = Given.session(Given.subject("alice"))
                .secret("first")
                .client(Given.client("web"))
                .build();
        store.insert(session.row(), SessionLimit.unlimited(), Given.NOW);
        GivenSession foreign =
                Given.session(Given.subject("alice")).foreign("sid").build();
        store.insert(foreign.row(), SessionLimit.refuseBeyond(5), Given.NOW);
        store.insert(Given.session(Given.subject("alice")).build().row(), SessionLimit.endOldestBeyond(2), Given.NOW);
        store.find(foreign.ref(), Given.NOW);
        store.list(Given.subject("alice"), ListQuery.live(20), Given.NOW);
        store.list(Given.subject("alice"), ListQuery.live(20).after(SessionCursor.of(session.row())), Given.NOW);
        store.list(Given.subject("alice"), ListQuery.all(20), Given.NOW);
        store.touch(List.of(new Touch(session.ref(), Given.NOW.plusMillis(1))), Given.NOW);
        store.rotate(
                session.ref(),
                Given.exchange("first", "second")
                        .withPayload(session.row().payload(), new byte[] {7})
                        .seenAt(Given.NOW.plusMillis(2))
                        .withNotice(),
                Given.NOW);
        store.insert(
                new NewSession(
                        Given.session(Given.subject("alice")).build().row(),
                        SessionLimit.refuseBeyond(9),
                        Optional.of(session.ref())),
                Given.NOW);
        for (RevocationTarget scope :
                List.of(RevocationTarget.client(Given.client("web")), RevocationTarget.realm(Given.REALM))) {
            store.sessionsOf(scope, ScopeCursor.start(), 100, Given.NOW);
            store.sessionsOf(scope, ScopeCursor.after(session.row().key()), 100, Given.NOW);
        }
        store.countLive(Given.NOW);
        var payloads = store.payloads(PayloadCursor.start(), 1, Given.NOW);
        store.payloads(payloads.next().orElseThrow(), 1, Given.NOW);
        store.replace(List.of(new PayloadChange(payloads.payloads().get(0), new byte[] {8})), Given.NOW);
        store.revocationsCovering(session.token("t"), Given.NOW);
        store.newestCutOff(Given.subject("alice"), Given.NOW);
        for (RevocationTarget target : List.of(
                RevocationTarget.token(session.token("t")),
                foreign.target(),
                session.target(),
                RevocationTarget.subject(Given.subject("alice")),
                RevocationTarget.client(Given.client("web")),
                RevocationTarget.realm(Given.REALM))) {
            store.revoke(Given.act(target).build(), Precondition.none(), Given.NOW);
        }
        store.revoke(
                Given.act(RevocationTarget.subject(Given.subject("alice"))).build(),
                Precondition.ownedBy(session.token("t")),
                Given.NOW);
        store.feed().readAfter(FeedPosition.at(ROWS / 2, 0), 100, Given.NOW);
        store.feed().readAfter(FeedPosition.beginning(), 100, Given.NOW);
        SharedRecords records = store.ability(SharedRecords.class).orElseThrow();
        RecordKey record = new RecordKey(LookupKey.of("group"), LookupKey.of("item"));
        Instant end = Given.NOW.plusSeconds(60);
        records.write(record, 0, new byte[] {1}, end, Given.NOW);
        records.write(record, 0, new byte[] {1}, end, Given.NOW);
        records.write(record, records.read(record, Given.NOW).orElseThrow().version(), new byte[] {2}, end, Given.NOW);
        records.remove(record, 1, Given.NOW);
        records.list(record.group(), Optional.empty(), 100, Given.NOW);
        records.list(record.group(), Optional.of(record.item()), 100, Given.NOW);
        store.purge(Given.NOW, 100);
        store.erase(Given.subject("alice"), Given.NOW, 10, Given.NOW);
    }

    /** Those of one statement, counted from 1 again. */
    private static Map<Integer, Object> parameters(Map<Integer, Object> all, int first, int count) {
        Map<Integer, Object> own = new HashMap<>();
        for (int i = 0; i < count; i++) {
            own.put(i + 1, all.get(first + i));
        }
        return own;
    }

    private static String plan(Connection connection, String sql, Map<Integer, Object> parameters) throws SQLException {
        try (PreparedStatement explain = connection.prepareStatement("EXPLAIN " + sql)) {
            for (Map.Entry<Integer, Object> parameter : parameters.entrySet()) {
                if (parameter.getValue() == null) {
                    explain.setNull(parameter.getKey(), Types.BINARY);
                } else {
                    explain.setObject(parameter.getKey(), parameter.getValue());
                }
            }
            StringBuilder plan = new StringBuilder();
            try (ResultSet rows = explain.executeQuery()) {
                while (rows.next()) {
                    plan.append(rows.getString(1)).append('\n');
                }
            }
            return plan.toString();
        }
    }

    /** Many rows of other subjects, straight into the tables. */
    static final class Rows {
        private Rows() {}

        static void fill(HikariDataSource pool, String prefix, int rows) throws SQLException {
            long now = Given.NOW.toEpochMilli();
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO " + prefix + "session (session_key, bucket, realm_key, subject_key,"
                        + " client_key, authenticated_at, created_at, last_seen_at, idle_millis, expires_at, ends_at,"
                        + " forget_after,"
                        + " payload) SELECT decode(md5('s' || i), 'hex'), 1, decode(md5('realm'), 'hex'),"
                        + " decode(md5('u' || i / 3), 'hex'), decode(md5('c' || i % 20), 'hex'), " + now + ", " + now
                        + ", " + now + ", 86400000, "
                        + now + " + i, " + now + " + i, " + now + " + i, decode(repeat('00', 200), 'hex')"
                        + " FROM generate_series(1, " + rows + ") i");
                statement.execute(
                        "INSERT INTO " + prefix + "subject SELECT DISTINCT subject_key FROM " + prefix + "session");
                statement.execute("INSERT INTO " + prefix + "revocation (id, position, proof, numbered_at, kind,"
                        + " target_key, realm_key, bucket, scope_key, issued_before, reason, actor_kind, actor_id,"
                        + " revoked_at, forget_after, newly_covered, is_open) SELECT decode(md5('r' || i), "
                        + "'hex'), i + 1,"
                        + " i, " + now + ", CASE i % 3 WHEN 0 THEN 1 WHEN 1 THEN 2 ELSE 4 END,"
                        + " decode(md5('t' || i), 'hex'), decode(md5('realm'), 'hex'), 1,"
                        + " CASE i % 3 WHEN 0 THEN NULL WHEN 1 THEN decode(md5('u' || i), 'hex')"
                        + " ELSE decode(md5('realm'), 'hex') END, " + now + ", 1, 4, '', " + now + ", " + now
                        + " + i, 1, 0 FROM generate_series(1, " + rows + ") i");
                statement.execute("INSERT INTO " + prefix + "record SELECT decode(md5('g' || i % 20), 'hex'),"
                        + " decode(md5('i' || i), 'hex'), i, '', " + now + " + i FROM generate_series(1, " + rows
                        + ") i");
                statement.execute("UPDATE " + prefix + "state SET amount = " + (rows + 1) + " WHERE name = 'feed'");
                statement.execute("VACUUM ANALYZE " + prefix + "session, " + prefix + "revocation, " + prefix
                        + "subject, " + prefix + "record");
            }
        }
    }
}
