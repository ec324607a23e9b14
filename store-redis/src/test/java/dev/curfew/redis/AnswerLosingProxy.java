package dev.curfew.redis;

import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Stands between a client and a server, and on demand loses the answer to a command that the server has executed. */
final class AnswerLosingProxy implements AutoCloseable {
    private final ServerSocket listening;
    private final int server;
    private final AtomicReference<@Nullable String> wanted = new AtomicReference<>();
    private volatile Runnable onLoss = () -> {};
    private final AtomicInteger lost = new AtomicInteger();

    private AnswerLosingProxy(ServerSocket listening, int server) {
        this.listening = listening;
        this.server = server;
    }

    static AnswerLosingProxy before(RedisServer server) {
        try {
            AnswerLosingProxy proxy =
                    new AnswerLosingProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), server.port());
            Stores.OWN_THREADS.execute(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RedisURI uri() {
        return RedisURI.builder()
                .withHost("127.0.0.1")
                .withPort(listening.getLocalPort())
                .build();
    }

    /** Loses the next answer to a command that contains this text, and the connection with it. */
    void loseAnswerTo(String text) {
        wanted.set(text);
    }

    /** The same, and does something else before the connection ends. */
    void loseAnswerTo(String text, Runnable meanwhile) {
        onLoss = meanwhile;
        loseAnswerTo(text);
    }

    /** How many answers were lost. */
    int lost() {
        return lost.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Socket upstream = upstreamOf(client);
                if (upstream == null) {
                    continue;
                }
                AtomicReference<Boolean> losing = new AtomicReference<>(false);
                Stores.OWN_THREADS.execute(() -> pump(client, upstream, bytes -> {
                    String text = wanted.get();
                    if (text != null && bytes.contains(text) && wanted.compareAndSet(text, null)) {
                        losing.set(true);
                    }
                    return true;
                }));
                Stores.OWN_THREADS.execute(() -> pump(upstream, client, bytes -> {
                    if (losing.get()) {
                        onLoss.run();
                        lost.incrementAndGet();
                        return false;
                    }
                    return true;
                }));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    /** Null while the server is down: the client is told, and tries again. */
    private @Nullable Socket upstreamOf(Socket client) throws IOException {
        try {
            return new Socket(InetAddress.getLoopbackAddress(), server);
        } catch (IOException e) {
            client.close();
            return null;
        }
    }

    private interface Filter {
        boolean passes(String bytes);
    }

    private static void pump(Socket from, Socket to, Filter filter) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[65_536];
            while (true) {
                int length = in.read(buffer);
                if (length < 0 || !filter.passes(new String(buffer, 0, length, StandardCharsets.ISO_8859_1))) {
                    return;
                }
                out.write(buffer, 0, length);
            }
        } catch (IOException e) {
            // One of the two is gone.
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
