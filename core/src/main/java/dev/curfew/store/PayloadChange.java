package dev.curfew.store;

import java.util.Arrays;
import java.util.Objects;

/**
 * A payload and a credential that shall take the place of others with the same content, under another key. Immutable.
 */
public final class PayloadChange {
    private final StoredPayload expected;
    private final byte[] next;
    private final byte[] nextCredential;

    /**
     * Exchanges the payload and leaves the credential as it is.
     *
     * @param expected what must stand there
     * @param next the payload that shall stand there, copied
     */
    public PayloadChange(StoredPayload expected, byte[] next) {
        this(expected, next, expected.credential());
    }

    /**
     * Exchanges both.
     *
     * @param expected what must stand there
     * @param next the payload that shall stand there, copied
     * @param nextCredential the credential that shall stand there, copied; no bytes if the row has none
     * @throws IllegalArgumentException if the credential is longer than {@link StoredSession#MAX_CREDENTIAL}, or would
     *     be added or removed
     */
    public PayloadChange(StoredPayload expected, byte[] next, byte[] nextCredential) {
        this.expected = Objects.requireNonNull(expected, "expected");
        this.next = next.clone();
        this.nextCredential = StoredSession.requireCredential(nextCredential.clone());
        if (nextCredential.length == 0 != (expected.credential().length == 0)) {
            throw new IllegalArgumentException("a credential is exchanged, and neither added nor removed");
        }
    }

    /** {@return what must stand there, with its place} */
    public StoredPayload expected() {
        return expected;
    }

    /** {@return a copy of the payload that shall stand there} */
    public byte[] next() {
        return next.clone();
    }

    /** {@return a copy of the credential that shall stand there; no bytes if there is none} */
    public byte[] nextCredential() {
        return nextCredential.clone();
    }

    /**
     * Tells whether a row has what this change leaves behind.
     *
     * @param row what stands
     * @return true if nothing is to be written
     */
    public boolean isDone(StoredSession row) {
        return Arrays.equals(next, row.payload()) && Arrays.equals(nextCredential, row.credential());
    }

    /**
     * Tells whether a row has what this change expects.
     *
     * @param row what stands
     * @return true if it may be written
     */
    public boolean expects(StoredSession row) {
        return expected.hasSame(row.payload(), row.credential());
    }

    /** A pseudonym only. */
    @Override
    public String toString() {
        return "PayloadChange[" + expected.session() + "]";
    }
}
