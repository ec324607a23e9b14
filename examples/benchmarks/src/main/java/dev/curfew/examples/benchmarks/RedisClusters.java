package dev.curfew.examples.benchmarks;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Makes a cluster of Redis processes of this program's own: three primaries without replicas. */
final class RedisClusters {
    private static final int SLOTS = 16_384;
    private static final int PRIMARIES = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private RedisClusters() {}

    /** Starts it and answers the ports. */
    static List<Integer> start() {
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < PRIMARIES; i++) {
            ports.add(RedisServer.start("--cluster-enabled", "yes"));
        }
        RedisClient client = RedisClient.create();
        try {
            List<RedisCommands<String, String>> all = ports.stream()
                    .map(port ->
                            client.connect(RedisURI.create("127.0.0.1", port)).sync())
                    .toList();
            for (int i = 0; i < PRIMARIES; i++) {
                all.get(i)
                        .clusterAddSlots(IntStream.range(i * SLOTS / PRIMARIES, (i + 1) * SLOTS / PRIMARIES)
                                .toArray());
                all.get(i).clusterSetConfigEpoch(i + 1L);
                all.get(0).clusterMeet("127.0.0.1", ports.get(i));
            }
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!all.stream().allMatch(RedisClusters::isUp)) {
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException("the cluster does not come up");
                }
                Waits.sleep(Duration.ofMillis(20));
            }
            return ports;
        } finally {
            client.shutdown();
        }
    }

    private static boolean isUp(RedisCommands<String, String> server) {
        String info = server.clusterInfo();
        return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + PRIMARIES);
    }
}
