package dev.curfew.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The databases of this module's tests. */
public enum TestDatabase {
    POSTGRESQL("SELECT pg_backend_pid()", "SELECT pg_terminate_backend(%d)") {
        @Override
        public String url() {
            return Postgres.url();
        }
    },
    MARIADB("SELECT CONNECTION_ID()", "KILL %d") {
        @Override
        public String url() {
            return MariaDb.url();
        }
    },
    H2("", "") {
        @Override
        public String url() {
            return "jdbc:h2:mem:tests;DB_CLOSE_DELAY=-1";
        }
    };

    private final String ownId;
    private final String kill;

    TestDatabase(String ownId, String kill) {
        this.ownId = ownId;
        this.kill = kill;
    }

    public abstract String url();

    public HikariDataSource pool() {
        return Shared.POOLS.computeIfAbsent(this, database -> Pools.of(database.url(), 20));
    }

    /** A host's own transaction. */
    public Connection transaction() throws SQLException {
        Connection connection = DriverManager.getConnection(url());
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        connection.setAutoCommit(false);
        return connection;
    }

    /** Ends a connection from the server's side. */
    void kill(Connection victim) throws SQLException {
        long id = idOf(victim);
        try (Connection other = DriverManager.getConnection(url());
                Statement statement = other.createStatement()) {
            statement.execute(String.format(kill, id));
        }
    }

    private long idOf(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                var row = statement.executeQuery(ownId)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** One pool for each, made when it is needed. */
    private static final class Shared {
        private static final Map<TestDatabase, HikariDataSource> POOLS = new ConcurrentHashMap<>();
    }
}
