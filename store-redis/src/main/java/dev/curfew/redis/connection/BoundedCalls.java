package dev.curfew.redis.connection;

import dev.curfew.store.StoreUnavailableException;
import io.lettuce.core.RedisCommandExecutionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Waits for answers no longer than the bound, and asks again where the server says that it cannot answer just now.
 * Thread-safe.
 *
 * <p>Whatever else goes wrong is a {@link StoreUnavailableException}: a write whose answer is missing is not known to
 * have happened.
 */
public final class BoundedCalls {
    private static final long PAUSE_MILLIS = 20;
    private static final List<String> NOT_JUST_NOW =
            List.of("TRYAGAIN", "CLUSTERDOWN", "LOADING", "MASTERDOWN", "READONLY", "MOVED", "ASK", "BUSY");

    private final Duration timeout;
    private final Runnable onTrouble;

    /**
     * Makes calls that share a bound.
     *
     * @param timeout for each call, or each group of calls that are sent together
     * @param onTrouble when a server does not answer, or answers that it is not the right one
     */
    public BoundedCalls(Duration timeout, Runnable onTrouble) {
        this.timeout = timeout;
        this.onTrouble = onTrouble;
    }

    public long timeoutMillis() {
        return timeout.toMillis();
    }

    public <T> T one(String verb, Supplier<CompletionStage<T>> call) {
        return all(verb, List.of(call)).get(0);
    }

    /** Sends all at once, and answers in their order. */
    public <T> List<T> all(String verb, List<Supplier<CompletionStage<T>>> calls) {
        return answers(
                verb,
                () -> {
                    List<CompletableFuture<T>> sent = new ArrayList<>(calls.size());
                    for (Supplier<CompletionStage<T>> call : calls) {
                        sent.add(call.get().toCompletableFuture());
                    }
                    return sent;
                },
                index -> List.of(calls.get(index).get().toCompletableFuture()));
    }

    /**
     * Sends all readings in one go, and answers in their order. None is answered from before one in front of it, also
     * if that one had to be sent again: whoever reads a birth behind its bucket sees a loss in between.
     */
    public List<List<byte[]>> read(String verb, RedisPort port, List<ReadCommand> reads) {
        return answers(verb, () -> port.send(reads), index -> port.send(reads.subList(index, reads.size())));
    }

    /** Waits for a reading that was sent before. */
    public List<byte[]> finish(String verb, RedisPort port, ReadCommand read, CompletableFuture<List<byte[]>> sent) {
        return answers(verb, () -> List.of(sent), index -> port.send(List.of(read)))
                .get(0);
    }

    /**
     * Waits for all.
     *
     * @param sendAgain sends the call of an index anew, and may send those behind it too
     */
    private <T> List<T> answers(
            String verb,
            Supplier<List<? extends CompletableFuture<T>>> send,
            IntFunction<List<? extends CompletableFuture<T>>> sendAgain) {
        long deadline = System.nanoTime() + timeout.toNanos();
        List<CompletableFuture<T>> sent = new ArrayList<>();
        Retried retried = new Retried();
        try {
            sent.addAll(send.get());
            List<T> answers = new ArrayList<>(sent.size());
            for (int i = 0; i < sent.size(); i++) {
                answers.add(await(sent, i, sendAgain, deadline, retried));
            }
            return answers;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Outage.of(verb, e);
        } catch (ExecutionException e) {
            onTrouble.run();
            throw Outage.of(verb, e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            onTrouble.run();
            throw Outage.of(verb, retried.last == null ? noAnswer() : retried.last);
        } catch (RuntimeException e) {
            onTrouble.run();
            throw e instanceof StoreUnavailableException unavailable ? unavailable : Outage.of(verb, e);
        } finally {
            sent.forEach(BoundedCalls::drop);
        }
    }

    private <T> T await(
            List<CompletableFuture<T>> sent,
            int index,
            IntFunction<List<? extends CompletableFuture<T>>> sendAgain,
            long deadline,
            Retried retried)
            throws InterruptedException, ExecutionException, TimeoutException {
        while (true) {
            try {
                return Objects.requireNonNull(sent.get(index).get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
            } catch (ExecutionException e) {
                if (!isNotJustNow(e.getCause()) || System.nanoTime() >= deadline) {
                    throw e;
                }
                retried.last = e.getCause();
                onTrouble.run();
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                int at = index;
                for (CompletableFuture<T> again : sendAgain.apply(index)) {
                    drop(sent.set(at++, again));
                }
            }
        }
    }

    /**
     * Why a call was sent again: what the server said last tells more than that time ran out. Confined to one thread.
     */
    private static final class Retried {
        private @Nullable Throwable last;
    }

    private TimeoutException noAnswer() {
        return new TimeoutException("no answer within " + timeout.toMillis() + " ms");
    }

    private static void drop(CompletableFuture<?> call) {
        if (!call.isDone()) {
            call.cancel(true);
        }
    }

    private static boolean isNotJustNow(@Nullable Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(5)
                .anyMatch(cause -> cause instanceof NotPrimaryException
                        || cause instanceof RedisCommandExecutionException
                                && cause.getMessage() != null
                                && NOT_JUST_NOW.stream().anyMatch(cause.getMessage()::startsWith));
    }
}
