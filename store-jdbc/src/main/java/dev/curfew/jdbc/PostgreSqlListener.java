package dev.curfew.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that waits for notifications on one connection, and connects again when that is lost. The only class that knows
 * PostgreSQL's driver. Thread-safe.
 */
final class PostgreSqlListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgreSqlListener.class);
    private static final int WAIT_MILLIS = 1_000;
    private static final int PAUSE_MILLIS = 1_000;
    private static final int PROBE_EVERY = 10;

    private final DataSource dataSource;
    private final String channel;
    private final Runnable listener;
    private final CountDownLatch closed = new CountDownLatch(1);

    private PostgreSqlListener(DataSource dataSource, String channel, Runnable listener) {
        this.dataSource = dataSource;
        this.channel = channel;
        this.listener = listener;
    }

    static PostgreSqlListener start(DataSource dataSource, String channel, Runnable listener) {
        PostgreSqlListener started = new PostgreSqlListener(dataSource, channel, listener);
        Thread thread = new Thread(started::run, "curfew-hints");
        thread.setDaemon(true);
        thread.start();
        return started;
    }

    @Override
    public void close() {
        closed.countDown();
    }

    private void run() {
        while (!isClosed(0)) {
            try (Connection connection = dataSource.getConnection()) {
                listen(connection);
            } catch (SQLException | RuntimeException e) {
                LOG.warn("hints are lost until the connection stands again; polling goes on: {}", e.toString());
                if (isClosed(PAUSE_MILLIS)) {
                    return;
                }
            }
        }
    }

    private void listen(Connection connection) throws SQLException {
        PGConnection driver = connection.unwrap(PGConnection.class);
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            statement.execute("LISTEN " + channel);
            // What was notified while nobody listened is not told again.
            hint();
            for (int waits = 1; !isClosed(0); waits++) {
                PGNotification[] received = driver.getNotifications(WAIT_MILLIS);
                if (received != null && received.length > 0) {
                    hint();
                } else if (waits % PROBE_EVERY == 0) {
                    // A socket that died in silence shows only when something is sent.
                    statement.execute("SELECT 1");
                }
            }
            statement.execute("UNLISTEN " + channel);
        }
    }

    /** A listener that fails costs nobody the connection. */
    private void hint() {
        try {
            listener.run();
        } catch (RuntimeException e) {
            LOG.warn("the listener to hints failed", e);
        }
    }

    private boolean isClosed(int waitMillis) {
        try {
            return closed.await(waitMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
