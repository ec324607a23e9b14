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
                RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1 " + master.port())) {
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

    @Test
    void a_master_that_sentinel_demotes_is_not_believed_and_its_successor_is_found() {
        try (RedisServer master = RedisServer.start();
                RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1 " + master.port())) {
            Await.until("replication", () -> master.send("INFO replication").contains("state=online"));
            try (RedisServer sentinel = RedisServer.startSentinel("sentinel monitor main 127.0.0.1 " + master.port()
                    + " 1\nsentinel down-after-milliseconds main 60000\nsentinel failover-timeout main 3000\n")) {
                Await.until(
                        "sentinel sees the replica",
                        () -> sentinel.send("SENTINEL REPLICAS main").contains(String.valueOf(replica.port())));
                RedisClient client = RedisClient.create(RedisURI.builder()
                        .withSentinel("127.0.0.1", sentinel.port())
                        .withSentinelMasterId("main")
                        .build());
                RedisSessionStore node =
                        Stores.opened(RedisSessionStore.on(client).partitions(1).callTimeout(Duration.ofSeconds(2)));
                GivenSession session = Stores.insert(node, "alice", NOW);
                Await.until(
                        "the replica has it",
                        () -> replica.send("HLEN curfew:{0}:s" + session.row().bucket())
                                .startsWith(":1"));

                Await.until(
                        "failover begins",
                        () -> sentinel.send("SENTINEL FAILOVER main").startsWith("+OK"));
                Await.until(
                        "the old master is a replica", () -> master.send("ROLE").contains("slave"));
                RedisSessionStore other = Stores.opened(RedisSessionStore.on(RedisClient.create(replica.uri()))
                        .partitions(1)
                        .callTimeout(Duration.ofSeconds(2)));
                Revocation entry = Stores.revoke(other, session.target(), NOW);

                Await.until("the successor answers", () -> {
                    try {
                        // Never an answer without the entry: it was acknowledged before.
                        assertThat(node.revocationsCovering(session.token("t"), NOW))
                                .containsExactly(entry);
                        return true;
                    } catch (StoreUnavailableException e) {
                        return false;
                    }
                });
                node.close();
                other.close();
                client.shutdown();
            }
        }
    }
}
