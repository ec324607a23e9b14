package dev.curfew.redis;

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
 * Waits for answers no longer than the bound, and asks again where the server says that it cannot answer just now. Thread-safe.
 *
 * <p>Whatever else goes wrong is a {@link StoreUnavailableException}: a write whose answer is missing is not known to have
 * happened.
 */
final class Calls {
    private static final long PAUSE_MILLIS = 20;
    private static final List<String> NOT_JUST_NOW =
            List.of("TRYAGAIN", "CLUSTERDOWN", "LOADING", "MASTERDOWN", "READONLY", "MOVED", "ASK", "BUSY");

    private final Duration timeout;
    private final Runnable onTrouble;

    /**
     * Makes the rule.
     *
     * @param timeout for each call, or each group of calls that are sent together
     * @param onTrouble when a server does not answer, or answers that it is not the right one
     */
    Calls(Duration timeout, Runnable onTrouble) {
        this.timeout = timeout;
        this.onTrouble = onTrouble;
    }

    long timeoutMillis() {
        return timeout.toMillis();
    }

    <T> T one(String verb, Supplier<CompletionStage<T>> call) {
        return all(verb, List.of(call)).get(0);
    }

    /** Sends all at once, and answers in their order. */
    <T> List<T> all(String verb, List<Supplier<CompletionStage<T>>> calls) {
        return answers(
                verb,
                () -> {
                    List<CompletableFuture<T>> sent = new ArrayList<>(calls.size());
                    for (Supplier<CompletionStage<T>> call : calls) {
                        sent.add(call.get().toCompletableFuture());
                    }
                    return sent;
                },
                index -> calls.get(index).get().toCompletableFuture());
    }

    /** Sends all readings in one go, and answers in their order. */
    List<List<byte[]>> read(String verb, RedisPort port, List<Read> reads) {
        return answers(
                verb,
                () -> port.send(reads),
                index -> port.send(List.of(reads.get(index))).get(0));
    }

    /** Waits for a reading that was sent before. */
    List<byte[]> finish(String verb, RedisPort port, Read read, CompletableFuture<List<byte[]>> sent) {
        return answers(
                        verb,
                        () -> List.of(sent),
                        index -> port.send(List.of(read)).get(0))
                .get(0);
    }

    private <T> List<T> answers(
            String verb,
            Supplier<List<? extends CompletableFuture<T>>> send,
            IntFunction<CompletableFuture<T>> sendAgain) {
        long deadline = System.nanoTime() + timeout.toNanos();
        List<? extends CompletableFuture<T>> sent = List.of();
        try {
            sent = send.get();
            List<T> answers = new ArrayList<>(sent.size());
            for (int i = 0; i < sent.size(); i++) {
                answers.add(await(sent.get(i), i, sendAgain, deadline));
            }
            return answers;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException(verb, e);
        } catch (ExecutionException e) {
            onTrouble.run();
            throw new StoreUnavailableException(verb, e.getCause());
        } catch (TimeoutException | RuntimeException e) {
            onTrouble.run();
            throw e instanceof StoreUnavailableException unavailable
                    ? unavailable
                    : new StoreUnavailableException(verb, e);
        } finally {
            for (CompletableFuture<T> one : sent) {
                if (!one.isDone()) {
                    one.cancel(true);
                }
            }
        }
    }

    private <T> T await(
            CompletableFuture<T> first, int index, IntFunction<CompletableFuture<T>> sendAgain, long deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<T> current = first;
        try {
            while (true) {
                try {
                    return Objects.requireNonNull(current.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
                } catch (ExecutionException e) {
                    if (!isNotJustNow(e.getCause()) || System.nanoTime() >= deadline) {
                        throw e;
                    }
                    onTrouble.run();
                    TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                    current = sendAgain.apply(index);
                }
            }
        } finally {
            if (!current.isDone()) {
                current.cancel(true);
            }
        }
    }

    private static boolean isNotJustNow(@Nullable Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(5)
                .anyMatch(cause -> cause instanceof RedisCommandExecutionException
                        && cause.getMessage() != null
                        && NOT_JUST_NOW.stream().anyMatch(cause.getMessage()::startsWith));
    }
}
