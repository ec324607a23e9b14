package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.crypto.SecretHash;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionRef;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.ListQuery;
import dev.curfew.store.NewSession;
import dev.curfew.store.Precondition;
import dev.curfew.store.RecordKey;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RotateResult;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.StoreUnavailableException;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** A server that hangs, dies or lacks replicas: a typed failure within the bound, never a false success. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OutageTest {
    private static final Instant NOW = Given.NOW;
    private static final Duration BOUND = Duration.ofMillis(400);
    private static final Duration GENEROUS = Duration.ofSeconds(20);

    private RedisServer server;
    private RedisClient client;
    private RedisSessionStore store;
    private GivenSession session;

    @BeforeEach
    void start() {
        server = RedisServer.start();
        client = RedisClient.create(server.uri());
        store = Stores.opened(RedisSessionStore.on(client).callTimeout(BOUND));
        session = Stores.insert(store, "alice", NOW);
    }

    @AfterEach
    void stop() {
        server.resume();
        store.close();
        client.shutdown();
        server.close();
    }

    @Test
    void a_server_that_hangs_is_unavailable_within_the_bound_and_works_again_afterwards() {
        server.pause();

        everyVerbFails();

        server.resume();
        Await.until("it answers again", this::answers);
    }

    @Test
    void a_server_that_died_is_unavailable_within_the_bound_and_a_new_one_is_used() {
        server.kill();

        everyVerbFails();

        server.startAgain();
        Await.until("it answers again", this::answers);
    }

    @Test
    void a_revocation_that_timed_out_is_safe_to_repeat() {
        RevocationRequest request =
                Given.act(RevocationTarget.subject(session.subject())).build();
        server.pause();
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> store.revoke(request, Precondition.none(), NOW));
        server.resume();
        Await.until("it answers again", this::answers);

        RevokeResult.Recorded result = (RevokeResult.Recorded) store.revoke(request, Precondition.none(), NOW);

        assertThat(result.newlyCovered()).isEqualTo(1);
        assertThat(store.revocationsCovering(session.token("t"), NOW)).hasSize(1);
    }

    @Test
    void a_revocation_that_no_replica_has_is_a_failure_if_the_host_demands_replicas() {
        RedisSessionStore durable =
                Stores.opened(RedisSessionStore.on(client).callTimeout(BOUND).waitForReplicas(1));

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> Stores.revoke(durable, session.target(), NOW));
        durable.close();
    }

    @Test
    void an_exchange_that_no_replica_has_is_a_failure_and_so_is_its_repeat_until_one_has_it() {
        GivenSession secret =
                Given.session(Given.subject("bob")).secret("first").build();
        store.insert(secret.row(), SessionLimit.unlimited(), NOW);
        RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1 " + server.port());
        Await.until("replication", () -> server.send("INFO replication").contains("state=online"));
        RedisSessionStore one = durable();
        RedisSessionStore another = durable();
        replica.pause();

        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> exchange(one, secret));
        assertThat(store.find(secret.ref(), NOW).orElseThrow().session().secretHash())
                .contains(SecretHash.of("second"));
        // It finds the exchange done, and waits for what others wrote.
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> exchange(another, secret));
        GivenSession next = Given.session(Given.subject("bob")).build();
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> one.insert(
                        new NewSession(next.row(), SessionLimit.unlimited(), Optional.of(secret.ref())), NOW));

        replica.resume();
        // The login in between has ended it.
        Await.until("the replica has it", () -> {
            try {
                return exchange(another, secret) instanceof RotateResult.NotLive;
            } catch (StoreUnavailableException e) {
                return false;
            }
        });
        one.close();
        another.close();
        replica.close();
    }

    @Test
    void an_erasure_that_no_replica_has_is_a_failure_and_so_is_its_repeat() {
        RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1 " + server.port());
        Await.until("replication", () -> server.send("INFO replication").contains("state=online"));
        RedisSessionStore durable = durable();
        replica.pause();

        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> durable.erase(session.subject(), NOW, 10, NOW));
        }
        assertThat(store.find(session.ref(), NOW)).isEmpty();

        replica.resume();
        Await.until("the replica has it", () -> {
            try {
                return !durable.erase(session.subject(), NOW, 10, NOW).hasMore();
            } catch (StoreUnavailableException e) {
                return false;
            }
        });
        durable.close();
        replica.close();
    }

    @Test
    void a_record_that_no_replica_has_is_a_failure_and_so_is_each_repeat_until_one_has_it() {
        RecordKey key = new RecordKey(LookupKey.of("group"), LookupKey.of("item"));
        Instant end = NOW.plusSeconds(600);
        RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1 " + server.port());
        Await.until("replication", () -> server.send("INFO replication").contains("state=online"));
        RedisSessionStore one = durable();
        RedisSessionStore another = durable();
        replica.pause();

        isUnavailable(() -> recordsOf(one).write(key, 0, new byte[] {1}, end, NOW));
        long version = recordsOf(store).read(key, NOW).orElseThrow().version();
        // It finds the record written, and waits for what others wrote.
        isUnavailable(() -> recordsOf(another).write(key, 0, new byte[] {1}, end, NOW));
        isUnavailable(() -> recordsOf(one).remove(key, version, NOW));
        assertThat(recordsOf(store).read(key, NOW)).isEmpty();
        isUnavailable(() -> recordsOf(another).remove(key, version, NOW));

        replica.resume();
        Await.until("the replica has it", () -> {
            try {
                return !recordsOf(another).remove(key, version, NOW);
            } catch (StoreUnavailableException e) {
                return false;
            }
        });
        one.close();
        another.close();
        replica.close();
    }

    private static void isUnavailable(ThrowingCallable call) {
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(call);
    }

    private static SharedRecords recordsOf(RedisSessionStore node) {
        return node.ability(SharedRecords.class).orElseThrow();
    }

    private RedisSessionStore durable() {
        return Stores.opened(
                RedisSessionStore.on(client).callTimeout(Duration.ofSeconds(1)).waitForReplicas(1));
    }

    private static RotateResult exchange(RedisSessionStore durable, GivenSession session) {
        return durable.rotate(session.ref(), Given.exchange("first", "second"), NOW);
    }

    @Test
    void a_revocation_that_a_replica_has_succeeds() {
        RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1 " + server.port());
        Await.until("replication", () -> server.send("INFO replication").contains("state=online"));
        RedisSessionStore durable = Stores.opened(
                RedisSessionStore.on(client).callTimeout(Duration.ofSeconds(5)).waitForReplicas(1));

        Stores.revoke(durable, session.target(), NOW);

        int bucket = session.row().bucket();
        server.kill();
        replica.send("REPLICAOF NO ONE");
        // The entry, and what the bucket began with.
        assertThat(replica.send("HLEN curfew:{" + (bucket & 15) + "}:r" + bucket))
                .startsWith(":2");
        durable.close();
        replica.close();
    }

    @Test
    void a_wait_that_a_lost_connection_interrupted_confirms_nothing() throws Exception {
        try (RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1 " + server.port())) {
            Await.until("replication", () -> server.send("INFO replication").contains("state=online"));
            RedisSessionStore durable = Stores.opened(RedisSessionStore.on(client)
                    .callTimeout(Duration.ofSeconds(3))
                    .waitForReplicas(1));
            replica.pause();
            CompletableFuture<Revocation> revoking = CompletableFuture.supplyAsync(
                    () -> Stores.revoke(durable, session.target(), NOW), Stores.OWN_THREADS);
            Await.until("it waits", () -> server.send("CLIENT LIST").contains("cmd=wait"));
            server.send("CLIENT KILL TYPE normal");
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> revoking.get(30, TimeUnit.SECONDS))
                    .withCauseInstanceOf(StoreUnavailableException.class);
            replica.resume();
            durable.close();
        }
    }

    @Test
    void a_durable_write_that_timed_out_is_not_sent_after_a_reconnect() {
        RedisSessionStore durable =
                Stores.opened(RedisSessionStore.on(client).callTimeout(BOUND).waitForReplicas(1));
        server.kill();
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> Stores.revoke(durable, session.target(), NOW));
        server.startAgain();
        Await.until("the connection for durable writes is back", () -> {
            try {
                Stores.revoke(durable, Given.tokenTarget(session.subject(), "other"), NOW);
            } catch (StoreUnavailableException e) {
                // No replica has it; but it stands.
            }
            return store.revocationsCovering(session.token("other"), NOW).stream()
                    .anyMatch(entry -> entry.target().kind() == RevocationTarget.Kind.TOKEN);
        });

        assertThat(store.revocationsCovering(session.token("t"), NOW))
                .allMatch(entry -> entry.target().kind() == RevocationTarget.Kind.BIRTH);
        durable.close();
    }

    @Test
    void repeats_of_an_act_that_every_partition_keeps_answer_its_first_count() {
        RedisSessionStore one =
                Stores.opened(RedisSessionStore.on(client).keyPrefix("one").partitions(1));
        GivenSession foreign =
                Given.session(Given.subject("bob")).foreign("sid-1").began(NOW).build();
        one.insert(foreign.row(), SessionLimit.unlimited(), NOW);
        RevocationRequest request = Given.act(RevocationTarget.session(
                        new SessionRef(Given.REALM, new ForeignSessionId("sid-1"), SessionRef.UNROUTED)))
                .build();
        for (int repeat = 0; repeat < 3; repeat++) {
            RevokeResult.Recorded result = (RevokeResult.Recorded) one.revoke(request, Precondition.none(), NOW);
            assertThat(result.newlyCovered()).as("repeat %s", repeat).isEqualTo(1);
        }
        one.close();
    }

    private boolean answers() {
        try {
            return store.find(session.ref(), NOW) != null;
        } catch (StoreUnavailableException e) {
            return false;
        }
    }

    private void everyVerbFails() {
        List<ThrowingCallable> verbs = List.of(
                () -> store.find(session.ref(), NOW),
                () -> store.list(session.subject(), ListQuery.live(10), NOW),
                () -> Stores.revoke(store, session.target(), NOW),
                () -> Stores.revoke(store, RevocationTarget.realm(Given.REALM), NOW),
                () -> store.revocationsCovering(session.token("t"), NOW),
                () -> store.newestCutOff(session.subject(), NOW),
                () -> store.feed().readAfter(FeedPosition.beginning(), 10, NOW),
                () -> store.purge(NOW, 10));
        assertThat(verbs).allSatisfy(verb -> {
            long before = System.nanoTime();
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(verb)
                    .withMessageContaining("no answer within " + BOUND.toMillis() + " ms")
                    .satisfies(failure -> assertThat(failure.isRetryable()).isTrue());
            // The message says whose bound it was; the client's own is 60 seconds.
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(GENEROUS);
        });
    }
}
