package dev.curfew.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What processes have used of the processors, as Linux tells it. */
final class ProcessTimes {
    /** Linux counts in hundredths of a second on each machine that is met today. */
    private static final double TICKS = 100;

    /** Numbers of fields behind the name of the program: its own time, and that of children that have ended. */
    private static final int USER = 11;

    private static final int SYSTEM = 12;
    private static final int ENDED_USER = 13;
    private static final int ENDED_SYSTEM = 14;

    private ProcessTimes() {}

    /** Seconds that a process and its children have used, those included that have ended. */
    static double ofTree(ProcessHandle root) {
        return Stream.concat(Stream.of(root), root.children())
                        .mapToLong(process -> ticks(process, process.equals(root)))
                        .sum()
                / TICKS;
    }

    private static long ticks(ProcessHandle process, boolean withEnded) {
        try {
            String line = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            List<String> fields =
                    List.of(line.substring(line.lastIndexOf(')') + 2).split(" "));
            long own = number(fields, USER) + number(fields, SYSTEM);
            return withEnded ? own + number(fields, ENDED_USER) + number(fields, ENDED_SYSTEM) : own;
        } catch (IOException e) {
            // It has ended, and its parent counts it from now on.
            return 0;
        }
    }

    private static long number(List<String> fields, int index) {
        return Long.parseLong(fields.get(index));
    }
}
