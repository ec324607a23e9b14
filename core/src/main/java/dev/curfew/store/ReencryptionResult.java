package dev.curfew.store;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one part of a walk did that encrypts payloads anew. Immutable. */
public final class ReencryptionResult {
    private final int examined;
    private final int rewritten;
    private final int unreadable;
    private final @Nullable PayloadCursor next;

    /**
     * Makes the result.
     *
     * @param examined how many rows were looked at
     * @param rewritten how many of these were encrypted anew
     * @param unreadable how many stay as they are
     * @param next where the next part begins, or null at the end
     */
    public ReencryptionResult(int examined, int rewritten, int unreadable, @Nullable PayloadCursor next) {
        this.examined = examined;
        this.rewritten = rewritten;
        this.unreadable = unreadable;
        this.next = next;
    }

    /** {@return how many rows were looked at} */
    public int examined() {
        return examined;
    }

    /**
     * How many of these are encrypted with the current key now and were not before. Rows that another node was quicker
     * with do not count.
     *
     * @return 0 or more
     */
    public int rewritten() {
        return rewritten;
    }

    /**
     * How many of these stayed as they are, because nobody here can read them.
     *
     * @return 0 unless a key is missing, plain payloads are refused, or a row is damaged
     */
    public int unreadable() {
        return unreadable;
    }

    /** {@return the place where the walk goes on, or nothing if all rows have been met} */
    public Optional<PayloadCursor> next() {
        return Optional.ofNullable(next);
    }

    /** The numbers. */
    @Override
    public String toString() {
        return "ReencryptionResult[examined " + examined + ", rewritten " + rewritten + ", unreadable " + unreadable
                + (next == null ? "]" : ", to be continued]");
    }
}
