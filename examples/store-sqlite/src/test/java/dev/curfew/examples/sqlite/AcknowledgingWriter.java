package dev.curfew.examples.sqlite;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.Precondition;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A process that logs in and revokes for as long as it lives, and prints what was acknowledged: one line for each
 * session, one more once every second session is revoked.
 */
final class AcknowledgingWriter implements AutoCloseable {
    private final Process process;
    private final BufferedReader lines;

    AcknowledgingWriter(Path file, String subject) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        process = new ProcessBuilder(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AcknowledgingWriter.class.getName(),
                        file.toString(),
                        subject)
                .redirectError(new File(file + "." + subject + ".log"))
                .start();
        lines = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Waits for the next acknowledgement. */
    String next() throws IOException {
        String line = lines.readLine();
        if (line == null) {
            throw new AssertionError("the process ended by itself, see the log beside the file");
        }
        return line;
    }

    /** Ends the process by SIGKILL and takes what it has still printed, which {@code Process} itself would drop. */
    List<String> kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
        return lines.lines().toList();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** In the process itself. */
    public static void main(String[] arguments) {
        SqliteSessionStore store = SqliteSessionStore.inFile(Path.of(arguments[0]), Duration.ofSeconds(20));
        store.open(Given.SETTINGS, Given.NOW);
        SubjectId subject = Given.subject(arguments[1]);
        boolean isRevoked = false;
        while (true) {
            GivenSession session = Given.session(subject).build();
            store.insert(session.row(), SessionLimit.unlimited(), Given.NOW);
            System.out.println("login " + session.handle().value());
            if (isRevoked) {
                store.revoke(Given.act(session.target()).build(), Precondition.none(), Given.NOW);
                System.out.println("revoke " + session.handle().value());
            }
            isRevoked = !isRevoked;
        }
    }
}
