package dev.curfew.credential;

import dev.curfew.credential.ExchangeStamps.Stamp;
import dev.curfew.store.FoundSession;
import dev.curfew.store.StoreUnavailableException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of sessions, one read at a time for each session, which all share who ask for it, and 64 in all: a flood
 * must not take all connections to the store. Thread-safe.
 */
final class SharedReads {
    private static final int MOST_IN_FLIGHT = 64;
    private static final long PATIENCE_MILLIS = 2_000;

    /** Longer than who reads waits for its turn and for a store that keeps its time limit. */
    private static final long MOST_MILLIS = 10_000;

    private final Semaphore places = new Semaphore(MOST_IN_FLIGHT);
    private final ConcurrentMap<SessionInRealm, CompletableFuture<Row>> running = new ConcurrentHashMap<>();
    private final AtomicLong moments = new AtomicLong();

    /**
     * What a read has brought.
     *
     * @param found the row, or nothing if there is none
     * @param stamp before it was read; null if nobody hears of exchanges
     * @param moment at which it was sent
     */
    record Row(Optional<FoundSession> found, @Nullable Stamp stamp, long moment) {}

    /** What the store has answered, under the stamp that was taken before it was asked. */
    record Answer(Optional<FoundSession> found, @Nullable Stamp stamp) {}

    /** This moment, to tell what is sent after it. */
    long now() {
        return moments.incrementAndGet();
    }

    /**
     * Awaits a read that is under way, or reads.
     *
     * @throws StoreUnavailableException if the store does not answer, or too much waits for it
     */
    Row join(SessionInRealm session, Supplier<Answer> read) {
        while (true) {
            CompletableFuture<Row> mine = new CompletableFuture<>();
            CompletableFuture<Row> other = running.putIfAbsent(session, mine);
            Row row = other == null ? lead(session, mine, read) : await(other);
            if (row != null) {
                return row;
            }
        }
    }

    /**
     * The same by a read that is sent after that moment.
     *
     * @throws StoreUnavailableException if the store does not answer, or too much waits for it
     */
    Row joinAfter(long moment, SessionInRealm session, Supplier<Answer> read) {
        Row row = join(session, read);
        // One that was under way at that moment has ended by now, and the next one is sent later.
        return row.moment() > moment ? row : join(session, read);
    }

    private Row lead(SessionInRealm session, CompletableFuture<Row> mine, Supplier<Answer> read) {
        try {
            Row row = inTurn(read);
            running.remove(session, mine);
            mine.complete(row);
            return row;
        } catch (RuntimeException | Error e) {
            running.remove(session, mine);
            if (Thread.currentThread().isInterrupted()) {
                // That is the trouble of this thread alone; who waits for it leads the next read.
                mine.cancel(false);
            } else {
                mine.completeExceptionally(e);
            }
            throw e;
        }
    }

    private Row inTurn(Supplier<Answer> read) {
        try {
            if (!places.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new StoreUnavailableException("a session token: too many reads are under way", null);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        try {
            long moment = now();
            Answer answer = read.get();
            return new Row(answer.found(), answer.stamp(), moment);
        } finally {
            places.release();
        }
    }

    /** Null if whoever led that read was interrupted. */
    private static @Nullable Row await(CompletableFuture<Row> other) {
        try {
            return other.get(MOST_MILLIS, TimeUnit.MILLISECONDS);
        } catch (CancellationException e) {
            return null;
        } catch (ExecutionException e) {
            throw new StoreUnavailableException("a session token, read together with others", e.getCause());
        } catch (TimeoutException e) {
            throw new StoreUnavailableException("a session token: another thread reads it, and does not end", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static StoreUnavailableException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new StoreUnavailableException("a session token: interrupted while waiting", e);
    }
}
