package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import java.nio.charset.StandardCharsets;

/** Walks all keys of a server after a test. */
final class Keyspace {
    private Keyspace() {}

    /** Only birth markers with what stands beside them, and feeds, may lack a time to live. */
    static void assertEveryKeyEnds(RedisClient client) {
        int seen = 0;
        try (StatefulRedisConnection<String, String> connection =
                client.connect(new StringCodec(StandardCharsets.ISO_8859_1))) {
            RedisCommands<String, String> redis = connection.sync();
            ScanIterator<String> keys = ScanIterator.scan(redis, ScanArgs.Builder.limit(1_000));
            while (keys.hasNext()) {
                String key = keys.next();
                seen++;
                if (!key.matches("[^{]+\\{\\d+}:[wf]")) {
                    assertThat(redis.pttl(key)).as("time to live of %s", key).isNotEqualTo(-1);
                }
            }
        }
        assertThat(seen).isPositive();
    }
}
