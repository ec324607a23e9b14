package dev.curfew.redis;

import dev.curfew.contract.SessionStoreContract;
import dev.curfew.contract.StoreFixture;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.protocol.ProtocolVersion;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The store on one server, spoken to in RESP3, keeps the contract and leaves no key for ever. */
class StandaloneContractTest extends SessionStoreContract {
    private static RedisServer server;
    private static RedisClient client;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
        client = RedisClient.create(server.uri());
        client.setOptions(
                ClientOptions.builder().protocolVersion(ProtocolVersion.RESP3).build());
    }

    @AfterAll
    static void stop() {
        try {
            Keyspace.assertEveryKeyEnds(client);
        } finally {
            client.shutdown();
            server.close();
        }
    }

    @Override
    protected StoreFixture newFixture() {
        return RedisFixture.on(client, 40, 5_000);
    }
}
