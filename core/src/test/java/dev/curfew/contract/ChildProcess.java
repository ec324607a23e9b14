package dev.curfew.contract;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Another Java process with the class path of the tests, which can be stopped like any process. Thread-safe. */
public final class ChildProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> passed = new ArrayList<>();

    private ChildProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts a process, whose errors are shown with ours.
     *
     * @param main its class
     * @param arguments of its main method
     * @return the process
     * @throws IOException if there is none
     */
    public static ChildProcess start(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
        ChildProcess child = new ChildProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        Thread reader = new Thread(child::read, "lines of a child");
        reader.setDaemon(true);
        reader.start();
        return child;
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            // It has ended.
        }
    }

    /**
     * The next line of a kind; others before it are left out.
     *
     * @param isIt tells it from the others
     * @return the line
     * @throws InterruptedException if the test is ended
     */
    public String await(Predicate<String> isIt) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            String line = lines.poll(left, TimeUnit.NANOSECONDS);
            if (line != null) {
                passed.add(line);
                if (isIt.test(line)) {
                    return line;
                }
            }
        }
        throw new AssertionError("the child says nothing of that kind, but " + passed);
    }

    /**
     * Says a line to it.
     *
     * @param line without its end
     * @throws IOException if it is gone
     */
    public void say(String line) throws IOException {
        OutputStream input = process.getOutputStream();
        input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        input.flush();
    }

    /**
     * Waits until it is gone.
     *
     * @throws InterruptedException if the test is ended
     */
    public void awaitEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the child does not end");
        }
    }

    /**
     * Sends it a signal.
     *
     * @param name STOP, CONT or KILL
     * @throws Exception if that cannot be
     */
    public void signal(String name) throws Exception {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (status != 0) {
            throw new AssertionError("kill -" + name + " answered " + status);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
