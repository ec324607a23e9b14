package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.store.StoreUnavailableException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Sentinel names another master after a crash, and the store follows. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SentinelTest {
    private static final Instant NOW = Given.NOW;

    @Test
    void after_a_failover_what_a_replica_has_stands_and_revoking_goes_on() {
        try (RedisServer master = RedisServer.start();
                RedisServer replica = RedisServer.start(
                        "--replicaof", "127.0.0.1 " + master.port(), "--repl-diskless-sync-delay", "0")) {
            Await.until("replication", () -> master.send("INFO replication").contains("state=online"));
            try (RedisServer sentinel = RedisServer.startSentinel("sentinel monitor main 127.0.0.1 " + master.port()
                    + " 1\nsentinel down-after-milliseconds main 500\nsentinel failover-timeout main 3000\n")) {
                Await.until(
                        "sentinel sees the replica",
                        () -> sentinel.send("SENTINEL REPLICAS main").contains(String.valueOf(replica.port())));
                RedisClient client = RedisClient.create(RedisURI.builder()
                        .withSentinel("127.0.0.1", sentinel.port())
                        .withSentinelMasterId("main")
                        .build());
                RedisSessionStore store = Stores.opened(RedisSessionStore.on(client)
                        .callTimeout(Duration.ofSeconds(1))
                        .waitForReplicas(1));
                GivenSession session = Stores.insert(store, "alice", NOW);
                GivenSession other = Stores.insert(store, "alice", NOW);
                Revocation entry = Stores.revoke(store, session.target(), NOW);
                store.close();
                RedisSessionStore node =
                        Stores.opened(RedisSessionStore.on(client).callTimeout(Duration.ofSeconds(1)));

                master.kill();
                Await.until("another master answers", () -> {
                    try {
                        return node.find(session.ref(), NOW) != null;
                    } catch (StoreUnavailableException e) {
                        return false;
                    }
                });

                assertThat(replica.send("ROLE")).contains("master");
                assertThat(node.revocationsCovering(session.token("t"), NOW)).containsExactly(entry);
                Stores.revoke(node, other.target(), NOW);
                assertThat(node.revocationsCovering(other.token("t"), NOW)).hasSize(1);
                node.close();
                client.shutdown();
            }
        }
    }
}
