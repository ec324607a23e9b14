package dev.curfew.store;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import java.util.Collection;

/** Checks what verbs of stores are given, for those who implement them. Thread-safe. */
public final class StoreArguments {
    private StoreArguments() {}

    /**
     * Checks a limit.
     *
     * @param limit how many at most
     * @return the same
     * @throws IllegalArgumentException if it is not positive
     */
    public static int requireLimit(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be positive");
        }
        return limit;
    }

    /**
     * Checks the limit of a page.
     *
     * @param limit how many rows at most
     * @param max the most that a page may hold
     * @return the same
     * @throws IllegalArgumentException if it is not 1 to that maximum
     */
    public static int requireLimit(int limit, int max) {
        if (limit < 1 || limit > max) {
            throw new IllegalArgumentException("limit must be 1 to " + max);
        }
        return limit;
    }

    /**
     * Checks what is to be recorded: a birth marker is created by the store, and is never recorded again.
     *
     * @param entries to be recorded
     * @throws IllegalArgumentException if a birth is among them
     */
    public static void requireNoBirth(Collection<Revocation> entries) {
        entries.forEach(entry -> requireNoBirth(entry.target()));
    }

    /**
     * Checks a target that is to be revoked or recorded.
     *
     * @param target of an entry or a request
     * @throws IllegalArgumentException if it is a birth
     */
    public static void requireNoBirth(RevocationTarget target) {
        if (target.kind() == RevocationTarget.Kind.BIRTH) {
            throw new IllegalArgumentException("a birth is created by the store, never revoked or recorded");
        }
    }

    /**
     * Checks a target whose sessions are asked for.
     *
     * @param target a session, a foreign session or a subject
     * @throws IllegalArgumentException if it is of another kind
     */
    public static void requireNamesSessions(RevocationTarget target) {
        if (!target.kind().namesSessions()) {
            throw new IllegalArgumentException("a " + target.kind() + " names no sessions");
        }
    }
}
