package dev.curfew.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The port over Lettuce connections of its own, of either sort. Thread-safe. */
final class LettucePort implements RedisPort {
    private final StatefulConnection<byte[], byte[]> connection;
    private final RedisClusterAsyncCommands<byte[], byte[]> commands;
    private final DurableConnections durable;
    private final Supplier<StatefulRedisPubSubConnection<byte[], byte[]>> subscriptions;
    private final Runnable refresh;

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
    }

    @Override
    public CompletionStage<Object> run(LuaScript script, List<byte[]> keys, List<byte[]> args) {
        return run(commands, script, keys, args);
    }

    @Override
    public CompletionStage<Object> runDurably(
            LuaScript script, List<byte[]> keys, List<byte[]> args, int replicas, long timeoutMillis) {
        return durable.to(keys.get(0)).thenCompose(node -> {
            long losses = node.losses();
            return run(node.commands(), script, keys, args)
                    .thenCompose(answer -> node.commands()
                            .waitForReplication(replicas, timeoutMillis)
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
    }

    @Override
    public List<? extends CompletableFuture<List<byte[]>>> send(List<Read> reads) {
        List<AsyncCommand<byte[], byte[], List<byte[]>>> sent =
                reads.stream().map(Read::toCommand).toList();
        if (sent.size() == 1) {
            connection.dispatch(sent.get(0));
        } else {
            connection.dispatch(sent);
        }
        return sent;
    }

    @Override
    public CompletionStage<List<String>> config(String parameter) {
        return commands.configGet(parameter).thenApply(found -> List.copyOf(found.values()));
    }

    @Override
    public AutoCloseable listen(byte[] channel, Runnable listener) {
        StatefulRedisPubSubConnection<byte[], byte[]> subscription = subscriptions.get();
        subscription.addListener(new HintListener(listener));
        // A failure needs no care: Lettuce subscribes when it connects again.
        RedisFuture<Void> unused = subscription.async().subscribe(channel);
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
            RedisClusterAsyncCommands<byte[], byte[]> commands,
            LuaScript script,
            List<byte[]> keys,
            List<byte[]> args) {
        byte[][] names = keys.toArray(byte[][]::new);
        byte[][] values = args.toArray(byte[][]::new);
        CompletionStage<Object> known = commands.evalsha(script.digest(), ScriptOutputType.MULTI, names, values);
        CompletableFuture<Object> answer = new CompletableFuture<>();
        known.whenComplete((value, failure) -> {
            if (failure == null) {
                answer.complete(value);
            } else if (failure instanceof RedisNoScriptException) {
                forward(commands.eval(script.text(), ScriptOutputType.MULTI, names, values), answer);
            } else {
                answer.completeExceptionally(failure);
            }
        });
        CompletableFuture<Object> unused = answer.whenComplete((value, failure) -> {
            if (answer.isCancelled()) {
                known.toCompletableFuture().cancel(true);
            }
        });
        return answer;
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
