package dev.curfew.redis;

import dev.curfew.contract.StoreCapability;
import dev.curfew.contract.StoreFixture;
import dev.curfew.redis.server.ServerCheck;
import dev.curfew.store.SessionStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Stores with a key prefix of their own on a server that is shared. */
final class RedisFixture implements StoreFixture {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final Supplier<RedisSessionStoreBuilder> builders;
    private final int rounds;
    private final int manySessions;
    private final List<RedisSessionStore> made = new ArrayList<>();
    private String prefix = "";
    private TestServerClock clock = new TestServerClock();

    RedisFixture(Supplier<RedisSessionStoreBuilder> builders, int rounds, int manySessions) {
        this.builders = builders;
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
                StoreCapability.SESSIONS_OF_TARGET,
                StoreCapability.PAYLOAD_REWRITING,
                StoreCapability.OWN_CLOCK,
                StoreCapability.SECOND_OPINION,
                StoreCapability.INSISTED_ACTS,
                StoreCapability.HORIZON);
    }

    @Override
    public void storeClockAhead(Duration ahead) {
        clock.ahead(ahead);
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
