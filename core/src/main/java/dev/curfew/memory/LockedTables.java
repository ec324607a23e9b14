package dev.curfew.memory;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The tables behind the lock that makes every verb of the store atomic. Thread-safe. */
final class LockedTables {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    /** Guarded by the lock. */
    private @Nullable Tables opened;

    /** Runs a step on the tables, which are made if there are none yet. */
    void open(Supplier<Tables> made, Consumer<Tables> step) {
        lock.writeLock().lock();
        try {
            if (opened == null) {
                opened = made.get();
            }
            step.accept(opened);
        } finally {
            lock.writeLock().unlock();
        }
    }

    <T> T read(Function<Tables, T> step) {
        return locked(lock.readLock(), step);
    }

    <T> T write(Function<Tables, T> step) {
        return locked(lock.writeLock(), step);
    }

    private <T> T locked(Lock held, Function<Tables, T> step) {
        held.lock();
        try {
            if (opened == null) {
                throw new IllegalStateException(
                        "open(settings, now) comes before every other verb of a store: SessionServiceBuilder.build()"
                                + " calls it");
            }
            return step.apply(opened);
        } finally {
            held.unlock();
        }
    }
}
