package dev.curfew.redis.script;

import dev.curfew.redis.server.LayoutMismatchException;

/** The layouts of a store: how its data lies in keys. Stateless. */
public final class Layout {
    public static final String KNOWN = "3";

    private Layout() {}

    /** Whether it can be converted: the one before has other indexes of sessions, and the first had no name. */
    public static boolean isOlder(String stored) {
        return stored.isEmpty() || stored.equals("2");
    }

    public static LayoutMismatchException mismatch(String stored) {
        return new LayoutMismatchException(
                isOlder(stored)
                        ? "the store has an older layout: open it with one node of this version alone, which"
                                + " converts it"
                        : "the store has layout " + stored + ", and this version of Curfew knows layout " + KNOWN);
    }
}
