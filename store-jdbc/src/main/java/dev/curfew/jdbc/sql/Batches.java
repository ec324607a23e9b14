package dev.curfew.jdbc.sql;

import java.util.ArrayList;
import java.util.List;

/** Cuts lists into parts that one statement or one transaction can take. */
public final class Batches {
    private Batches() {}

    /** The parts in their order, each as long as given but the last one. */
    public static <T> List<List<T>> of(List<T> all, int size) {
        List<List<T>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += size) {
            parts.add(all.subList(from, Math.min(all.size(), from + size)));
        }
        return parts;
    }
}
