package dev.curfew.audit;

/** Empties the queue of one sink. Implementations are thread-safe. */
interface SinkRunner {
    SinkQueue queue();

    /** There is something in the queue. */
    void wake();

    /** The queue is closed: offers the sink once more what waits, and waits for so long at most. */
    void finish(long nanos) throws InterruptedException;

    /** What hangs is left alone. */
    void interrupt();
}
