package dev.curfew.examples.orders;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A main class of the test's class path in a process of its own. Thread-safe. */
final class Program implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final CompletableFuture<String> found = new CompletableFuture<>();

    private Program(Process process) {
        this.process = process;
    }

    /**
     * Starts a program.
     *
     * @param ready what it prints when it is ready; its first group is told by {@link #awaitReady}
     */
    static Program start(String mainClass, Map<String, String> environment, Pattern ready, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                mainClass));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Program program = new Program(builder.start());
            Thread reader = new Thread(() -> program.read(ready), mainClass);
            reader.setDaemon(true);
            reader.start();
            return program;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(Pattern ready) {
        StringBuilder all = new StringBuilder();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (!found.isDone()) {
                    all.append(line).append('\n');
                }
                Matcher matcher = ready.matcher(line);
                if (matcher.find()) {
                    found.complete(matcher.group(1));
                }
            }
            found.completeExceptionally(new AssertionError("the program has ended:\n" + all));
        } catch (IOException e) {
            found.completeExceptionally(e);
        }
    }

    String awaitReady() throws Exception {
        return found.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** As when the machine loses its power. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
