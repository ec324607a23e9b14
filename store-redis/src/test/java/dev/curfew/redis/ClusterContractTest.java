package dev.curfew.redis;

import dev.curfew.contract.SessionStoreContract;
import dev.curfew.contract.StoreFixture;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.protocol.ProtocolVersion;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * The store on a cluster of three masters and three replicas, spoken to in RESP2, keeps the contract and leaves no key
 * for ever.
 */
class ClusterContractTest extends SessionStoreContract {
    private static RedisCluster cluster;
    private static RedisClusterClient client;

    @BeforeAll
    static void start() {
        cluster = RedisCluster.start();
        client = cluster.client(ProtocolVersion.RESP2);
    }

    @AfterAll
    static void stop() {
        try {
            for (int master = 0; master < 3; master++) {
                RedisClient one = RedisClient.create(cluster.server(master).uri());
                Keyspace.assertEveryKeyEnds(one);
                one.shutdown();
            }
        } finally {
            client.shutdown();
            cluster.close();
        }
    }

    @Override
    protected StoreFixture newFixture() {
        return RedisFixture.on(client, 10, 2_000);
    }
}
