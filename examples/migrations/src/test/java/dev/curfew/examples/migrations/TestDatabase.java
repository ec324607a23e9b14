package dev.curfew.examples.migrations;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.internal.jdbc.DriverDataSource;

/** Real databases, a new one for each test. */
enum TestDatabase {
    POSTGRESQL("postgresql") {
        @Override
        String create(String name) throws SQLException {
            try (Connection connection = Server.POSTGRES.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + name);
            }
            return Server.POSTGRES.getJdbcUrl("postgres", name);
        }
    },
    H2("h2") {
        @Override
        String create(String name) {
            return "jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1";
        }
    };

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    /** Where Curfew's scripts for it lie. */
    final String scripts;

    TestDatabase(String folder) {
        this.scripts = "classpath:dev/curfew/jdbc/migration/" + folder;
    }

    abstract String create(String name) throws SQLException;

    /** As the database spells a name that stands in SQL without quotation marks. */
    String spelled(String name) {
        return this == H2 ? name.toUpperCase(Locale.ROOT) : name;
    }

    /** Connections to a new, empty database. */
    DataSource create() throws SQLException {
        String url = create("host" + NUMBERS.incrementAndGet());
        return new DriverDataSource(TestDatabase.class.getClassLoader(), null, url, null, null);
    }

    /** The names in small letters, a schema other than the usual one in front. */
    static List<String> tables(DataSource database) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Connection connection = database.getConnection();
                ResultSet row = connection.getMetaData().getTables(null, null, "%", new String[] {"TABLE"})) {
            while (row.next()) {
                String schema = row.getString("TABLE_SCHEM").toLowerCase(Locale.ROOT);
                String table = row.getString("TABLE_NAME").toLowerCase(Locale.ROOT);
                if (!schema.equals("information_schema")) {
                    names.add(schema.equals("public") ? table : schema + "." + table);
                }
            }
        }
        return names;
    }

    static boolean hasIndex(DataSource database, String table, String index) throws SQLException {
        try (Connection connection = database.getConnection()) {
            boolean isUpper = connection.getMetaData().storesUpperCaseIdentifiers();
            try (ResultSet row = connection
                    .getMetaData()
                    .getIndexInfo(null, null, isUpper ? table.toUpperCase(Locale.ROOT) : table, false, true)) {
                while (row.next()) {
                    if (index.equalsIgnoreCase(row.getString("INDEX_NAME"))) {
                        return true;
                    }
                }
                return false;
            }
        }
    }

    static void execute(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The rows of a table, whose name Flyway writes in small letters on H2, too. */
    static int count(DataSource database, String table) throws SQLException {
        try (Connection connection = database.getConnection();
                ResultSet row = connection.getMetaData().getTables(null, null, "%", new String[] {"TABLE"})) {
            while (row.next()) {
                String name = row.getString("TABLE_NAME");
                if (name.equalsIgnoreCase(table)) {
                    return count(connection, name);
                }
            }
            throw new AssertionError("no table " + table);
        }
    }

    private static int count(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM \"" + name + "\"")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Started when it is needed. */
    private static final class Server {
        private static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder().setRegisterShutdownHook(true).start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
