package dev.curfew.redis.connection;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.async.RedisServerAsyncCommands;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The port over Lettuce connections of its own, of either sort. Thread-safe. */
final class LettucePort implements RedisPort {
    private final StatefulConnection<byte[], byte[]> connection;
    private final RedisClusterAsyncCommands<byte[], byte[]> commands;
    private final DurableConnections durable;
    private final Supplier<StatefulRedisPubSubConnection<byte[], byte[]>> subscriptions;
    private final Runnable refresh;

    /** Of a single server; a cluster needs none. */
    private final @Nullable PrimaryCheck primaryCheck;

    LettucePort(
            StatefulConnection<byte[], byte[]> connection,
            RedisClusterAsyncCommands<byte[], byte[]> commands,
            DurableConnections durable,
            Supplier<StatefulRedisPubSubConnection<byte[], byte[]>> subscriptions,
            Runnable refresh) {
        this.connection = connection;
        this.commands = commands;
        this.durable = durable;
        this.subscriptions = subscriptions;
        this.refresh = refresh;
        this.primaryCheck = connection instanceof StatefulRedisClusterConnection<byte[], byte[]>
                ? null
                : new PrimaryCheck(connection);
    }

    @Override
    public CompletionStage<Object> run(Script script, List<byte[]> keys, List<byte[]> args) {
        if (primaryCheck == null || !script.needsPrimary()) {
            return run(commands, script, keys, args);
        }
        PrimaryCheck.Question question = primaryCheck.ask();
        connection.dispatch(question.command());
        return question.before(run(commands, script, keys, args).toCompletableFuture());
    }

    @Override
    public CompletionStage<Object> runDurably(
            Script script, List<byte[]> keys, List<byte[]> args, int replicas, long timeoutMillis) {
        // Whoever cancels it must not find it executed after a reconnect.
        CompletableFuture<Object> result = new CompletableFuture<>();
        CompletionStage<Object> steps = durable.to(keys.get(0)).thenCompose(node -> {
            if (result.isDone()) {
                return result;
            }
            long losses = node.losses();
            return cancelledWith(result, run(node.commands(), script, keys, args))
                    // 0 would wait for ever.
                    .thenCompose(answer -> cancelledWith(
                                    result, node.commands().waitForReplication(replicas, Math.max(1, timeoutMillis)))
                            .thenCompose(acknowledged -> {
                                // A WAIT on a new connection counts replicas that have nothing of what the lost one
                                // wrote.
                                boolean isSameConnection = node.losses() == losses;
                                return isSameConnection && acknowledged >= replicas
                                        ? CompletableFuture.completedFuture(answer)
                                        : CompletableFuture.failedFuture(new ReplicasBehindException(
                                                isSameConnection ? acknowledged : 0, replicas));
                            }));
        });
        forward(steps, result);
        return result;
    }

    @Override
    public List<? extends CompletableFuture<List<byte[]>>> send(List<ReadCommand> reads) {
        List<AsyncCommand<byte[], byte[], List<byte[]>>> sent =
                reads.stream().map(ReadCommand::toCommand).toList();
        if (primaryCheck != null) {
            PrimaryCheck.Question question = primaryCheck.ask();
            List<RedisCommand<byte[], byte[], ?>> packet = new ArrayList<>(sent.size() + 1);
            packet.add(question.command());
            packet.addAll(sent);
            connection.dispatch(packet);
            return sent.stream().map(question::before).toList();
        }
        if (sent.size() == 1) {
            connection.dispatch(sent.get(0));
        } else {
            connection.dispatch(sent);
        }
        return sent;
    }

    @Override
    public CompletionStage<List<String>> config(String parameter) {
        return ofEachServer(server -> server.configGet(parameter).thenApply(found -> List.copyOf(found.values())));
    }

    @Override
    public CompletionStage<List<String>> info(String section) {
        return ofEachServer(server -> server.info(section).thenApply(List::of));
    }

    private CompletionStage<List<String>> ofEachServer(
            Function<RedisServerAsyncCommands<byte[], byte[]>, CompletionStage<List<String>>> question) {
        if (!(connection instanceof StatefulRedisClusterConnection<byte[], byte[]> cluster)) {
            return question.apply(commands);
        }
        CompletionStage<List<String>> all = CompletableFuture.completedFuture(List.of());
        for (RedisClusterNode node : cluster.getPartitions()) {
            if (node.is(RedisClusterNode.NodeFlag.UPSTREAM) && !node.hasNoSlots()) {
                CompletionStage<List<String>> found =
                        cluster.getConnectionAsync(node.getNodeId()).thenCompose(one -> question.apply(one.async()));
                all = all.thenCombine(
                        found,
                        (before, more) ->
                                Stream.concat(before.stream(), more.stream()).toList());
            }
        }
        return all;
    }

    @Override
    public AutoCloseable listen(byte[] channel, Runnable listener) {
        StatefulRedisPubSubConnection<byte[], byte[]> subscription = subscriptions.get();
        HintListener hints = new HintListener(listener);
        subscription.addListener(hints);
        // Of a connection that is lost nobody need care: Lettuce subscribes when it connects again.
        CompletionStage<Void> unused = subscription.async().subscribe(channel).exceptionally(failure -> {
            hints.refused(failure);
            return null;
        });
        return subscription;
    }

    @Override
    public void lookForServers() {
        refresh.run();
    }

    @Override
    public void close() {
        connection.close();
        durable.close();
    }

    private static CompletionStage<Object> run(
            RedisClusterAsyncCommands<byte[], byte[]> commands, Script script, List<byte[]> keys, List<byte[]> args) {
        byte[][] names = keys.toArray(byte[][]::new);
        byte[][] values = args.toArray(byte[][]::new);
        CompletableFuture<Object> answer = new CompletableFuture<>();
        CompletionStage<Object> known =
                cancelledWith(answer, commands.evalsha(script.digest(), ScriptOutputType.MULTI, names, values));
        known.whenComplete((value, failure) -> {
            if (failure == null) {
                answer.complete(value);
            } else if (failure instanceof RedisNoScriptException) {
                if (!answer.isDone()) {
                    forward(
                            cancelledWith(answer, commands.eval(script.text(), ScriptOutputType.MULTI, names, values)),
                            answer);
                }
            } else {
                answer.completeExceptionally(failure);
            }
        });
        return answer;
    }

    /** Cancels a command when the result that it is sent for is cancelled. */
    private static <T> CompletionStage<T> cancelledWith(CompletableFuture<Object> result, CompletionStage<T> command) {
        CompletableFuture<T> sent = command.toCompletableFuture();
        CompletableFuture<Object> unused = result.whenComplete((value, failure) -> {
            if (result.isCancelled() && !sent.isDone()) {
                sent.cancel(true);
            }
        });
        return sent;
    }

    private static void forward(CompletionStage<Object> from, CompletableFuture<Object> to) {
        from.whenComplete((value, failure) -> {
            if (failure == null) {
                to.complete(value);
            } else {
                to.completeExceptionally(failure);
            }
        });
    }
}
