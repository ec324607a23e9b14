package dev.curfew.examples.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Stops processes and lets them go on, as a machine does that stands still. */
final class Signals {
    private Signals() {}

    static void stop(Stream<ProcessHandle> processes) {
        send("-STOP", processes);
    }

    static void goOn(Stream<ProcessHandle> processes) {
        send("-CONT", processes);
    }

    /** A process that has ended meanwhile is none to be stopped. */
    private static void send(String signal, Stream<ProcessHandle> processes) {
        List<String> command =
                processes.map(process -> Long.toString(process.pid())).collect(Collectors.toList());
        command.addAll(0, List.of("kill", signal));
        try {
            int unused = new ProcessBuilder(command).start().waitFor();
        } catch (IOException e) {
            throw new IllegalStateException("processes cannot be stopped", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
