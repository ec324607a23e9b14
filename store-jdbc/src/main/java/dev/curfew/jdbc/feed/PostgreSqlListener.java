package dev.curfew.jdbc.feed;

import dev.curfew.jdbc.sql.BrokenConnections;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that waits for notifications, on a connection that it borrows again and again. Thread-safe.
 *
 * <p>It gives the connection back after a second and a half, so that no pool takes it for a leak (the least that
 * HikariCP's leak detection accepts is two seconds), and sooner if somebody waits for one: then it rests, longer each
 * time. What is notified while it has none is brought by the next poll.
 */
final class PostgreSqlListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgreSqlListener.class);
    private static final long HOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);
    private static final int WAIT_MILLIS = 100;
    private static final int NETWORK_TIMEOUT_MILLIS = 5_000;
    private static final int CLOSE_MILLIS = 2_000;

    /** Without a connection for so long, something was probably missed. */
    private static final long GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final DataSource dataSource;
    private final String channel;
    private final BooleanSupplier isStarving;
    private final Runnable listener;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "curfew-hints");

    private PostgreSqlListener(DataSource dataSource, String channel, BooleanSupplier isStarving, Runnable listener) {
        this.dataSource = dataSource;
        this.channel = channel;
        this.isStarving = isStarving;
        this.listener = listener;
    }

    /** Starts one; {@code isStarving} says whether others need the connection more. */
    static PostgreSqlListener start(
            DataSource dataSource, String channel, BooleanSupplier isStarving, Runnable listener) {
        PostgreSqlListener started = new PostgreSqlListener(dataSource, channel, isStarving, listener);
        started.thread.setDaemon(true);
        started.thread.start();
        return started;
    }

    /** Waits until the connection is given back, for two seconds at most: then the host may close its pool. */
    @Override
    public void close() {
        closed.countDown();
        if (Thread.currentThread().equals(thread)) {
            return;
        }
        // It may be waiting for a connection.
        thread.interrupt();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        ListenerRests rests = new ListenerRests();
        long lastNanos = System.nanoTime() - GAP_NANOS;
        while (!isClosed(0)) {
            long restMillis;
            try (Connection connection = dataSource.getConnection()) {
                boolean isStarved = listen(connection, lastNanos, rests);
                lastNanos = System.nanoTime();
                restMillis = isStarved ? rests.starved() : rests.held();
            } catch (SQLException | RuntimeException e) {
                if (isClosed(0)) {
                    return;
                }
                restMillis = rests.lost(e);
            }
            isClosed(restMillis);
        }
    }

    /** True if it was given back because others need it. */
    private boolean listen(Connection connection, long lastNanos, ListenerRests rests) throws SQLException {
        PGConnection driver = connection.unwrap(PGConnection.class);
        boolean autoCommit = connection.getAutoCommit();
        int networkTimeout = connection.getNetworkTimeout();
        try (Statement statement = connection.createStatement()) {
            if (!autoCommit) {
                connection.setAutoCommit(true);
            }
            // A socket that died in silence ends the statement that shows it.
            connection.setNetworkTimeout(Runnable::run, NETWORK_TIMEOUT_MILLIS);
            statement.execute("LISTEN " + channel);
            rests.listening();
            if (System.nanoTime() - lastNanos >= GAP_NANOS) {
                hint();
            }
            boolean isStarved = await(driver);
            statement.execute("UNLISTEN " + channel);
            return isStarved;
        } finally {
            restore(connection, networkTimeout, autoCommit);
        }
    }

    /** Also after a failure: a pool may lend it to others. One that cannot be restored is not given back alive. */
    private static void restore(Connection connection, int networkTimeout, boolean autoCommit) {
        try {
            connection.setNetworkTimeout(Runnable::run, networkTimeout);
            connection.setAutoCommit(autoCommit);
        } catch (SQLException | RuntimeException e) {
            BrokenConnections.destroy(connection);
        }
    }

    private boolean await(PGConnection driver) throws SQLException {
        boolean isStarved = false;
        long begin = System.nanoTime();
        while (!isStarved && !isClosed(0) && System.nanoTime() - begin < HOLD_NANOS) {
            PGNotification[] received = driver.getNotifications(WAIT_MILLIS);
            if (received != null && received.length > 0) {
                hint();
            }
            isStarved = isStarving.getAsBoolean();
        }
        return isStarved;
    }

    /** A listener that fails costs nobody the connection. */
    private void hint() {
        try {
            listener.run();
        } catch (RuntimeException e) {
            LOG.warn("the listener to hints failed", e);
        }
    }

    private boolean isClosed(long waitMillis) {
        try {
            return closed.await(waitMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
