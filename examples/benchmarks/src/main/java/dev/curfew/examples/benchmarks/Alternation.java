package dev.curfew.examples.benchmarks;

import java.sql.SQLException;
import java.util.Arrays;

/**
 * Measures several acts that take turns in one run, so that whatever else the machine does meanwhile falls on all of
 * them.
 */
final class Alternation {
    /** Before it is measured, each is done as often as it will be measured, but no more than so many times. */
    static final int MOST_WARM_UPS = 3_000;

    private static final int TURNS = 10;

    private Alternation() {}

    /** Something to be done again and again. */
    interface Act {
        void run() throws SQLException;
    }

    /** How long each took, by its place; each is done {@code shots} times, a tenth of them at a turn. */
    static Durations[] of(int shots, Act... acts) {
        long[][] nanos = new long[acts.length][shots];
        try {
            for (Act act : acts) {
                for (int i = 0; i < Math.min(shots, MOST_WARM_UPS); i++) {
                    act.run();
                }
            }
            for (int turn = 0; turn < TURNS; turn++) {
                for (int i = 0; i < acts.length; i++) {
                    shoot(acts[i], nanos[i], shots * turn / TURNS, shots * (turn + 1) / TURNS);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return Arrays.stream(nanos).map(Durations::new).toArray(Durations[]::new);
    }

    private static void shoot(Act act, long[] nanos, int from, int to) throws SQLException {
        for (int shot = from; shot < to; shot++) {
            long begin = System.nanoTime();
            act.run();
            nanos[shot] = System.nanoTime() - begin;
        }
    }
}
