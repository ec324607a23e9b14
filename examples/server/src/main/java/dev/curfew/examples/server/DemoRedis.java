package dev.curfew.examples.server;

import dev.curfew.redis.RedisSessionStore;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.Objects;

/**
 * Storage in the Redis that {@code REDIS_URL} names, which any number of these servers may share. The host owns the
 * client: the store opens its own connections on it and closes only those.
 */
final class DemoRedis {
    private static final String SECRET_KEY = "demo:secret";

    private DemoRedis() {}

    /**
     * Opens it.
     *
     * @param url as Lettuce reads it: {@code redis://}, {@code rediss://} or {@code redis-sentinel://}
     * @param key under which all is stored there
     * @throws IllegalArgumentException with a sentence for people
     */
    static DemoStorage open(String url, DemoKey key) {
        RedisClient client = null;
        try {
            client = RedisClient.create(url);
            byte[] secret = sharedSecret(client, key);
            RedisClient opened = client;
            return new DemoStorage(
                    RedisSessionStore.on(client).build(),
                    key,
                    secret,
                    "; sessions and revocations stay in Redis, for any other server that shares it",
                    opened::shutdown);
        } catch (RuntimeException e) {
            if (client != null) {
                client.shutdown();
            }
            throw new IllegalArgumentException(
                    "Cannot use the Redis of REDIS_URL: "
                            + DemoStorage.rootOf(e).getMessage(),
                    e);
        }
    }

    /** The first server puts it there, all others find it; a real host keeps it where it keeps its other secrets. */
    private static byte[] sharedSecret(RedisClient client, DemoKey key) {
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            RedisCommands<String, String> redis = connection.sync();
            redis.set(SECRET_KEY, key.seal(DemoStorage.newSecret()), SetArgs.Builder.nx());
            return key.open(Objects.requireNonNull(redis.get(SECRET_KEY), SECRET_KEY));
        }
    }
}
