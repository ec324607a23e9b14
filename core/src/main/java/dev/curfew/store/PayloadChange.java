package dev.curfew.store;

import java.util.Objects;

/** A payload that shall take the place of another one. Immutable. */
public final class PayloadChange {
    private final StoredPayload expected;
    private final byte[] next;

    /**
     * Makes a change.
     *
     * @param expected what must stand there
     * @param next what shall stand there, copied
     */
    public PayloadChange(StoredPayload expected, byte[] next) {
        this.expected = Objects.requireNonNull(expected, "expected");
        this.next = next.clone();
    }

    /** {@return the payload that must stand there, with its place} */
    public StoredPayload expected() {
        return expected;
    }

    /** {@return a copy of the payload that shall stand there} */
    public byte[] next() {
        return next.clone();
    }

    /** A pseudonym only. */
    @Override
    public String toString() {
        return "PayloadChange[" + expected.session() + "]";
    }
}
