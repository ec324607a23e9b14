package dev.curfew.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/** Real threads that start at one barrier; a deadlock or a failure of one fails the test. */
final class Threads implements AutoCloseable {
    private static final int TOO_LONG_SECONDS = 60;

    private final ExecutorService pool = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "contract");
        thread.setDaemon(true);
        return thread;
    });

    /** Runs the same task on so many threads at once; answers in the order of their numbers. */
    <T> List<T> atOnce(int threads, IntFunction<T> task) {
        List<Callable<T>> tasks = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int number = i;
            tasks.add(() -> task.apply(number));
        }
        return atOnce(tasks);
    }

    /** Runs the tasks at once; answers in their order. */
    <T> List<T> atOnce(List<Callable<T>> tasks) {
        CyclicBarrier start = new CyclicBarrier(tasks.size());
        List<Future<T>> running = tasks.stream()
                .map(task -> pool.submit(() -> {
                    start.await(TOO_LONG_SECONDS, TimeUnit.SECONDS);
                    return task.call();
                }))
                .toList();
        List<T> answers = new ArrayList<>();
        for (Future<T> one : running) {
            answers.add(await(one));
        }
        return answers;
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.get(TOO_LONG_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("a thread failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("a thread did not finish: deadlock?", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
