package dev.curfew.work;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Things that cost more to make than to use, each lent to one caller at a time and kept for the next. Thread-safe.
 *
 * <p>Whoever finds none makes one and waits for nobody, so that there are as many as calls that run at once, of which
 * 64 at most are kept. Not in a field of each thread: hosts with virtual threads have a new thread for each request.
 *
 * @param <T> what is lent; it is not used by two threads at once, and each sees what the one before it has written
 */
public final class Spares<T> {
    private static final int PLACES = 64;

    /** References in a pair of cache lines, so that no two threads write to the same one. */
    private static final int SHIFT = 5;

    private final AtomicReferenceArray<T> places = new AtomicReferenceArray<>(PLACES << SHIFT);
    private final Supplier<T> maker;

    public Spares(Supplier<T> maker) {
        this.maker = maker;
    }

    /** Uses one for a piece of work. It must be left as it was found; one whose use throws is not used again. */
    public <A, R> R use(BiFunction<? super T, ? super A, R> work, A argument) {
        int place = place();
        T spare = places.getAndSet(place, null);
        T lent = spare == null ? maker.get() : spare;
        R result = work.apply(lent, argument);
        places.setRelease(place, lent);
        return result;
    }

    /** Ids of threads follow each other, so that few share a place. Java 19 gave the method another name. */
    @SuppressWarnings("deprecation")
    private static int place() {
        return ((int) Thread.currentThread().getId() & PLACES - 1) << SHIFT;
    }
}
