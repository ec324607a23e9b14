package dev.curfew.examples.quarkus;

import dev.curfew.examples.hosts.Node;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The application that was built, as a process of its own. */
final class QuarkusProcess {
    private static final String READY = "ready at ";

    private QuarkusProcess() {}

    static Node start(Map<String, String> environment) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder command = new ProcessBuilder(
                java, "-Xmx128m", "-XX:TieredStopAtLevel=1", "-jar", System.getProperty("curfew.example.app"));
        command.environment().putAll(environment);
        command.redirectErrorStream(true);
        Process process = command.start();
        List<String> said = new ArrayList<>();
        BufferedReader out = process.inputReader();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(READY)) {
                drain(out);
                return new Node(URI.create(line.substring(READY.length())), () -> end(process));
            }
            said.add(line);
        }
        throw new IllegalStateException("the application has ended: " + String.join("\n", said));
    }

    /** A process whose output nobody reads stops when the pipe is full. */
    private static void drain(BufferedReader out) {
        Thread reader = new Thread(() -> out.lines().forEach(System.out::println), "quarkus-output");
        reader.setDaemon(true);
        reader.start();
    }

    private static void end(Process process) {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
