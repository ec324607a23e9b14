package dev.curfew.examples.benchmarks;

import dev.curfew.store.SessionStore;
import java.time.Duration;

/** A store's server, or a cluster of them, that many nodes share, and what it has done so far. Thread-safe. */
interface ScaleServer extends AutoCloseable {
    /** The default of both stores. */
    Duration USUAL_PATIENCE = Duration.ofSeconds(2);

    /** What it is called in the table. */
    String name();

    /** A store on keys or tables of that prefix, with connections of its own for so many calls at a time. */
    default Opened open(String prefix, int calls) {
        return open(prefix, calls, USUAL_PATIENCE);
    }

    /** The same whose calls may take longer than usual. */
    Opened open(String prefix, int calls, Duration patience);

    /** The least that it can do for a write, by so many connections: one row or one field of 400 bytes. */
    Bare bare(int connections);

    /** The processor time that its processes have used. */
    double cpuSeconds();

    /** How many bytes it has sent: PostgreSQL to stores that were opened here, Redis to all. */
    long bytesSent();

    /** Lets its processes stand still, so that it answers nobody and nothing is refused. */
    void freeze();

    /** Lets them go on. */
    void thaw();

    @Override
    void close();

    /** A write that is a bare command. Thread-safe. */
    interface Bare extends AutoCloseable {
        /** What it is called in the table. */
        String name();

        void write();

        @Override
        void close();
    }

    /** A store, and how it and its connections are closed. Thread-safe. */
    record Opened(SessionStore store, Runnable closing) implements AutoCloseable {
        @Override
        public void close() {
            closing.run();
        }
    }
}
