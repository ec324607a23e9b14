package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.atrest.SessionPayload;
import dev.curfew.atrest.StoredPayloads;
import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.contract.OwnLogoutOnTwoNodes;
import dev.curfew.contract.TestKeys;
import dev.curfew.crypto.SecretHash;
import dev.curfew.redis.codec.RevocationCodec;
import dev.curfew.redis.codec.SessionCodec;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.server.ServerCheck;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionLimit;
import dev.curfew.store.ErasedRows;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.Precondition;
import dev.curfew.store.ScopeCursor;
import dev.curfew.store.ScopePage;
import dev.curfew.store.StoredSession;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a session and a revocation take, and how fast checks and revoke-all are, on a real server; prints its figures.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Tag("figures")
class FiguresTest {
    private static final Instant NOW = Given.NOW;

    private RedisServer server;
    private RedisClient client;
    private RedisSessionStore store;
    private RedisCommands<byte[], byte[]> redis;

    @BeforeEach
    void start() {
        server = RedisServer.start();
        client = RedisClient.create(server.uri());
        store = Stores.opened(RedisSessionStore.on(client));
        redis = client.connect(ByteArrayCodec.INSTANCE).sync();
    }

    @AfterEach
    void stop() {
        store.close();
        client.shutdown();
        server.close();
    }

    @Test
    void print_how_long_another_node_lets_a_session_pass_whose_login_has_ended_at_the_provider() {
        redis.flushall();
        try (RedisSessionStore first = RedisSessionStore.on(client)
                        .serverCheck(ServerCheck.NONE)
                        .build();
                RedisSessionStore second = RedisSessionStore.on(client)
                        .serverCheck(ServerCheck.NONE)
                        .build();
                OwnLogoutOnTwoNodes nodes = new OwnLogoutOnTwoNodes(first, second)) {
            nodes.measure("Redis", 100);
        }
    }

    @Test
    void a_session_with_device_data_takes_at_most_450_bytes_plain_and_encrypted() {
        long plain = bytesOfASession("plain", StoredPayloads.plain(), 0);
        long encrypted = bytesOfASession("encrypted", StoredPayloads.encrypted(TestKeys.ring("2026")), 0);

        assertThat(plain).isLessThanOrEqualTo(450);
        assertThat(encrypted).isLessThanOrEqualTo(450);
    }

    @Test
    void a_credential_of_128_bytes_adds_no_more_than_160() {
        long without = bytesOfASession("plain", StoredPayloads.plain(), 0);
        long with = bytesOfASession("plain", StoredPayloads.plain(), 128);

        assertThat(with - without).isBetween(128L, 160L);
    }

    private long bytesOfASession(String name, StoredPayloads payloads, int credential) {
        int sessions = 20_000;
        SessionPayload payload = new SessionPayload(
                "user-4711", null, null, DeviceInfo.of("Chrome 141 on Windows"), Map.of("country", "ES"));
        redis.flushall();
        store.open(Given.SETTINGS, Given.BIRTH);
        long before = memory();
        int bytes = 0;
        for (int i = 0; i < sessions; i++) {
            GivenSession bare = Given.session(Given.subject("subject-" + i))
                    .secret("secret-" + i)
                    .build();
            byte[] stored = payloads.write(bare.row().key(), payload);
            bytes = stored.length;
            StoredSession row = bare.row().toBuilder()
                    .payload(stored)
                    .credential(new byte[credential])
                    .build();
            store.insert(row, SessionLimit.unlimited(), NOW);
        }
        long each = (memory() - before) / sessions;
        System.out.printf(
                "memory: %d bytes for a session with %d bytes of payload, %s, and %d of credential%n",
                each, bytes, name, credential);
        return each;
    }

    @Test
    void a_revocation_takes_little() {
        int revocations = 50_000;
        long before = memory();
        for (int i = 0; i < revocations; i++) {
            Stores.revoke(
                    store, Given.session(Given.subject("subject-" + i)).build().target(), NOW);
        }
        System.out.printf(
                "memory: %d bytes for a revocation, with its feed line and its act%n",
                (memory() - before) / revocations);
        long acts = memory("*:a*");
        long feed = memory("*:f");
        System.out.printf(
                "memory: of these %d for its act (an hour), %d for its feed line (two hours)%n",
                acts / revocations, feed / revocations);
        assertThat((memory() - acts - before) / revocations).isLessThanOrEqualTo(200);
    }

    @Test
    void revoking_all_of_a_thousand_sessions_is_one_command_and_much_faster_than_deleting_them() {
        for (int i = 0; i < 3_000; i++) {
            Stores.revoke(store, RevocationTarget.subject(Given.subject("warm-up-" + i)), NOW);
        }
        long best = Long.MAX_VALUE;
        long loop = Long.MAX_VALUE;
        long commands = 0;
        for (int round = 0; round < 30; round++) {
            GivenSession[] sessions = new GivenSession[1_000];
            for (int i = 0; i < sessions.length; i++) {
                sessions[i] = Stores.insert(store, "alice-" + round, NOW);
                redis.set(sessions[i].row().key().toBytes(), new byte[] {1});
            }
            long counted = commands();
            long start = System.nanoTime();
            Stores.revoke(store, RevocationTarget.subject(Given.subject("alice-" + round)), NOW);
            best = Math.min(best, System.nanoTime() - start);
            commands = commands() - counted - 1;
            start = System.nanoTime();
            for (GivenSession session : sessions) {
                redis.del(session.row().key().toBytes());
            }
            loop = Math.min(loop, System.nanoTime() - start);
        }
        System.out.printf(
                "revoke-all of 1,000 sessions: %d us, %d commands with those inside the script; a loop of "
                        + "1,000 DEL: %d us, %.0f times%n",
                best / 1_000, commands, loop / 1_000, (double) loop / best);
        assertThat(loop / best).isGreaterThan(100);
    }

    @Test
    void a_check_is_about_as_fast_as_exists() {
        Stores.insert(store, "alice", NOW);
        TokenFacts facts = Given.session(Given.subject("alice")).build().token("t");
        byte[] key = facts.sessionKey().toBytes();
        long[] checks = new long[40_000];
        long[] bare = new long[checks.length];
        for (int i = 0; i < checks.length; i++) {
            // In turns, so that whatever else the machine does slows both.
            long start = System.nanoTime();
            store.revocationsCovering(facts, NOW);
            long between = System.nanoTime();
            redis.exists(key);
            checks[i] = between - start;
            bare[i] = System.nanoTime() - between;
        }
        long check = median(checks);
        long exists = median(bare);
        System.out.printf(
                "revocationsCovering: %d us, EXISTS: %d us, %.2f times%n",
                check / 1_000, exists / 1_000, (double) check / exists);
        assertThat((double) check / exists).isLessThan(1.5);
    }

    @Test
    void a_million_revocations_are_loaded_in_a_few_seconds() {
        int revocations = 1_000_000;
        fill(revocations);
        for (int round = 0; round < 3; round++) {
            long start = System.nanoTime();
            FeedPosition position = FeedPosition.beginning();
            int read = 0;
            boolean isCaughtUp = false;
            while (!isCaughtUp) {
                FeedRead.Page page = (FeedRead.Page) store.feed().readAfter(position, 10_000, NOW);
                read += page.entries().size();
                position = page.next();
                isCaughtUp = page.isCaughtUp();
            }
            System.out.printf("reload: %d entries in %d ms%n", read, (System.nanoTime() - start) / 1_000_000);
            assertThat(read).isEqualTo(revocations + 16);
        }
    }

    @Test
    void a_million_sessions_are_counted_and_walked_in_seconds() {
        int sessions = 1_000_000;
        fillRows(sessions);
        // Makes the indexes.
        assertThat(store.countLive(NOW)).isEqualTo(sessions);
        measured("countLive", () -> store.countLive(NOW));
        store.revoke(
                Given.act(RevocationTarget.realm(Given.REALM))
                        .issuedBefore(NOW.minusSeconds(1))
                        .build(),
                Precondition.none(),
                NOW);
        measured("countLive beside a cut-off of the realm", () -> store.countLive(NOW));
        measured("sessionsOf a realm", () -> walk(RevocationTarget.realm(Given.REALM)));
        measured("sessionsOf a client", () -> walk(RevocationTarget.client(Given.client("app"))));
        measured("sessionsOf nobody", () -> walk(RevocationTarget.client(Given.client("nobody"))));
    }

    private long walk(RevocationTarget scope) {
        long met = 0;
        Optional<ScopeCursor> place = Optional.of(ScopeCursor.start());
        while (place.isPresent()) {
            ScopePage page = store.sessionsOf(scope, place.get(), 1_000, NOW);
            met += page.sessions().size();
            place = page.next();
        }
        return met;
    }

    private void measured(String what, LongSupplier act) {
        slowest();
        double cpu = cpuSeconds();
        long start = System.nanoTime();
        long met = act.getAsLong();
        System.out.printf(
                "%s: %d in %d ms, of which the server works %.1f s, %d us at most in one script%n",
                what, met, (System.nanoTime() - start) / 1_000_000, cpuSeconds() - cpu, slowest());
    }

    private double cpuSeconds() {
        Matcher used = Pattern.compile("used_cpu_user_main_thread:([0-9.]+)").matcher(redis.info("cpu"));
        assertThat(used.find()).isTrue();
        return Double.parseDouble(used.group(1));
    }

    @Test
    void a_thousand_rows_are_erased_at_once() {
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 1_000; i++) {
                Stores.insert(store, "alice-" + round, NOW);
            }
            slowest();
            assertThat(store.erase(Given.subject("alice-" + round), NOW, 1_000, NOW))
                    .isEqualTo(new ErasedRows(1_000, false));
        }
        System.out.printf("erase: 1,000 rows by a script of %d us%n", slowest());
    }

    /** The longest that a command took since this was asked last, in microseconds. */
    private long slowest() {
        long slowest = 0;
        for (Object entry : redis.slowlogGet(1_000)) {
            slowest = Math.max(slowest, (long) ((List<?>) entry).get(2));
        }
        redis.slowlogReset();
        redis.configSet("slowlog-log-slower-than", "100");
        return slowest;
    }

    /** As many foreign sessions, every hundredth of a client, as rows without an index. */
    private void fillRows(int sessions) {
        RedisKeys keys = new RedisKeys("curfew", 16);
        Random random = new Random(1);
        for (int bucket = 0; bucket < RedisKeys.BUCKETS; bucket++) {
            IdentityHashMap<byte[], byte[]> rows = new IdentityHashMap<>();
            for (int i = bucket; i < sessions; i += RedisKeys.BUCKETS) {
                StoredSession.Builder row = StoredSession.stored()
                        .keys(
                                new LookupKey(random.nextLong(), random.nextLong()),
                                bucket,
                                Given.REALM.key(),
                                new LookupKey(random.nextLong(), random.nextLong() & -4096 | bucket))
                        .authenticatedAt(NOW)
                        .createdAt(NOW)
                        .ends(NOW.plus(Duration.ofDays(30)), Duration.ofDays(30))
                        .forgetAfter(NOW.plus(Duration.ofDays(31)))
                        .secretHash(SecretHash.stored(new byte[32]))
                        .payload(new byte[49]);
                if (i % 100 == 0) {
                    row.clientKey(Given.client("app").key());
                }
                StoredSession built = row.build();
                rows.put(built.key().toBytes(), SessionCodec.encode(built));
            }
            redis.hset(keys.sessions(bucket), rows);
            redis.expire(keys.sessions(bucket), Duration.ofDays(30));
        }
    }

    /** As many sessions of ours, revoked, in fields as the scripts write them, but without a call for each. */
    private void fill(int revocations) {
        RedisKeys keys = new RedisKeys("curfew", 16);
        Random random = new Random(1);
        for (int bucket = 0; bucket < RedisKeys.BUCKETS; bucket++) {
            int share = (int)
                    ((bucket + 1L) * revocations / RedisKeys.BUCKETS - (long) bucket * revocations / RedisKeys.BUCKETS);
            IdentityHashMap<byte[], byte[]> fields = new IdentityHashMap<>();
            for (int i = 0; i < share; i++) {
                LookupKey key = new LookupKey(random.nextLong(), random.nextLong());
                byte[] entry = RevocationCodec.encode(Revocation.of(
                                new RevocationTarget(RevocationTarget.Kind.SESSION, key, Given.REALM.key(), bucket))
                        .revokedAt(NOW)
                        .forgetAfter(NOW.plus(Duration.ofDays(30)))
                        .build());
                fields.put(
                        key.toBytes(),
                        ByteBuffer.allocate(1 + entry.length)
                                .put((byte) entry.length)
                                .put(entry)
                                .array());
            }
            redis.hset(keys.revocations(bucket), fields);
        }
    }

    private static long median(long[] times) {
        Arrays.sort(times);
        return times[times.length / 2];
    }

    private long commands() {
        String stats = redis.info("stats");
        int at = stats.indexOf("total_commands_processed:") + 25;
        return Long.parseLong(stats.substring(at, stats.indexOf('\r', at)));
    }

    private long memory() {
        return memory("*");
    }

    private long memory(String pattern) {
        long sum = 0;
        ScanIterator<byte[]> keys = ScanIterator.scan(
                redis, ScanArgs.Builder.limit(1_000).match(pattern.getBytes(StandardCharsets.US_ASCII)));
        while (keys.hasNext()) {
            sum += usage(keys.next());
        }
        return sum;
    }

    private long usage(byte[] key) {
        return redis.eval("return redis.call('MEMORY', 'USAGE', KEYS[1], 'SAMPLES', 0)", ScriptOutputType.INTEGER, key);
    }
}
