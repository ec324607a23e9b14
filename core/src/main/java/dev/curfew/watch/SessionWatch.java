package dev.curfew.watch;

/** That a connection wants to hear what becomes of its credential. Thread-safe; to be closed with the connection. */
public interface SessionWatch extends AutoCloseable {
    /** {@return whether more may come: it is not closed, and its last news has not been found out} */
    boolean isOpen();

    /**
     * Ends the watch; without effect if it has ended. What waits is not told any more; what a thread has taken to tell
     * by now still is, also after this call has returned: one call of the watcher at most.
     */
    @Override
    void close();
}
