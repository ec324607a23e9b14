package dev.curfew.redis;

import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A real server process of the test's own, on a free loopback port. */
final class RedisServer implements AutoCloseable {
    private static final String BINARY = "redis-server-7.0.15-linux-amd64";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path folder;
    private final int port;
    private final List<String> command;
    private Process process;

    private RedisServer(Path folder, int port, List<String> command) {
        this.folder = folder;
        this.port = port;
        this.command = command;
    }

    static RedisServer start(String... options) {
        // A replica that connects need not wait for others.
        List<String> all =
                new ArrayList<>(List.of("--save", "", "--appendonly", "no", "--repl-diskless-sync-delay", "0"));
        all.addAll(List.of(options));
        return launch(List.of(), all);
    }

    static RedisServer startSentinel(String config) {
        try {
            Path file = Files.createTempFile("sentinel", ".conf");
            Files.writeString(file, config);
            return launch(List.of(file.toString(), "--sentinel"), List.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RedisServer launch(List<String> before, List<String> options) {
        try {
            Path folder = Files.createTempDirectory("redis");
            int port = freePort();
            List<String> command = new ArrayList<>(List.of(binary().toString()));
            command.addAll(before);
            command.addAll(List.of("--port", String.valueOf(port), "--bind", "127.0.0.1"));
            command.addAll(List.of("--dir", folder.toString()));
            command.addAll(options);
            RedisServer server = new RedisServer(folder, port, command);
            Runtime.getRuntime().addShutdownHook(new Thread(server::kill));
            server.startAgain();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the process again, on the same port and folder. */
    void startAgain() {
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!send("PING").startsWith("+PONG")) {
                if (System.nanoTime() > deadline || !process.isAlive()) {
                    throw new AssertionError("no server: " + Files.readString(folder.resolve("log")));
                }
                Thread.sleep(5);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Where it keeps its files. */
    Path folder() {
        return folder;
    }

    int port() {
        return port;
    }

    RedisURI uri() {
        return RedisURI.builder().withHost("127.0.0.1").withPort(port).build();
    }

    /** As a crash: SIGKILL. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    void pause() {
        signal("STOP");
    }

    void resume() {
        signal("CONT");
    }

    /** Sends one command in a line of its own and answers the raw beginning of the reply, or nothing. */
    String send(String line) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            socket.setSoTimeout(2_000);
            OutputStream out = socket.getOutputStream();
            out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
            byte[] reply = new byte[16_384];
            int length = socket.getInputStream().read(reply);
            return length < 0 ? "" : new String(reply, 0, length, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        kill();
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static int freePort() throws IOException {
        while (true) {
            try (ServerSocket socket = new ServerSocket(0)) {
                // A cluster's bus listens 10,000 higher.
                if (socket.getLocalPort() < 55_000) {
                    return socket.getLocalPort();
                }
            }
        }
    }

    private static Path binary() throws IOException {
        return Unpacked.BINARY;
    }

    /** The binary of the dependency, unpacked once. */
    private static final class Unpacked {
        static final Path BINARY = unpack();

        private static Path unpack() {
            try (InputStream in = RedisServer.class.getResourceAsStream("/" + RedisServer.BINARY)) {
                Path file = Files.createTempFile("redis-server", "");
                Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                if (!file.toFile().setExecutable(true)) {
                    throw new AssertionError("not executable: " + file);
                }
                file.toFile().deleteOnExit();
                return file;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
