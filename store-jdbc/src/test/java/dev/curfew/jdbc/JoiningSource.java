package dev.curfew.jdbc;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * A source that lends the connection of the caller's transaction while there is one, as Spring's transaction-aware
 * proxy does.
 */
final class JoiningSource implements DataSource {
    private static final ThreadLocal<Connection> JOINED = new ThreadLocal<>();

    private final DataSource pool;

    JoiningSource(DataSource pool) {
        this.pool = pool;
    }

    void join(Connection connection) {
        JOINED.set(connection);
    }

    void leave() {
        JOINED.remove();
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection host = JOINED.get();
        return host == null ? pool.getConnection() : new SingleConnection(host).getConnection();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return pool.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter writer) throws SQLException {
        pool.setLogWriter(writer);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        pool.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return pool.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return pool.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return pool.isWrapperFor(type);
    }
}
