package dev.curfew.work;

import java.util.Map;

/**
 * The last things that were added, up to a number; the one that was added first makes room. Thread-safe.
 *
 * @param <E> what is remembered, compared by {@code equals}
 */
public final class RecentSet<E> {
    /** Guarded by this. */
    private final Map<E, Boolean> elements;

    /** Makes an empty set for so many. */
    public RecentSet(int most) {
        this.elements = BoundedMap.byAge(most);
    }

    /** Remembers one; answers false if it is among the last ones, where it keeps its place. */
    public synchronized boolean add(E element) {
        return elements.put(element, Boolean.TRUE) == null;
    }

    public synchronized boolean isEmpty() {
        return elements.isEmpty();
    }

    public synchronized boolean contains(E element) {
        return elements.containsKey(element);
    }

    /** Forgets one. */
    public synchronized void remove(E element) {
        elements.remove(element);
    }
}
