package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.StoreUnavailableException;
import io.lettuce.core.MigrateArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** A cluster that loses a master or moves a slot: right answers or typed failures, never a false success. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ClusterFailureTest {
    private static final Instant NOW = Given.NOW;

    private RedisCluster cluster;
    private RedisClusterClient client;
    private RedisSessionStore store;

    @BeforeEach
    void start() {
        cluster = RedisCluster.start();
        client = cluster.client(ProtocolVersion.RESP3);
        store = Stores.opened(RedisSessionStore.on(client));
    }

    @AfterEach
    void stop() {
        store.close();
        client.shutdown();
        cluster.close();
    }

    @Test
    void a_failover_to_a_replica_that_lagged_is_a_gap_and_memory_brings_back_what_was_lost() {
        GivenSession session = Stores.insert(store, "alice", NOW);
        int partition = session.row().bucket() & 15;
        int master = masterOf(partition);
        Await.until(
                "replica has the session",
                () -> cluster.server(master + 3)
                                .send("EXISTS curfew:{" + partition + "}:s"
                                        + session.row().bucket())
                                .startsWith("$")
                        || replicated(master));
        cluster.server(master + 3).pause();
        // Else what the master sends still waits in the socket of the paused one.
        cluster.server(master).send("CLIENT KILL TYPE replica");
        Revocation lost = Stores.revoke(store, session.target(), NOW);
        FeedPosition position = Stores.caughtUp(store);
        cluster.server(master).kill();
        cluster.server(master + 3).resume();
        Await.until("replica took over", () -> {
            cluster.server(master + 3).send("CLUSTER FAILOVER TAKEOVER");
            return cluster.server(master + 3).send("ROLE").contains("master");
        });
        Await.until("answers", () -> answers(session));

        assertThat(store.revocationsCovering(session.token("t"), NOW)).isEmpty();
        assertThat(store.feed().readAfter(position, 100, NOW)).isEqualTo(new FeedRead.Gap());
        store.record(List.of(lost), NOW);

        assertThat(store.revocationsCovering(session.token("t"), NOW)).containsExactly(lost);
        assertThat(Stores.reload(store)).contains(lost);
    }

    @Test
    void while_a_slot_moves_every_acknowledged_revocation_stands_and_no_answer_is_wrong() throws Exception {
        List<GivenSession> sessions = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            sessions.add(Stores.insert(store, "alice", NOW));
        }
        int partition = sessions.get(0).row().bucket() & 15;
        int slot = SlotHash.getSlot("{" + partition + "}");
        int source = masterOf(partition);
        int target = (source + 1) % 3;
        AtomicBoolean isOver = new AtomicBoolean();
        List<GivenSession> acknowledged = new ArrayList<>();
        List<Throwable> wrong = new ArrayList<>();
        Thread revoking = new Thread(() -> {
            for (int i = 0; i < sessions.size() || !isOver.get(); i++) {
                GivenSession session = sessions.get(i % sessions.size());
                try {
                    Stores.revoke(store, session.target(), NOW);
                    acknowledged.add(session);
                    if (store.revocationsCovering(session.token("t"), NOW).size() != 1) {
                        wrong.add(new AssertionError("acknowledged and not covered"));
                    }
                } catch (StoreUnavailableException e) {
                    // Not known to have happened.
                } catch (RuntimeException e) {
                    wrong.add(e);
                }
            }
        });
        revoking.start();

        cluster.server(target).send("CLUSTER SETSLOT " + slot + " IMPORTING " + cluster.id(source));
        cluster.server(source).send("CLUSTER SETSLOT " + slot + " MIGRATING " + cluster.id(target));
        RedisClient direct = RedisClient.create(cluster.server(source).uri());
        RedisCommands<byte[], byte[]> moving =
                direct.connect(ByteArrayCodec.INSTANCE).sync();
        List<byte[]> left = moving.clusterGetKeysInSlot(slot, 1);
        while (!left.isEmpty()) {
            moving.migrate("127.0.0.1", cluster.server(target).port(), 0, 2_000, MigrateArgs.Builder.key(left.get(0)));
            Thread.sleep(20);
            left = moving.clusterGetKeysInSlot(slot, 1);
        }
        direct.shutdown();
        for (int node : new int[] {target, source, 3 - target - source}) {
            cluster.server(node).send("CLUSTER SETSLOT " + slot + " NODE " + cluster.id(target));
        }
        isOver.set(true);
        revoking.join(60_000);

        assertThat(wrong).isEmpty();
        assertThat(acknowledged).isNotEmpty();
        Await.until("answers", () -> answers(sessions.get(0)));
        assertThat(acknowledged)
                .allSatisfy(session -> assertThat(store.revocationsCovering(session.token("t"), NOW))
                        .hasSize(1));
        assertThat(store.revoke(
                        Given.act(RevocationTarget.subject(Given.subject("alice")))
                                .build(),
                        Precondition.none(),
                        NOW))
                .isInstanceOf(RevokeResult.Recorded.class);
    }

    @Test
    void a_revocation_that_too_few_replicas_have_is_a_failure_and_repeating_it_is_safe() {
        GivenSession session = Stores.insert(store, "alice", NOW);
        RedisSessionStore durable = Stores.opened(
                RedisSessionStore.on(client).callTimeout(Duration.ofMillis(500)).waitForReplicas(1));
        int replica = masterOf(session.row().bucket() & 15) + 3;
        cluster.server(replica).pause();
        RevocationRequest request = Given.act(session.target()).build();
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> durable.revoke(request, Precondition.none(), NOW));
        cluster.server(replica).resume();
        Await.until("the replica has it", () -> {
            try {
                return durable.revoke(request, Precondition.none(), NOW) instanceof RevokeResult.Recorded;
            } catch (StoreUnavailableException e) {
                return false;
            }
        });
        assertThat(durable.revocationsCovering(session.token("t"), NOW)).hasSize(1);
        durable.close();
    }

    private boolean replicated(int master) {
        return cluster.server(master).send("WAIT 1 100").startsWith(":1");
    }

    private boolean answers(GivenSession session) {
        try {
            return store.find(session.ref(), NOW) != null;
        } catch (StoreUnavailableException e) {
            return false;
        }
    }

    private static int masterOf(int partition) {
        int slot = SlotHash.getSlot("{" + partition + "}");
        for (int master = 0; master < 3; master++) {
            if (slot <= (master + 1) * 16_384 / 3 - 1) {
                return master;
            }
        }
        throw new AssertionError(slot);
    }
}
