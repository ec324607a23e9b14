package dev.curfew.examples.benchmarks;

/** A hint of a server and nothing behind it: one connection sends, another one receives. */
interface BareHint extends AutoCloseable {
    void send();

    /** How many came. */
    int received();

    @Override
    void close();
}
