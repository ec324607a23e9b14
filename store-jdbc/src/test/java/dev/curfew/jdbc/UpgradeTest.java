package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.crypto.SecretHash;
import dev.curfew.jdbc.database.SchemaException;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ErasedRows;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.RecordKey;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.ScopeCursor;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.StoredPayload;
import dev.curfew.store.StoredSession;
import dev.curfew.store.Touch;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables of versions 1 to 3, their rows and nodes, whose statements are written here as they were then. */
final class UpgradeTest {
    private static final RecordKey KEY = new RecordKey(LookupKey.of("group"), LookupKey.of("item"));

    private final SubjectId alice = Given.subject("alice");
    private final String prefix = Stores.prefix();

    @ParameterizedTest
    @EnumSource
    void tables_of_version_1_are_refused_with_the_migration_that_is_missing(TestDatabase database) throws Exception {
        applyVersion1(database, prefix);
        JdbcSessionStore store = Stores.node(database.pool(), prefix);

        assertThatExceptionOfType(SchemaException.class)
                .isThrownBy(() -> store.open(Given.SETTINGS, Given.BIRTH))
                .withMessageContaining("V2__credential")
                .withMessageContaining("migrate()")
                .withMessageContaining("writeSchema(")
                .withRootCauseInstanceOf(SQLException.class);
        assertThat(count(database, "state", "name = 'retention'"))
                .as("nothing was written")
                .isZero();

        store.migrate();
        store.open(Given.SETTINGS, Given.BIRTH);
        Stores.login(store, alice);
    }

    @ParameterizedTest
    @EnumSource
    void tables_without_that_of_records_are_refused_with_the_migration_that_is_missing(TestDatabase database)
            throws Exception {
        for (String name : List.of("V1__curfew", "V2__credential", "V3__client")) {
            apply(database, prefix, name);
        }
        JdbcSessionStore store = Stores.node(database.pool(), prefix);

        assertThatExceptionOfType(SchemaException.class)
                .isThrownBy(() -> store.open(Given.SETTINGS, Given.BIRTH))
                .withMessageContaining("older than this version: the migration V4__record is missing")
                .withMessageContaining("migrate()")
                .withRootCauseInstanceOf(SQLException.class);

        store.migrate();
        store.open(Given.SETTINGS, Given.BIRTH);
        assertThat(store.ability(SharedRecords.class).orElseThrow().read(KEY, Given.NOW))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void rows_of_version_1_live_on_and_gain_no_credential(TestDatabase database) throws Exception {
        applyVersion1(database, prefix);
        GivenSession session = Given.session(alice).secret("first").build();
        GivenSession bare = Given.session(alice).build();
        insertAsVersion1(database, session.row());
        insertAsVersion1(database, bare.row());
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);

        assertSame(find(store, session), session.row());
        assertSame(find(store, bare), bare.row());
        assertThat(store.list(alice, ListQuery.live(10), Given.NOW).sessions()).hasSize(2);
        for (GivenSession one : List.of(session, bare)) {
            Touch touch = new Touch(one.ref(), Given.NOW.plusSeconds(1));
            assertThat(store.touch(List.of(touch), Given.NOW)).containsExactly(touch);
            assertThat(store.rotate(one.ref(), Rotation.ofPayload(one.row().payload(), new byte[] {7}), Given.NOW))
                    .isEqualTo(new RotateResult.Rotated());
            assertSame(
                    find(store, one),
                    one.row().toBuilder()
                            .lastSeenAt(touch.lastSeen())
                            .payload(new byte[] {7})
                            .build());
        }
        assertThat(store.payloads(PayloadCursor.start(), 10, Given.NOW).payloads())
                .extracting(StoredPayload::credential)
                .containsOnly(new byte[0]);
        assertThat(count(database, "session", "credential IS NOT NULL")).isZero();

        assertThat(store.rotate(session.ref(), Given.exchange("first", "second"), Given.NOW))
                .isEqualTo(new RotateResult.Rotated());
        assertThat(find(store, session).credential()).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void nodes_of_version_1_go_on_working_on_the_new_tables(TestDatabase database) throws Exception {
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        GivenSession theirs = Given.session(alice).secret("first").build();
        GivenSession ours = Given.session(alice).secret("one").build();
        store.insert(ours.row().toBuilder().credential(new byte[] {1, 2}).build(), SessionLimit.unlimited(), Given.NOW);

        insertAsVersion1(database, theirs.row());
        assertSame(find(store, theirs), theirs.row());
        assertThat(update(
                        database,
                        "UPDATE " + prefix + "session SET secret_hash = ? WHERE session_key = ? AND secret_hash = ?",
                        SecretHash.of("second").toBytes(),
                        theirs.row().key().toBytes(),
                        SecretHash.of("first").toBytes()))
                .isEqualTo(1);
        assertThat(find(store, theirs).secretHash()).contains(SecretHash.of("second"));
        assertThat(find(store, theirs).credential()).isEmpty();

        assertThat(update(
                        database,
                        "UPDATE " + prefix + "session SET payload = ? WHERE session_key = ? AND payload IN (?, ?)",
                        new byte[] {9},
                        ours.row().key().toBytes(),
                        ours.row().payload(),
                        new byte[] {9}))
                .isEqualTo(1);
        assertThat(find(store, ours).credential()).isEqualTo(new byte[] {1, 2});
        assertThat(find(store, ours).payload()).isEqualTo(new byte[] {9});
    }

    /** An index finds more quickly, and finds nothing else: who applies scripts by hand may make it later. */
    @ParameterizedTest
    @EnumSource
    void a_node_of_this_version_walks_on_tables_without_the_index_of_clients_which_it_makes_later(TestDatabase database)
            throws Exception {
        apply(database, prefix, "V1__curfew");
        apply(database, prefix, "V2__credential");
        apply(database, prefix, "V4__record");
        JdbcSessionStore store = Stores.node(database.pool(), prefix);
        store.open(Given.SETTINGS, Given.BIRTH);
        GivenSession session = Given.session(alice).client(Given.client("web")).build();
        store.insert(session.row(), SessionLimit.unlimited(), Given.NOW);

        assertThat(walk(store)).containsExactly(session.row().key());
        store.migrate();
        assertThat(indexes(database)).contains(prefix + "session_client_ix");
        assertThat(walk(store)).containsExactly(session.row().key());
    }

    @ParameterizedTest
    @EnumSource
    void nodes_of_version_1_and_2_write_rows_that_are_met_on_the_new_tables(TestDatabase database) throws Exception {
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        GivenSession theirs = Given.session(alice).client(Given.client("web")).build();

        insertAsVersion1(database, theirs.row());

        assertThat(walk(store)).containsExactly(theirs.row().key());
        assertThat(store.countLive(Given.NOW)).isEqualTo(1);
        assertThat(store.erase(alice, Given.NOW, 10, Given.NOW)).isEqualTo(new ErasedRows(1, false));
    }

    /** Made by hand, on PostgreSQL while everybody goes on writing. */
    @ParameterizedTest
    @EnumSource
    void an_index_that_stands_there_already_is_left_as_it_is(TestDatabase database) throws Exception {
        apply(database, prefix, "V1__curfew");
        apply(database, prefix, "V2__credential");
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE INDEX " + (database == TestDatabase.POSTGRESQL ? "CONCURRENTLY " : "") + prefix
                    + "session_client_ix ON " + prefix + "session (client_key, session_key)");
        }
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);

        store.migrate();

        assertThat(indexes(database)).containsOnlyOnce(prefix + "session_client_ix");
        Stores.login(store, alice);
    }

    /** Else the table would be shut, from the column on, until the index is built. */
    @ParameterizedTest
    @EnumSource
    void each_migration_is_a_transaction_of_its_own(TestDatabase database) throws Exception {
        apply(database, prefix, "V1__curfew");
        RoundTrips counted = new RoundTrips(database.pool());

        Stores.node(counted.source(), prefix).migrate();

        List<String> made = counted.take();
        int column = firstWith(made, "credential");
        int index = firstWith(made, "client_ix");
        assertThat(column).isLessThan(index);
        assertThat(made.subList(column, index)).contains("COMMIT");
    }

    private static int firstWith(List<String> statements, String text) {
        for (int i = 0; i < statements.size(); i++) {
            if (statements.get(i).contains(text)) {
                return i;
            }
        }
        throw new AssertionError("no statement with " + text);
    }

    private static List<LookupKey> walk(JdbcSessionStore store) {
        return store
                .sessionsOf(RevocationTarget.client(Given.client("web")), ScopeCursor.start(), 10, Given.NOW)
                .sessions()
                .stream()
                .map(found -> found.session().key())
                .toList();
    }

    private List<String> indexes(TestDatabase database) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Connection connection = database.pool().getConnection()) {
            boolean isUpper = connection.getMetaData().storesUpperCaseIdentifiers();
            String table = prefix + "session";
            try (ResultSet rows = connection
                    .getMetaData()
                    .getIndexInfo(null, null, isUpper ? table.toUpperCase(Locale.ROOT) : table, false, true)) {
                Set<String> distinct = new LinkedHashSet<>();
                while (rows.next()) {
                    if (rows.getString("INDEX_NAME") != null) {
                        distinct.add(rows.getString("INDEX_NAME").toLowerCase(Locale.ROOT));
                    }
                }
                names.addAll(distinct);
            }
        }
        return names;
    }

    /** As if it had crashed behind the statement, before it wrote that it was done. */
    @ParameterizedTest
    @EnumSource
    void a_migration_that_was_interrupted_may_be_repeated(TestDatabase database) throws Exception {
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        GivenSession session = Stores.login(store, alice);
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("DELETE FROM " + prefix + "migration"))
                    .isEqualTo(4);
        }

        store.migrate();

        assertThat(count(database, "migration", "version IN (1, 2, 3, 4)")).isEqualTo(4);
        assertSame(find(store, session), session.row());
    }

    static void applyVersion1(TestDatabase database, String prefix) throws Exception {
        apply(database, prefix, "V1__curfew");
    }

    private static void apply(TestDatabase database, String prefix, String name) throws Exception {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            String script = SchemaTest.script(database, name).replace("curfew_", prefix);
            for (String part : script.replaceAll("(?m)^--.*$", "").split(";", -1)) {
                if (!part.isBlank()) {
                    statement.execute(part);
                }
            }
        }
    }

    private void insertAsVersion1(TestDatabase database, StoredSession row) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO " + prefix
                        + "session (bucket, session_id, realm_key, subject_key, client_key, authenticated_at,"
                        + " created_at, last_seen_at, idle_millis, expires_at, ends_at, forget_after, secret_hash,"
                        + " payload, session_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setInt(1, row.bucket());
            insert.setBytes(
                    2,
                    row.id()
                            .map(id -> ByteBuffer.allocate(24)
                                    .putLong(id.head())
                                    .putLong(id.random1())
                                    .putLong(id.random2())
                                    .array())
                            .orElse(null));
            insert.setBytes(3, row.realmKey().toBytes());
            insert.setBytes(4, row.subjectKey().toBytes());
            insert.setBytes(5, row.clientKey().map(LookupKey::toBytes).orElse(null));
            Instant[] instants = {row.authenticatedAt(), row.createdAt(), row.lastSeenAt()};
            for (int i = 0; i < instants.length; i++) {
                insert.setLong(6 + i, instants[i].toEpochMilli());
            }
            insert.setLong(9, row.idleTimeout().toMillis());
            insert.setLong(10, row.expiresAt().toEpochMilli());
            insert.setLong(11, row.endsByTime().toEpochMilli());
            insert.setLong(12, row.forgetAfter().toEpochMilli());
            insert.setBytes(13, row.secretHash().map(SecretHash::toBytes).orElse(null));
            insert.setBytes(14, row.payload());
            insert.setBytes(15, row.key().toBytes());
            assertThat(insert.executeUpdate()).isEqualTo(1);
        }
    }

    private static int update(TestDatabase database, String sql, byte[]... parameters) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                PreparedStatement update = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                update.setBytes(i + 1, parameters[i]);
            }
            return update.executeUpdate();
        }
    }

    private int count(TestDatabase database, String table, String condition) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT COUNT(*) FROM " + prefix + table + " WHERE " + condition)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static StoredSession find(JdbcSessionStore store, GivenSession session) {
        return store.find(session.ref(), Given.NOW).map(FoundSession::session).orElseThrow();
    }

    private static void assertSame(StoredSession found, StoredSession expected) {
        assertThat(found.isSameAs(expected))
                .as("found %s, payload %s", found, Arrays.toString(found.payload()))
                .isTrue();
    }
}
