package dev.curfew.examples.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Objects;

/** A real Redis of the test's own, on a free port of this machine. */
public final class RedisProcess implements AutoCloseable {
    private static final String BINARY = "/redis-server-7.0.15-linux-amd64";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Process process;
    private final int port;

    private RedisProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts one. */
    public static RedisProcess start() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("redis");
        Path binary = folder.resolve("redis-server");
        try (InputStream in = Objects.requireNonNull(RedisProcess.class.getResourceAsStream(BINARY), BINARY)) {
            Files.copy(in, binary, StandardCopyOption.REPLACE_EXISTING);
        }
        if (!binary.toFile().setExecutable(true)) {
            throw new IOException("not executable: " + binary);
        }
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Process process = new ProcessBuilder(
                        binary.toString(), "--port", "" + port, "--bind", "127.0.0.1", "--dir", folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        RedisProcess redis = new RedisProcess(process, port);
        Runtime.getRuntime().addShutdownHook(new Thread(redis::close));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!redis.accepts()) {
            if (System.nanoTime() > deadline || !process.isAlive()) {
                throw new IOException("no server: " + Files.readString(folder.resolve("log")));
            }
            Thread.sleep(10);
        }
        return redis;
    }

    /** {@return where it is} */
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private boolean accepts() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
