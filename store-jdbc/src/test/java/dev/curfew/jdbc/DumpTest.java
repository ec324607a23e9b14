package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.SessionServiceBuilder;
import dev.curfew.contract.LeakProbe;
import dev.curfew.contract.TestKeys;
import dev.curfew.crypto.KeyRing;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who steals the whole database learns nothing about persons, and never a secret or a token. */
final class DumpTest {
    private static final KeyRing RING = TestKeys.ring("k1");

    @ParameterizedTest
    @EnumSource
    void an_encrypted_database_names_nobody(TestDatabase database) throws SQLException {
        LeakProbe leakProbe = left(database, builder -> builder.encryption(RING));

        assertThat(leakProbe.foundIn(dump(database))).isEmpty();
    }

    /** The control: the search finds what is there, and secrets are not there even so. */
    @ParameterizedTest
    @EnumSource
    void a_database_that_is_not_encrypted_holds_all_that_is_personal(TestDatabase database) throws SQLException {
        LeakProbe leakProbe = left(database, SessionServiceBuilder::storeSessionsUnencrypted);

        assertThat(leakProbe.foundIn(dump(database))).isEqualTo(leakProbe.personal());
    }

    private static LeakProbe left(TestDatabase database, UnaryOperator<SessionServiceBuilder> encryption) {
        LeakProbe leakProbe = new LeakProbe();
        try (JdbcSessionStore store = Stores.node(database.pool(), Stores.prefix())) {
            store.migrate();
            leakProbe.plantIn(store, encryption);
        }
        return leakProbe;
    }

    /** Every column of every table of the database; of H2 its script, too. */
    private static byte[] dump(TestDatabase database) throws SQLException {
        ByteArrayOutputStream dump = new ByteArrayOutputStream();
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            List<String> tables = tables(connection);
            assertThat(tables).anyMatch(table -> table.toLowerCase(Locale.ROOT).contains("session"));
            for (String table : tables) {
                add(dump, statement, "SELECT * FROM " + table);
            }
            if (database == TestDatabase.H2) {
                add(dump, statement, "SCRIPT");
            }
        }
        return dump.toByteArray();
    }

    private static List<String> tables(Connection connection) throws SQLException {
        String quote = connection.getMetaData().getIdentifierQuoteString();
        List<String> tables = new ArrayList<>();
        try (ResultSet found = connection
                .getMetaData()
                .getTables(connection.getCatalog(), null, "%", new String[] {"TABLE", "BASE TABLE"})) {
            while (found.next()) {
                String schema = found.getString("TABLE_SCHEM");
                String prefix = schema == null ? "" : quote + schema + quote + ".";
                tables.add(prefix + quote + found.getString("TABLE_NAME") + quote);
            }
        }
        return tables;
    }

    private static void add(ByteArrayOutputStream dump, Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                for (int column = 1; column <= columns; column++) {
                    byte[] value = isBinary(rows.getMetaData().getColumnType(column))
                            ? rows.getBytes(column)
                            : String.valueOf(rows.getString(column)).getBytes(StandardCharsets.UTF_8);
                    if (value != null) {
                        dump.writeBytes(value);
                        dump.write('\n');
                    }
                }
            }
        }
    }

    private static boolean isBinary(int type) {
        return type == Types.BINARY || type == Types.VARBINARY || type == Types.LONGVARBINARY || type == Types.BLOB;
    }
}
