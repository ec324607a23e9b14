package dev.curfew.redis.connection;

import dev.curfew.store.StoreUnavailableException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Opens a port on the host's client. */
@FunctionalInterface
public interface RedisConnector {
    RedisPort open(boolean waitsForReplicas);

    /**
     * Opens it.
     *
     * @throws StoreUnavailableException if there is no connection; it says what to check
     */
    default RedisPort connect(boolean waitsForReplicas) {
        try {
            return open(waitsForReplicas);
        } catch (RedisException e) {
            throw Outage.ofConnection(e);
        } catch (LinkageError e) {
            throw new IllegalStateException(
                    "Lettuce cannot work with the other libraries of this application: Netty, or another of them, has a"
                            + " version that it does not know. Take the versions that Lettuce names (mvn"
                            + " dependency:tree), or a Lettuce that fits them: "
                            + e,
                    e);
        }
    }

    static RedisConnector of(RedisClient client) {
        Objects.requireNonNull(client, "client");
        return waitsForReplicas -> {
            StatefulRedisConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE);
            return new LettucePort(
                    connection,
                    connection.async(),
                    durable(
                            waitsForReplicas,
                            connection,
                            () -> DurableConnections.of(client.connect(ByteArrayCodec.INSTANCE))),
                    () -> client.connectPubSub(ByteArrayCodec.INSTANCE),
                    () -> {});
        };
    }

    static RedisConnector of(RedisClusterClient client) {
        Objects.requireNonNull(client, "client");
        return waitsForReplicas -> {
            StatefulRedisClusterConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE);
            return new LettucePort(
                    connection,
                    connection.async(),
                    durable(
                            waitsForReplicas,
                            connection,
                            () -> DurableConnections.of(client.connect(ByteArrayCodec.INSTANCE))),
                    () -> client.connectPubSub(ByteArrayCodec.INSTANCE),
                    seldom(client::refreshPartitionsAsync));
        };
    }

    /** If these cannot be opened, the first one is closed as well. */
    private static DurableConnections durable(
            boolean waitsForReplicas, StatefulConnection<?, ?> first, Supplier<DurableConnections> opening) {
        if (!waitsForReplicas) {
            return DurableConnections.none();
        }
        try {
            return opening.get();
        } catch (RuntimeException e) {
            first.close();
            throw e;
        }
    }

    /** Many calls fail at once when a server does. */
    private static Runnable seldom(Runnable refresh) {
        long pauseNanos = Duration.ofSeconds(1).toNanos();
        AtomicLong last = new AtomicLong(System.nanoTime() - pauseNanos);
        return () -> {
            long before = last.get();
            long now = System.nanoTime();
            if (now - before >= pauseNanos && last.compareAndSet(before, now)) {
                refresh.run();
            }
        };
    }
}
