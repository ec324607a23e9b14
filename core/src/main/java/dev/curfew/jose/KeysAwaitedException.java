package dev.curfew.jose;

/** Keys would have to be waited for, and the caller must not wait: only {@link KeySource#withoutWaiting} throws it. */
public final class KeysAwaitedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KeysAwaitedException() {
        // It steers a call, and is no failure that anybody looks into.
        super("the keys would have to be waited for", null, false, false);
    }
}
