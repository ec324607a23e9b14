package dev.curfew.spring;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/** A real Redis of the test's own, on a free port of this machine. */
final class RedisProcess implements AutoCloseable {
    private static final String BINARY = "/redis-server-7.0.15-linux-amd64";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final int port;
    private Process process;

    private RedisProcess(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    static RedisProcess start() throws IOException {
        Path folder = Files.createTempDirectory("redis");
        Path binary = folder.resolve("redis-server");
        try (InputStream in = Objects.requireNonNull(RedisProcess.class.getResourceAsStream(BINARY), BINARY)) {
            Files.copy(in, binary);
        }
        if (!binary.toFile().setExecutable(true)) {
            throw new IOException("not executable: " + binary);
        }
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        RedisProcess redis = new RedisProcess(folder, port);
        Runtime.getRuntime().addShutdownHook(new Thread(redis::close));
        redis.run();
        return redis;
    }

    void run() throws IOException {
        process = new ProcessBuilder(
                        folder.resolve("redis-server").toString(),
                        "--port",
                        "" + port,
                        "--bind",
                        "127.0.0.1",
                        "--dir",
                        folder.toString(),
                        "--appendonly",
                        "yes")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!accepts()) {
            if (System.nanoTime() > deadline || !process.isAlive()) {
                throw new IOException("no server: " + Files.readString(folder.resolve("log")));
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    void kill() {
        process.destroyForcibly().onExit().join();
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        kill();
    }

    private boolean accepts() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
