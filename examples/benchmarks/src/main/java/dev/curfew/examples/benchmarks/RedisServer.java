package dev.curfew.examples.benchmarks;

import java.io.IOException;
import java.io.InputStream;
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

/** A Redis process of this program's own, on a free loopback port, without persistence; it ends with this program. */
final class RedisServer {
    private static final String BINARY = "/redis-server-7.0.15-linux-amd64";
    /** The bus of a cluster listens 10,000 higher. */
    private static final int HIGHEST_PORT = 55_000;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private RedisServer() {}

    /** Starts it, with options beside its own, and answers its port. */
    static int start(String... options) {
        try {
            Path folder = Files.createTempDirectory("curfew-redis");
            int port = freePort();
            List<String> command = new ArrayList<>(List.of(unpack(folder).toString()));
            command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
            command.addAll(List.of("--dir", folder.toString(), "--save", "", "--appendonly", "no"));
            command.addAll(List.of("--maxmemory-policy", "noeviction"));
            command.addAll(List.of(options));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                process.destroyForcibly();
                process.onExit().join();
                Folders.delete(folder);
            }));
            awaitAnswer(process, port);
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitAnswer(Process process, int port) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!answers(port)) {
            if (System.nanoTime() - deadline > 0 || !process.isAlive()) {
                throw new IllegalStateException("Redis does not start");
            }
            Waits.sleep(Duration.ofMillis(5));
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.UTF_8));
            return socket.getInputStream().read() == '+';
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        while (true) {
            try (ServerSocket socket = new ServerSocket(0)) {
                if (socket.getLocalPort() <= HIGHEST_PORT) {
                    return socket.getLocalPort();
                }
            }
        }
    }

    private static Path unpack(Path folder) throws IOException {
        Path file = folder.resolve("redis-server");
        try (InputStream in = RedisServer.class.getResourceAsStream(BINARY)) {
            if (in == null) {
                throw new IllegalStateException("there is no Redis for this machine");
            }
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("Redis cannot be made executable");
        }
        return file;
    }
}
