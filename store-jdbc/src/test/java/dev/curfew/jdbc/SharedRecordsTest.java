package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.Given;
import dev.curfew.session.LookupKey;
import dev.curfew.store.RecordKey;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.UndecodableRecordException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What shared records cost in a database, what damages them, and what an outage leaves behind. */
final class SharedRecordsTest {
    private static final RecordKey KEY = new RecordKey(LookupKey.of("group"), LookupKey.of("item"));
    private static final Instant END = Given.NOW.plus(Duration.ofMinutes(10));
    private static final byte[] VALUE = {1, 2, 3};

    private final String prefix = Stores.prefix();

    private static SharedRecords of(JdbcSessionStore store) {
        return store.ability(SharedRecords.class).orElseThrow();
    }

    private JdbcSessionStore node(DataSource source) {
        JdbcSessionStore node = Stores.on(source, prefix).attempts(1).build();
        node.open(Given.SETTINGS, Given.NOW);
        return node;
    }

    @ParameterizedTest
    @EnumSource
    void each_verb_takes_one_round_trip_and_who_does_not_win_two(TestDatabase database) {
        Stores.opened(database.pool(), prefix);
        RoundTrips counted = new RoundTrips(database.pool());
        SharedRecords records = of(node(counted.source()));
        assertThat(records.read(KEY, Given.NOW)).isEmpty();
        counted.take();

        assertThat(records.write(KEY, 0, VALUE, END, Given.NOW)).isTrue();
        assertThat(counted.take()).hasSize(1);
        long version = records.read(KEY, Given.NOW).orElseThrow().version();
        assertThat(counted.take()).hasSize(1);
        assertThat(records.write(KEY, version, VALUE, END, Given.NOW)).isTrue();
        assertThat(counted.take()).hasSize(1);
        records.list(KEY.group(), Optional.empty(), 100, Given.NOW);
        assertThat(counted.take()).hasSize(1);
        records.list(KEY.group(), Optional.of(KEY.item()), 100, Given.NOW);
        assertThat(counted.take()).hasSize(1);

        assertThat(records.write(KEY, version, VALUE, END, Given.NOW)).isFalse();
        assertThat(counted.take()).hasSize(2);
        assertThat(records.write(KEY, 0, VALUE, END, Given.NOW)).isFalse();
        assertThat(counted.take()).hasSize(2);
        assertThat(records.remove(KEY, version, Given.NOW)).isFalse();
        assertThat(counted.take()).hasSize(2);

        assertThat(records.write(KEY, 0, VALUE, END.plusSeconds(9), END)).isTrue();
        assertThat(counted.take()).as("in the place of a forgotten one").hasSize(3);
        version = records.read(KEY, END).orElseThrow().version();
        counted.take();
        assertThat(records.remove(KEY, version, END)).isTrue();
        assertThat(counted.take()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void a_new_record_is_written_though_a_purge_removes_the_forgotten_one_in_its_place_meanwhile(
            TestDatabase database) {
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        assertThat(of(store).write(KEY, 0, VALUE, END, Given.NOW)).isTrue();
        Instant later = END.plus(StoreSettings.PURGE_DELAY);
        RacingSource racing = new RacingSource(
                database.pool(),
                sql -> sql.startsWith("UPDATE") && sql.contains("_record"),
                () -> store.purge(later, 10));
        SharedRecords records = of(node(racing.source()));
        racing.arm();

        assertThat(records.write(KEY, 0, VALUE, later.plusSeconds(9), later)).isTrue();

        assertThat(racing.isArmed()).as("the purge came between").isFalse();
        assertThat(records.read(KEY, later)).isPresent();
        assertThat(records.write(KEY, 0, VALUE, later.plusSeconds(9), later)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void a_row_that_cannot_be_read_is_named_and_is_no_absent_record(TestDatabase database) throws Exception {
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        SharedRecords records = of(store);
        RecordKey other = new RecordKey(KEY.group(), LookupKey.of("other"));
        List<String> damages = new ArrayList<>(List.of("version = 0", "version = -5"));
        if (database != TestDatabase.H2) {
            damages.add("payload = "
                    + (database == TestDatabase.POSTGRESQL ? "decode(%s, 'hex')" : "UNHEX(%s)")
                            .formatted("repeat('00', 65537)"));
        }
        for (String damage : damages) {
            execute(database, "UPDATE " + prefix + "revocation SET horizon = 0");
            execute(database, "DELETE FROM " + prefix + "record");
            assertThat(records.write(KEY, 0, VALUE, END, Given.NOW)).isTrue();
            assertThat(records.write(other, 0, VALUE, END, Given.NOW)).isTrue();
            execute(
                    database,
                    "UPDATE " + prefix + "record SET " + damage + " WHERE item_key = ?",
                    KEY.item().toBytes());

            List<Runnable> verbs = List.of(
                    () -> records.read(KEY, Given.NOW),
                    () -> records.write(KEY, 0, VALUE, END, Given.NOW),
                    () -> records.write(KEY, 7, VALUE, END, Given.NOW),
                    () -> records.remove(KEY, 7, Given.NOW),
                    () -> records.list(KEY.group(), Optional.empty(), 10, Given.NOW));
            assertThat(verbs)
                    .as(damage)
                    .allSatisfy(verb -> assertThatExceptionOfType(UndecodableRecordException.class)
                            .isThrownBy(verb::run)
                            .withMessageContaining(KEY.item().toString()));
            assertThat(records.read(other, Given.NOW)).isPresent();
            Instant later = END.plus(StoreSettings.PURGE_DELAY);
            store.purge(later, 10);
            assertThat(records.write(KEY, 0, VALUE, later.plusSeconds(9), later))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void after_an_outage_the_version_tells_whether_the_write_happened(TestDatabase database) {
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        SharedRecords records = of(store);
        assertThat(records.write(KEY, 0, VALUE, END, Given.NOW)).isTrue();
        long version = records.read(KEY, Given.NOW).orElseThrow().version();

        for (boolean happens : new boolean[] {false, true}) {
            SharedRecords broken = of(node(breakingAtRecords(database.pool(), happens)));
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> broken.write(KEY, version, new byte[] {9}, END, Given.NOW))
                    .satisfies(e -> assertThat(e.mayHaveHappened()).isTrue());
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> broken.remove(new RecordKey(KEY.group(), KEY.group()), 3, Given.NOW))
                    .satisfies(e -> assertThat(e.mayHaveHappened()).isTrue());

            SharedRecord standing = records.read(KEY, Given.NOW).orElseThrow();
            assertThat(standing.version()).isEqualTo(happens ? version + 1 : version);
            assertThat(standing.value()).isEqualTo(happens ? new byte[] {9} : VALUE);
        }
        assertThat(records.write(KEY, version, VALUE, END, Given.NOW))
                .as("the repeat")
                .isFalse();
    }

    /** A pool whose connection breaks at a statement that writes records: before the server gets it, or after. */
    private static DataSource breakingAtRecords(DataSource pool, boolean afterwards) {
        return wrap(DataSource.class, pool, "", afterwards);
    }

    private static <T> T wrap(Class<T> type, Object target, String sql, boolean afterwards) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    boolean breaks = method.getName().equals("executeUpdate") && sql.contains("_record");
                    if (breaks && !afterwards) {
                        throw new SQLException("the connection is broken", "08006");
                    }
                    Object result;
                    try {
                        result = method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (breaks) {
                        throw new SQLException("the connection is broken", "08006");
                    }
                    return result instanceof Connection connection && type == DataSource.class
                            ? wrap(Connection.class, connection, "", afterwards)
                            : result instanceof PreparedStatement statement
                                    ? wrap(PreparedStatement.class, statement, (String) arguments[0], afterwards)
                                    : result;
                }));
    }

    @ParameterizedTest
    @EnumSource
    void the_records_of_another_prefix_are_others(TestDatabase database) {
        SharedRecords records = of(Stores.opened(database.pool(), prefix));
        SharedRecords others = of(Stores.opened(database.pool(), Stores.prefix()));

        assertThat(records.write(KEY, 0, VALUE, END, Given.NOW)).isTrue();

        assertThat(others.read(KEY, Given.NOW)).isEmpty();
        assertThat(others.list(KEY.group(), Optional.empty(), 10, Given.NOW).records())
                .isEmpty();
        assertThat(others.write(KEY, 0, VALUE, END, Given.NOW)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void a_store_that_lost_its_birth_marker_gets_another_one_with_the_first_verb(TestDatabase database)
            throws Exception {
        SharedRecords records = of(Stores.opened(database.pool(), prefix));
        for (Runnable verb : List.<Runnable>of(
                () -> records.read(KEY, Given.NOW),
                () -> assertThat(records.write(KEY, 0, VALUE, END, Given.NOW)).isTrue(),
                () -> assertThat(records.remove(KEY, 5, Given.NOW)).isFalse(),
                () -> records.list(KEY.group(), Optional.empty(), 10, Given.NOW))) {
            execute(database, "DELETE FROM " + prefix + "revocation");

            verb.run();

            execute(database, "UPDATE " + prefix + "revocation SET horizon = 0");
        }
    }

    private static void execute(TestDatabase database, String sql, byte[]... keys) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < keys.length; i++) {
                statement.setBytes(i + 1, keys[i]);
            }
            int changed = statement.executeUpdate();
            assertThat(sql.startsWith("UPDATE") ? changed : 1).isEqualTo(1);
        }
    }
}
