package dev.curfew.examples.sqlite;

import dev.curfew.examples.sqlite.SqliteFileException.Problem;
import dev.curfew.store.StoreUnavailableException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Runs each verb as one transaction, within the call timeout. Thread-safe.
 *
 * <p><b>Isolation.</b> Whatever may write begins with {@code BEGIN IMMEDIATE}: it holds the only write lock before it
 * reads, so that nothing slips in between what it reads and what it writes. Whatever only reads sees one snapshot of
 * the write-ahead log and waits for no writer.
 *
 * <p><b>What is bounded</b> is waiting: for a connection of this process, then for the lock of another one. A disk that
 * hangs is not: no thread of this process can leave the system call that it sits in.
 */
final class Database implements AutoCloseable {
    private static final int READERS = 4;

    private final Place place;
    private final Duration callTimeout;
    private final ConnectionPool writer;
    private final ConnectionPool readers;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    Database(Place place, Duration callTimeout) {
        this.place = place;
        this.callTimeout = callTimeout;
        this.writer = new ConnectionPool(place, 1);
        this.readers = place.isMemory() ? writer : new ConnectionPool(place, READERS);
    }

    /** How a transaction begins. */
    private enum Mode {
        READ("BEGIN"),
        WRITE("BEGIN IMMEDIATE"),
        CREATE("BEGIN IMMEDIATE");

        private final String begin;

        Mode(String begin) {
            this.begin = begin;
        }
    }

    boolean isMemory() {
        return place.isMemory();
    }

    <T> T read(String operation, Function<Transaction, T> step) {
        return run(operation, Mode.READ, readers, step);
    }

    <T> T write(String operation, Function<Transaction, T> step) {
        return run(operation, Mode.WRITE, writer, step);
    }

    /** As a write, on a file that is made if it is not there. */
    <T> T create(String operation, Function<Transaction, T> step) {
        return run(operation, Mode.CREATE, writer, step);
    }

    private <T> T run(String operation, Mode mode, ConnectionPool pool, Function<Transaction, T> step) {
        requireNotClosed();
        boolean isWrite = mode != Mode.READ;
        long deadline = System.nanoTime() + callTimeout.toNanos();
        Slot slot;
        try {
            slot = pool.take(callTimeout.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.outage(operation, isWrite, e);
        }
        if (slot == null) {
            requireNotClosed();
            throw Failures.outage(operation, isWrite, new SqliteFileException(Problem.LOCKED, place.name(), null));
        }
        try {
            return inTransaction(slot, mode, deadline, step);
        } catch (SQLException e) {
            throw failed(operation, isWrite, slot, Failures.of(place.name(), e));
        } catch (SqlFailure e) {
            throw failed(operation, isWrite, slot, Failures.of(place.name(), e.failure()));
        } catch (SqliteFileException e) {
            throw failed(operation, isWrite, slot, e);
        } finally {
            pool.giveBack(slot);
        }
    }

    private void requireNotClosed() {
        if (isClosed.get()) {
            throw new IllegalStateException("the store is closed");
        }
    }

    private StoreUnavailableException failed(
            String operation, boolean isWrite, Slot slot, SqliteFileException problem) {
        slot.discard();
        if (problem.problem() == Problem.REPLACED) {
            // A new connection shares the log with those of this process that are open: all of them have to go.
            writer.discardFree();
            readers.discardFree();
        }
        return Failures.outage(operation, isWrite, problem);
    }

    private <T> T inTransaction(Slot slot, Mode mode, long deadline, Function<Transaction, T> step)
            throws SQLException {
        FileConnection connection = slot.connected(mode == Mode.CREATE, millisTo(deadline));
        connection.waitAtMost(millisTo(deadline));
        if (mode == Mode.CREATE && !place.isMemory()) {
            connection.switchToWriteAheadLog(place.name(), deadline);
            connection.waitAtMost(millisTo(deadline));
        }
        boolean isCommitted = false;
        connection.run(mode.begin);
        try {
            Transaction transaction = new Transaction(connection, place.name());
            if (mode != Mode.CREATE) {
                // Whatever the verb needs of it: a file that another version has migrated is not read as if it were
                // ours.
                transaction.state();
            }
            // Now SQLite has opened the log that it will write to and read from.
            slot.requireSameFile();
            T answer = step.apply(transaction);
            if (mode != Mode.READ) {
                // Once more, as late as can be: what is committed to a deleted file is lost.
                slot.requireSameFile();
            }
            connection.run("COMMIT");
            isCommitted = true;
            if (mode != Mode.READ) {
                // What went between both to a file that is gone must not be acknowledged.
                slot.requireSameFile();
            }
            return answer;
        } finally {
            if (!isCommitted) {
                slot.rollBack();
            }
        }
    }

    private static int millisTo(long deadline) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, left));
    }

    @Override
    public void close() {
        if (isClosed.getAndSet(true)) {
            return;
        }
        writer.close(callTimeout.toNanos());
        if (readers != writer) {
            readers.close(callTimeout.toNanos());
        }
    }
}
