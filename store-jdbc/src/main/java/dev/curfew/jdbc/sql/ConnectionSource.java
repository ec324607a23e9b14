package dev.curfew.jdbc.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * Gets connections from the host's pool, and does not wait longer than the call may take. Thread-safe.
 *
 * <p>A pool has a waiting time of its own, often 30 seconds, and JDBC offers no other bound. So whoever still waits at
 * the deadline is interrupted: every pool's wait answers that with an exception. One thread looks after all who wait,
 * at a steady pace, because to set and cancel an alarm for each call would cost more than the call; while nobody waits,
 * it sleeps.
 */
public final class ConnectionSource implements AutoCloseable {
    private static final int PACE_MILLIS = 20;

    /** Longer than a pool takes for a new connection. */
    private static final long STARVING_NANOS = 250_000_000;

    private final DataSource dataSource;
    private final Set<Wait> waiting = ConcurrentHashMap.newKeySet();
    public final Thread watch = new Thread(this::watch, "curfew-jdbc-watch");

    /** Set before the thread looks for the last time whether anybody waits, so that whoever comes then wakes it. */
    private volatile boolean isAsleep;

    public ConnectionSource(DataSource dataSource) {
        this.dataSource = dataSource;
        watch.setDaemon(true);
        watch.start();
    }

    boolean isOf(DataSource other) {
        return dataSource.equals(other);
    }

    public Connection get(Deadline deadline) throws SQLException {
        deadline.millisLeft();
        Wait wait = new Wait(Thread.currentThread(), deadline);
        waiting.add(wait);
        if (isAsleep) {
            LockSupport.unpark(watch);
        }
        try {
            return dataSource.getConnection();
        } catch (SQLException e) {
            throw deadline.isOver() ? late(e) : e;
        } catch (RuntimeException e) {
            // A pool that is made now fails so, where the driver is missing, say.
            SQLException failure = new SQLException("the DataSource failed", e);
            throw deadline.isOver() ? late(failure) : failure;
        } finally {
            waiting.remove(wait);
            wait.end();
        }
    }

    /** What a pool says when its wait is interrupted explains nothing. */
    private static SQLException late(SQLException interrupted) {
        SQLException late =
                new SQLTimeoutException("no connection was free in time: the pool is too small, or cannot connect"
                        + " (a connectionTimeout of it below callTimeout tells)");
        late.addSuppressed(interrupted);
        return late;
    }

    /** Whether somebody has been waiting for a connection for long. */
    public boolean isStarving() {
        long now = System.nanoTime();
        return waiting.stream().anyMatch(wait -> now - wait.beginNanos > STARVING_NANOS);
    }

    @Override
    public void close() {
        watch.interrupt();
    }

    private void watch() {
        try {
            while (true) {
                sleepUntilSomebodyWaits();
                Thread.sleep(PACE_MILLIS);
                waiting.forEach(Wait::interruptIfOver);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sleepUntilSomebodyWaits() {
        isAsleep = true;
        while (waiting.isEmpty() && !Thread.currentThread().isInterrupted()) {
            LockSupport.park(this);
        }
        isAsleep = false;
    }

    /** A caller in the pool's queue. Its own monitor guards that it is interrupted only while it waits. */
    private static final class Wait {
        private final Thread caller;
        private final Deadline deadline;
        private final long beginNanos = System.nanoTime();
        private boolean isOver;
        private boolean wasInterrupted;

        Wait(Thread caller, Deadline deadline) {
            this.caller = caller;
            this.deadline = deadline;
        }

        synchronized void interruptIfOver() {
            if (!isOver && !wasInterrupted && deadline.isOver()) {
                wasInterrupted = true;
                caller.interrupt();
            }
        }

        /** The interrupt was ours: it does not stay. */
        synchronized void end() {
            isOver = true;
            if (wasInterrupted) {
                Thread.interrupted();
            }
        }
    }
}
