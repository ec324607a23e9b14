package dev.curfew.examples.benchmarks;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Which of several things is next; each thread has its own. */
@State(Scope.Thread)
public class Turn {
    private int turn;

    /** Made by the harness. */
    public Turn() {}

    /** The next number below a power of two. */
    int next(int count) {
        turn++;
        return turn & (count - 1);
    }
}
