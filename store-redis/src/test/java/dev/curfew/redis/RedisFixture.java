package dev.curfew.redis;

import dev.curfew.contract.StoreCapability;
import dev.curfew.contract.StoreFixture;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.server.ServerCheck;
import dev.curfew.session.SessionRef;
import dev.curfew.store.SessionStore;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisHashCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Stores with a key prefix of their own on a server that is shared. */
final class RedisFixture implements StoreFixture {
    private static final int PARTITIONS = 16;
    private static final int FLAGS = 1;
    private static final byte UNKNOWN = 8;
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final Supplier<RedisSessionStoreBuilder> builders;
    private final Hashes hashes;
    private final int rounds;
    private final int manySessions;
    private final List<RedisSessionStore> made = new ArrayList<>();
    private String prefix = "";
    private TestServerClock clock = new TestServerClock();

    /** A connection for what no store does. */
    private interface Hashes {
        void use(Consumer<RedisHashCommands<byte[], byte[]>> work);
    }

    static RedisFixture on(RedisClient client, int rounds, int manySessions) {
        return new RedisFixture(
                () -> RedisSessionStore.on(client),
                work -> {
                    try (var connection = client.connect(ByteArrayCodec.INSTANCE)) {
                        work.accept(connection.sync());
                    }
                },
                rounds,
                manySessions);
    }

    static RedisFixture on(RedisClusterClient client, int rounds, int manySessions) {
        return new RedisFixture(
                () -> RedisSessionStore.on(client),
                work -> {
                    try (var connection = client.connect(ByteArrayCodec.INSTANCE)) {
                        work.accept(connection.sync());
                    }
                },
                rounds,
                manySessions);
    }

    private RedisFixture(Supplier<RedisSessionStoreBuilder> builders, Hashes hashes, int rounds, int manySessions) {
        this.builders = builders;
        this.hashes = hashes;
        this.rounds = rounds;
        this.manySessions = manySessions;
    }

    @Override
    public SessionStore freshStore() {
        prefix = "t" + NUMBERS.incrementAndGet();
        clock = new TestServerClock();
        return secondNode();
    }

    @Override
    public SessionStore secondNode() {
        RedisSessionStore store = builders.get()
                .keyPrefix(prefix)
                .serverCheck(ServerCheck.NONE)
                .serverClock(clock)
                .build();
        made.add(store);
        return store;
    }

    @Override
    public Set<StoreCapability> capabilities() {
        return Set.of(
                StoreCapability.SEVERAL_NODES,
                StoreCapability.DAMAGED_ROWS,
                StoreCapability.SESSIONS_OF_TARGET,
                StoreCapability.PAYLOAD_REWRITING,
                StoreCapability.SUBJECT_ERASURE,
                StoreCapability.SESSIONS_OF_SCOPE,
                StoreCapability.SHARED_RECORDS,
                StoreCapability.OWN_CLOCK,
                StoreCapability.SECOND_OPINION,
                StoreCapability.INSISTED_ACTS,
                StoreCapability.HORIZON);
    }

    @Override
    public void storeClockAhead(Duration ahead) {
        clock.ahead(ahead);
    }

    /** A flag that no version knows; the head stays as it is. */
    @Override
    public void damageRow(SessionRef session) {
        byte[] rows = new RedisKeys(prefix, PARTITIONS).sessions(session.bucket());
        byte[] key = session.key().toBytes();
        hashes.use(redis -> {
            byte[] row = redis.hget(rows, key);
            row[FLAGS] |= UNKNOWN;
            redis.hset(rows, key, row);
        });
    }

    @Override
    public int rounds() {
        return rounds;
    }

    @Override
    public int manySessions() {
        return manySessions;
    }

    @Override
    public void close() {
        made.forEach(RedisSessionStore::close);
    }
}
