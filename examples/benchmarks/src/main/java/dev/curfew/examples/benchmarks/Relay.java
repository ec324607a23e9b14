package dev.curfew.examples.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Stands between clients and a server of this machine, and counts what passes: bytes each way, and round trips, which
 * are the times that a client sends after it was answered. Thread-safe.
 */
final class Relay implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final int serverPort;
    private final ServerSocket listening;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder trips = new LongAdder();
    private volatile Duration distance = Duration.ZERO;

    private Relay(int serverPort, ServerSocket listening) {
        this.serverPort = serverPort;
        this.listening = listening;
    }

    static Relay to(int serverPort) {
        try {
            Relay relay = new Relay(serverPort, new ServerSocket(0, 0, InetAddress.getLoopbackAddress()));
            start(relay::accept);
            return relay;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where clients are to connect. */
    int port() {
        return listening.getLocalPort();
    }

    /**
     * Holds up each answer for so long. What a client sends without waiting for an answer is one round trip then, also
     * if it comes in several pieces.
     */
    void distance(Duration newDistance) {
        distance = newDistance;
    }

    /** Bytes from clients to the server. */
    long sent() {
        return sent.sum();
    }

    /** Bytes from the server to clients. */
    long received() {
        return received.sum();
    }

    long trips() {
        return trips.sum();
    }

    @Override
    public void close() {
        close(listening);
        sockets.forEach(Relay::close);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                for (Socket socket : new Socket[] {client, server}) {
                    socket.setTcpNoDelay(true);
                    sockets.add(socket);
                }
                AtomicBoolean isAnswered = new AtomicBoolean(true);
                start(() -> pass(client, server, sent, () -> {
                    if (isAnswered.getAndSet(false)) {
                        trips.increment();
                    }
                }));
                start(() -> pass(server, client, received, () -> {
                    Waits.sleep(distance);
                    isAnswered.set(true);
                }));
            }
        } catch (IOException e) {
            // It was closed.
            close();
        }
    }

    /** What arrives is counted before the other side can see it. */
    private static void pass(Socket from, Socket to, LongAdder bytes, Runnable arrived) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes.add(read);
                arrived.run();
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // One side has closed its connection, and now the other one is closed too.
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(AutoCloseable closed) {
        try {
            closed.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
