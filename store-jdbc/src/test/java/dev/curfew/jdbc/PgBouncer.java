package dev.curfew.jdbc;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A real PgBouncer in transaction pooling before the PostgreSQL server of this module's tests. */
final class PgBouncer implements AutoCloseable {
    private static final int TRIES = 200;

    private final Process process;
    private final int port;

    private PgBouncer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Skips the test where the program is not installed, except in CI. */
    static void requireInstalled() {
        boolean isInstalled = program().isPresent();
        if (!isInstalled && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(
                    "PgBouncer is not installed, and CI must test with it: install Debian's package pgbouncer");
        }
        if (!isInstalled) {
            System.out.println("Skipped, because PgBouncer is not installed (Debian's package pgbouncer).");
        }
        Assumptions.assumeTrue(isInstalled, "PgBouncer is not installed (Debian's package pgbouncer)");
    }

    static PgBouncer start(Path folder, int serverConnections) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String serverPort = Postgres.url().replaceAll(".*:(\\d+)/.*", "$1");
        Path settings = folder.resolve("pgbouncer.ini");
        Files.writeString(settings, """
                [databases]
                * = host=127.0.0.1 port=%s user=postgres
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = transaction
                default_pool_size = %d
                max_client_conn = 100
                ignore_startup_parameters = extra_float_digits
                """.formatted(serverPort, port, serverConnections));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(settings, PosixFilePermissions.fromString("rw-r--r--"));
        List<String> command = new ArrayList<>(List.of(program().orElseThrow().toString()));
        if ("root".equals(System.getProperty("user.name"))) {
            // It refuses to be root.
            command.addAll(List.of("-u", "nobody"));
        }
        command.add(settings.toString());
        PgBouncer started = new PgBouncer(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile())
                        .start(),
                port);
        started.awaitPort(folder.resolve("log"));
        return started;
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitPort(Path log) throws Exception {
        for (int i = 0; i < TRIES && process.isAlive(); i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                if (socket.isConnected()) {
                    return;
                }
            } catch (IOException e) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        throw new AssertionError("PgBouncer does not start: " + Files.readString(log));
    }

    private static Optional<Path> program() {
        return Stream.concat(
                        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)),
                        Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(folder -> Path.of(folder, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
