package dev.curfew.http;

/** A call for an event loop would have to wait; thrown by what is made {@code withoutWaiting()}, and nowhere else. */
final class MustWaitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MustWaitException() {
        // It steers a call, and is no failure that anybody looks into.
        super("a worker has to answer", null, false, false);
    }
}
