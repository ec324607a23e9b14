package dev.curfew.redis;

import dev.curfew.contract.KilledNodes;
import dev.curfew.redis.server.ServerCheck;
import io.lettuce.core.RedisClient;

/** A node in a process of its own, on a Redis server. */
final class KilledNode {
    private KilledNode() {}

    /** The port of the server, and what it does. */
    public static void main(String[] arguments) throws Exception {
        RedisClient client = RedisClient.create("redis://127.0.0.1:" + arguments[0]);
        try (RedisSessionStore store =
                RedisSessionStore.on(client).serverCheck(ServerCheck.NONE).build()) {
            KilledNodes.runChild(store, arguments[1]);
        } finally {
            client.shutdown();
        }
    }
}
