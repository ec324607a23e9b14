package dev.curfew.examples.benchmarks;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.concurrent.atomic.AtomicInteger;

/** Redis' PUBLISH, received by Lettuce's listener. */
final class BarePublish implements BareHint {
    private static final String CHANNEL = "bare";

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> sending;
    private final AtomicInteger received = new AtomicInteger();

    private BarePublish(RedisClient client) {
        this.client = client;
        this.sending = client.connect();
    }

    static BarePublish open() {
        BarePublish opened = new BarePublish(Servers.redis());
        StatefulRedisPubSubConnection<String, String> receiving = opened.client.connectPubSub();
        receiving.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(String channel, String message) {
                opened.received.incrementAndGet();
            }
        });
        receiving.sync().subscribe(CHANNEL);
        return opened;
    }

    @Override
    public void send() {
        sending.sync().publish(CHANNEL, "");
    }

    @Override
    public int received() {
        return received.get();
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
