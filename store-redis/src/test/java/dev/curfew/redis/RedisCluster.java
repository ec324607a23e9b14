package dev.curfew.redis;

import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.protocol.ProtocolVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A real cluster of three masters with a replica each. */
final class RedisCluster implements AutoCloseable {
    private static final int SLOTS = 16_384;
    private static final int MASTERS = 3;

    private final List<RedisServer> servers = new ArrayList<>();

    static RedisCluster start() {
        RedisCluster cluster = new RedisCluster();
        for (int i = 0; i < 2 * MASTERS; i++) {
            cluster.servers.add(RedisServer.start("--cluster-enabled", "yes", "--cluster-node-timeout", "2000"));
        }
        for (int i = 0; i < MASTERS; i++) {
            int first = i * SLOTS / MASTERS;
            int last = (i + 1) * SLOTS / MASTERS - 1;
            cluster.servers.get(i).send("CLUSTER ADDSLOTSRANGE " + first + " " + last);
        }
        RedisServer seed = cluster.servers.get(0);
        for (int i = 0; i < 2 * MASTERS; i++) {
            cluster.servers.get(i).send("CLUSTER SET-CONFIG-EPOCH " + (i + 1));
            seed.send("CLUSTER MEET 127.0.0.1 " + cluster.servers.get(i).port());
        }
        Await.until(
                "all nodes know each other",
                () -> cluster.servers.stream()
                        .allMatch(server -> server.send("CLUSTER INFO").contains("cluster_known_nodes:6")));
        for (int i = MASTERS; i < 2 * MASTERS; i++) {
            String master = cluster.id(i - MASTERS);
            RedisServer replica = cluster.servers.get(i);
            Await.until(
                    "replica", () -> replica.send("CLUSTER REPLICATE " + master).startsWith("+OK"));
        }
        Await.until("cluster is up", cluster::isUp);
        return cluster;
    }

    RedisServer server(int index) {
        return servers.get(index);
    }

    String id(int index) {
        String reply = servers.get(index).send("CLUSTER MYID");
        return reply.substring(reply.indexOf('\n') + 1).strip();
    }

    /** A client that notices quickly when the topology changes. */
    RedisClusterClient client(ProtocolVersion protocol) {
        RedisClusterClient client = RedisClusterClient.create(servers.get(0).uri());
        client.setOptions(ClusterClientOptions.builder()
                .protocolVersion(protocol)
                .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enablePeriodicRefresh(Duration.ofSeconds(1))
                        .build())
                .build());
        return client;
    }

    boolean isUp() {
        return servers.stream().allMatch(server -> {
                    String info = server.send("CLUSTER INFO");
                    return info.contains("cluster_state:ok") && info.contains("cluster_slots_ok:" + SLOTS);
                })
                && servers.stream()
                        .skip(MASTERS)
                        .allMatch(server -> server.send("INFO replication").contains("master_link_status:up"));
    }

    @Override
    public void close() {
        servers.forEach(RedisServer::close);
    }
}
