package dev.curfew.examples.benchmarks;

import dev.curfew.redis.RedisSessionStore;
import dev.curfew.redis.RedisSessionStoreBuilder;
import dev.curfew.redis.server.ServerCheck;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One Redis, or a cluster of them, under many nodes. Each node has a client and connections of its own; they share the
 * threads of this program that serve connections. Thread-safe.
 */
final class ScaleRedis implements ScaleServer {
    private static final String LOOPBACK = "127.0.0.1";
    private final String name;
    private final ClientResources resources = DefaultClientResources.create();
    private final List<Integer> ports;
    private final boolean isCluster;
    private final RedisClient observing = RedisClient.create(resources);
    private final List<StatefulRedisConnection<String, String>> servers;
    private final List<ProcessHandle> processes;

    private ScaleRedis(String name, List<Integer> ports, boolean isCluster) {
        this.name = name;
        this.ports = ports;
        this.isCluster = isCluster;
        this.servers = ports.stream()
                .map(port -> observing.connect(RedisURI.create(LOOPBACK, port)))
                .toList();
        this.processes = servers.stream()
                .map(server -> ProcessHandle.of((long) number(server, "server", "process_id"))
                        .orElseThrow())
                .toList();
    }

    static ScaleRedis standalone() {
        return new ScaleRedis("redis", List.of(Servers.redisPort()), false);
    }

    /** Three primaries. */
    static ScaleRedis cluster() {
        return new ScaleRedis("cluster", Servers.clusterPorts(), true);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Opened open(String prefix, int calls, Duration patience) {
        RedisURI uri = RedisURI.create(LOOPBACK, ports.get(0));
        if (isCluster) {
            RedisClusterClient client = RedisClusterClient.create(resources, uri);
            return opened(RedisSessionStore.on(client).callTimeout(patience), prefix, client::shutdown);
        }
        RedisClient client = RedisClient.create(resources, uri);
        return opened(RedisSessionStore.on(client).callTimeout(patience), prefix, client::shutdown);
    }

    private static Opened opened(RedisSessionStoreBuilder builder, String prefix, Runnable closing) {
        RedisSessionStore store =
                builder.keyPrefix(prefix).serverCheck(ServerCheck.NONE).build();
        store.open(CurfewStores.settings(), Instant.now());
        return new Opened(store, () -> {
            store.close();
            closing.run();
        });
    }

    @Override
    public Bare bare(int connections) {
        RedisURI uri = RedisURI.create(LOOPBACK, ports.get(0));
        if (isCluster) {
            RedisClusterClient client = RedisClusterClient.create(resources, uri);
            return new BareScript(client.connect().sync(), client::shutdown);
        }
        RedisClient client = RedisClient.create(resources, uri);
        return new BareScript(client.connect().sync(), client::shutdown);
    }

    /** A script that sets one field of one of a hundred hashes. */
    private record BareScript(RedisClusterCommands<String, String> redis, Runnable closing) implements Bare {
        private static final String SET = "return redis.call('HSET', KEYS[1], 'row', ARGV[1])";
        private static final String ROW = "x".repeat(400);
        private static final int KEYS = 100;

        @Override
        public String name() {
            return "bare EVALSHA";
        }

        @Override
        public void write() {
            String[] keys = {"bare-" + ThreadLocalRandom.current().nextInt(KEYS)};
            try {
                redis.evalsha(redis.digest(SET), ScriptOutputType.INTEGER, keys, ROW);
            } catch (RedisNoScriptException e) {
                redis.eval(SET, ScriptOutputType.INTEGER, keys, ROW);
            }
        }

        @Override
        public void close() {
            closing.run();
        }
    }

    @Override
    public double cpuSeconds() {
        return sum("cpu", "used_cpu_user") + sum("cpu", "used_cpu_sys");
    }

    @Override
    public long bytesSent() {
        return (long) sum("stats", "total_net_output_bytes");
    }

    private double sum(String section, String field) {
        return servers.stream()
                .mapToDouble(server -> number(server, section, field))
                .sum();
    }

    private static double number(StatefulRedisConnection<String, String> server, String section, String field) {
        Matcher found = Pattern.compile("(?m)^" + field + ":([0-9.]+)")
                .matcher(server.sync().info(section));
        if (!found.find()) {
            throw new IllegalStateException("this Redis does not say " + field);
        }
        return Double.parseDouble(found.group(1));
    }

    @Override
    public void freeze() {
        Signals.stop(processes.stream());
    }

    @Override
    public void thaw() {
        Signals.goOn(processes.stream());
    }

    @Override
    public void close() {
        observing.shutdown();
        resources.shutdown().awaitUninterruptibly();
    }
}
