package dev.curfew.redis.connection;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where a write and its {@code WAIT} go: the same connection, because a server counts what that connection wrote. They
 * are not shared with other calls, which a {@code WAIT} would hold up. Thread-safe.
 */
interface DurableConnections extends AutoCloseable {
    /** The connection to whoever holds a key now. */
    CompletionStage<Node> to(byte[] key);

    @Override
    void close();

    /** A connection, and how often it was lost. Thread-safe. */
    final class Node {
        private final RedisClusterAsyncCommands<byte[], byte[]> commands;
        private final AtomicLong losses = new AtomicLong();

        private Node(StatefulRedisConnection<byte[], byte[]> connection) {
            this.commands = connection.async();
            connection.addListener(new RedisConnectionStateListener() {
                @Override
                public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
                    losses.incrementAndGet();
                }
            });
        }

        RedisClusterAsyncCommands<byte[], byte[]> commands() {
            return commands;
        }

        long losses() {
            return losses.get();
        }
    }

    static DurableConnections none() {
        return new DurableConnections() {
            @Override
            public CompletionStage<Node> to(byte[] key) {
                throw new IllegalStateException("no replicas are waited for");
            }

            @Override
            public void close() {
                // There is nothing to close.
            }
        };
    }

    static DurableConnections of(StatefulRedisConnection<byte[], byte[]> connection) {
        Node node = new Node(connection);
        return new DurableConnections() {
            @Override
            public CompletionStage<Node> to(byte[] key) {
                return CompletableFuture.completedFuture(node);
            }

            @Override
            public void close() {
                connection.close();
            }
        };
    }

    static DurableConnections of(StatefulRedisClusterConnection<byte[], byte[]> cluster) {
        Map<StatefulRedisConnection<byte[], byte[]>, Node> nodes = new ConcurrentHashMap<>();
        return new DurableConnections() {
            @Override
            public CompletionStage<Node> to(byte[] key) {
                String master = cluster.getPartitions()
                        .getMasterBySlot(SlotHash.getSlot(key))
                        .getNodeId();
                return cluster.getConnectionAsync(master).thenApply(connection -> {
                    nodes.keySet().removeIf(known -> !known.isOpen());
                    return nodes.computeIfAbsent(connection, Node::new);
                });
            }

            @Override
            public void close() {
                cluster.close();
            }
        };
    }
}
