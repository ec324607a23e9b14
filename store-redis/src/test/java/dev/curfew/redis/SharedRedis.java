package dev.curfew.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server that is empty before each test, for classes that neither stop it nor change its settings. It goes from one
 * class to the next, and ends with the last.
 */
final class SharedRedis implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private @Nullable Lent lent;

    /** A server with the client of all tests. */
    private record Lent(RedisServer server, RedisClient client) {}

    /** Servers that no class uses now. Thread-safe; closed with the run of the tests. */
    private static final class Pool implements AutoCloseable {
        private final Deque<Lent> free = new ConcurrentLinkedDeque<>();

        Lent take() {
            Lent found = free.poll();
            if (found != null) {
                return found;
            }
            RedisServer server = RedisServer.start();
            return new Lent(server, RedisClient.create(server.uri()));
        }

        @Override
        public void close() {
            free.forEach(one -> {
                one.client().shutdown();
                one.server().close();
            });
        }
    }

    void empty() {
        server().send("FLUSHALL");
    }

    RedisServer server() {
        return lent().server();
    }

    RedisClient client() {
        return lent().client();
    }

    /** A store with 16 partitions, open until the end of the test. */
    RedisSessionStore store() {
        return closing(Stores.opened(RedisSessionStore.on(client())));
    }

    /** Commands over a connection that is open until the end of the test. */
    RedisCommands<byte[], byte[]> commands() {
        StatefulRedisConnection<byte[], byte[]> connection = client().connect(ByteArrayCodec.INSTANCE);
        return closing(connection).sync();
    }

    /** What is to be closed at the end of the test. */
    <T extends AutoCloseable> T closing(T resource) {
        opened.push(resource);
        return resource;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        lent = pool(context).take();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        empty();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        pool(context).free.push(lent());
    }

    private Lent lent() {
        return Objects.requireNonNull(lent, "no server before the first test");
    }

    private static Pool pool(ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(SharedRedis.class))
                .computeIfAbsent(Pool.class, first -> new Pool(), Pool.class);
    }
}
