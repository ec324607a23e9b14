package dev.curfew.examples.benchmarks;

/** What keeps sessions on a server: Curfew, or one of its peers. Thread-safe. */
interface SessionKeeper extends AutoCloseable {
    /** Begins sessions of a subject; not measured. */
    void begin(String subject, int count);

    /** Ends all of them, in the way that its makers offer for that. */
    void endAll(String subject);

    /** Whether any is left that its makers' own check accepts; not measured. */
    boolean hasAny(String subject);

    @Override
    void close();
}
