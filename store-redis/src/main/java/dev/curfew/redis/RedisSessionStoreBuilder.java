package dev.curfew.redis;

import dev.curfew.redis.connection.BoundedCalls;
import dev.curfew.redis.connection.RedisConnector;
import dev.curfew.redis.connection.RedisPort;
import dev.curfew.redis.connection.Server;
import dev.curfew.redis.connection.ServerClock;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.server.ServerCheck;
import dev.curfew.store.StoreUnavailableException;
import java.time.Duration;
import java.util.Objects;

/** Collects how a {@link RedisSessionStore} works. Confined to one thread. */
public final class RedisSessionStoreBuilder {
    private final RedisConnector connector;
    private String prefix = "curfew";
    private int partitions = 16;
    private Duration timeout = Duration.ofSeconds(2);
    private int replicas;
    private ServerCheck serverCheck = ServerCheck.WARN;
    private ServerClock clock = ServerClock.REAL;

    RedisSessionStoreBuilder(RedisConnector connector) {
        this.connector = connector;
    }

    /**
     * Sets what every key begins with, so that several stores share a server.
     *
     * @param value {@code curfew} by default; 1 to 32 letters, digits, {@code -}, {@code _}, {@code .} or {@code :}
     * @return this
     */
    public RedisSessionStoreBuilder keyPrefix(String value) {
        this.prefix = RedisKeys.requirePrefix(value, "keyPrefix");
        return this;
    }

    /**
     * Sets into how many partitions, each on one slot, the data is divided. Fixed at installation and stored with the
     * data.
     *
     * @param value a power of two up to 4096; 16 by default
     * @return this
     */
    public RedisSessionStoreBuilder partitions(int value) {
        if (Integer.bitCount(value) != 1 || value < 1 || value > RedisKeys.BUCKETS) {
            throw new IllegalArgumentException(
                    "partitions must be a power of two up to " + RedisKeys.BUCKETS + ", and is " + value);
        }
        this.partitions = value;
        return this;
    }

    /**
     * Sets how long a verb waits for each round trip.
     *
     * @param value positive; 2 seconds by default
     * @return this
     */
    public RedisSessionStoreBuilder callTimeout(Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("callTimeout must be positive, and is " + value);
        }
        this.timeout = value;
        return this;
    }

    /**
     * Demands that so many replicas have a revocation, an exchange of a secret or payload, a replaced payload, an
     * erasure, or a login that may end other sessions, before it is acknowledged ({@code WAIT}); else the verb throws
     * {@link StoreUnavailableException}, and repeating it is safe.
     *
     * @param value 0 by default: as Redis is configured
     * @return this
     */
    public RedisSessionStoreBuilder waitForReplicas(int value) {
        if (value < 0) {
            throw new IllegalArgumentException("waitForReplicas must not be negative, and is " + value);
        }
        this.replicas = value;
        return this;
    }

    /**
     * Sets what opening does about servers that may lose or evict revocations.
     *
     * @param value {@link ServerCheck#WARN} by default
     * @return this
     */
    public RedisSessionStoreBuilder serverCheck(ServerCheck value) {
        this.serverCheck = Objects.requireNonNull(value, "serverCheck");
        return this;
    }

    /** For tests alone. */
    RedisSessionStoreBuilder serverClock(ServerClock value) {
        this.clock = value;
        return this;
    }

    /**
     * Connects.
     *
     * @return the store, not opened yet
     * @throws StoreUnavailableException if there is no connection; the message names why, and says what to check
     */
    public RedisSessionStore build() {
        RedisPort port = connector.connect(replicas > 0);
        BoundedCalls calls = new BoundedCalls(timeout, port::lookForServers);
        return new RedisSessionStore(
                new Server(port, calls, clock, replicas), new RedisKeys(prefix, partitions), serverCheck);
    }
}
