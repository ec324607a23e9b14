package dev.curfew.work;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A map in which the eldest entry makes room for one that is too many. Confined to one thread, or guarded by its owner.
 *
 * @param <K> of the keys
 * @param <V> of the values
 */
public final class BoundedMap<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;
    private static final int INITIAL_CAPACITY = 16;
    private static final float LOAD_FACTOR = 0.75f;

    private final int most;

    private BoundedMap(int most, boolean isByUse) {
        super(INITIAL_CAPACITY, LOAD_FACTOR, isByUse);
        this.most = most;
    }

    /** A map whose eldest entry is the one that was put in first. */
    public static <K, V> BoundedMap<K, V> byAge(int most) {
        return new BoundedMap<>(most, false);
    }

    /** A map whose eldest entry is the one that was not asked for the longest time. */
    public static <K, V> BoundedMap<K, V> byUse(int most) {
        return new BoundedMap<>(most, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
    }
}
