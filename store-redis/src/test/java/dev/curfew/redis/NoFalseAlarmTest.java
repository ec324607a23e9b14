package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.contract.ManualClock;
import dev.curfew.redis.connection.ServerClock;
import dev.curfew.redis.script.BucketIntegrity;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.redis.server.ServerCheck;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.BeforeHorizonException;
import dev.curfew.store.ClocksDifferException;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.ListQuery;
import dev.curfew.store.Precondition;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Nothing is called lost that was not: as many scripts as an hour brings at ten a second, at once, on buckets that
 * begin, end by a purge, end by their time to live and begin again, beside nodes that load.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Tag("slow")
@Timeout(600)
class NoFalseAlarmTest {
    private static final int SCRIPTS = Integer.getInteger("curfew.scripts", 36_000);
    private static final int THREADS = 4;
    private static final int SUBJECTS = 24;

    /** As the server does with a bucket whose time to live has ended. */
    private static final String EXPIRE = """
            local stands = redis.call('HGET', KEYS[1], ARGV[1])
            if not stands or struct.unpack('>I6', stands, 9) + 7200000 > tonumber(ARGV[2]) then return 0 end
            return redis.call('DEL', KEYS[2])
            """;

    private final ManualClock clock = ManualClock.at(Given.NOW);
    private final AtomicInteger scripts = new AtomicInteger();
    private final AtomicInteger expired = new AtomicInteger();
    private final AtomicInteger purged = new AtomicInteger();
    private final AtomicInteger overtaken = new AtomicInteger();
    private final RedisKeys keys = new RedisKeys("curfew", 16);

    @Test
    void on_one_server() throws Exception {
        try (RedisServer server = RedisServer.start();
                RedisClient client = RedisClient.create(server.uri())) {
            play(
                    () -> RedisSessionStore.on(client),
                    client.connect(ByteArrayCodec.INSTANCE).async());
        }
    }

    @Test
    void on_a_cluster() throws Exception {
        try (RedisCluster cluster = RedisCluster.start();
                RedisClusterClient client = cluster.client(ProtocolVersion.RESP3)) {
            play(
                    () -> RedisSessionStore.on(client),
                    client.connect(ByteArrayCodec.INSTANCE).async());
        }
    }

    private void play(Supplier<RedisSessionStoreBuilder> builders, RedisClusterAsyncCommands<byte[], byte[]> redis)
            throws Exception {
        try (RedisSessionStore first = node(builders);
                RedisSessionStore second = node(builders)) {
            List<byte[]> births = births(redis);
            List<CompletableFuture<Void>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(i);
                RedisSessionStore node = i % 2 == 0 ? first : second;
                running.add(run(() -> act(node, random)));
            }
            running.add(run(() -> expire(redis)));
            running.add(run(() -> load(second)));
            for (CompletableFuture<Void> one : running) {
                one.get();
            }
            assertThat(births(redis)).as("births").usingRecursiveComparison().isEqualTo(births);
            assertThat(expired.get()).as("buckets that expired").isPositive();
            assertThat(overtaken.get()).as("overtaken steps").isLessThan(SCRIPTS / 10);
            assertThat(purged.get()).as("entries that were purged").isGreaterThan(1_000);
        }
    }

    /**
     * A step whose instant was overtaken, because the clock went on by hours meanwhile, is refused, and that is right.
     */
    private CompletableFuture<Void> run(Runnable step) {
        return CompletableFuture.runAsync(
                () -> {
                    while (scripts.get() < SCRIPTS) {
                        try {
                            step.run();
                        } catch (BeforeHorizonException | ClocksDifferException e) {
                            overtaken.incrementAndGet();
                        }
                    }
                },
                Stores.OWN_THREADS);
    }

    /** On a server whose clock goes as the test's does, also for a step that read it long ago. */
    private RedisSessionStore node(Supplier<RedisSessionStoreBuilder> builders) {
        RedisSessionStore node = builders.get()
                .callTimeout(Duration.ofSeconds(20))
                .serverCheck(ServerCheck.NONE)
                .serverClock(new ServerClock() {
                    @Override
                    public byte[] forScript(Instant now) {
                        return ScriptCall.number(clock.instant().toEpochMilli());
                    }

                    @Override
                    public Instant reading(List<byte[]> time, Instant now) {
                        return clock.instant();
                    }
                })
                .build();
        node.open(Given.SETTINGS, clock.instant());
        return node;
    }

    private void act(RedisSessionStore store, Random random) {
        SubjectId subject = Given.subject("subject-" + random.nextInt(SUBJECTS));
        Instant now = clock.instant();
        int kind = random.nextInt(40);
        if (kind == 0) {
            // In a history of many days most buckets end, and begin again.
            clock.advance(Duration.ofMinutes(10 + random.nextInt(20)));
            purged.addAndGet(store.purge(clock.instant(), 10_000).revocations());
            scripts.addAndGet(20);
        } else if (kind == 1 && random.nextInt(4) == 0) {
            // Days without a purge: times to live end.
            clock.advance(Duration.ofHours(30 + random.nextInt(40)));
        } else if (kind < 5) {
            GivenSession session = Given.session(subject)
                    .began(now)
                    .lasting(Duration.ofHours(1))
                    .build();
            store.insert(session.row(), SessionLimit.endOldestBeyond(3), now);
            store.find(session.ref(), now);
            scripts.addAndGet(2);
        } else if (kind < 8) {
            store.list(subject, ListQuery.live(10), now);
            store.newestCutOff(subject, now);
            scripts.addAndGet(2);
        } else if (kind < 24) {
            store.record(
                    List.of(Revocation.of(Given.tokenTarget(subject, "t" + random.nextInt()))
                            .revokedAt(now)
                            .forgetAfter(now.plus(Duration.ofMinutes(1 + random.nextInt(30))))
                            .build()),
                    now);
            scripts.incrementAndGet();
        } else if (kind == 24) {
            store.revoke(Given.act(RevocationTarget.client(Given.client("app"))).build(), Precondition.none(), now);
            scripts.addAndGet(32);
        } else {
            store.revocationsCovering(
                    Given.token(subject, "t" + random.nextInt()).issuedAt(now).build(), now);
            scripts.incrementAndGet();
        }
    }

    private void expire(RedisClusterAsyncCommands<byte[], byte[]> redis) {
        for (int i = 0; i < SUBJECTS; i++) {
            int bucket = Given.subject("subject-" + i).key().bucket();
            Long gone = redis.<Long>eval(
                            EXPIRE,
                            ScriptOutputType.INTEGER,
                            new byte[][] {keys.part(keys.partitionOf(bucket)), keys.revocations(bucket)},
                            BucketIntegrity.markField(bucket),
                            ScriptCall.number(clock.instant().toEpochMilli()))
                    .toCompletableFuture()
                    .join();
            expired.addAndGet(gone.intValue());
        }
    }

    private void load(RedisSessionStore store) {
        FeedPosition position = FeedPosition.beginning();
        boolean isCaughtUp = false;
        while (!isCaughtUp) {
            FeedRead read = store.feed().readAfter(position, 500, clock.instant());
            if (!(read instanceof FeedRead.Page page)) {
                // Hours went by, and the place was trimmed.
                return;
            }
            position = page.next();
            isCaughtUp = page.isCaughtUp();
        }
    }

    private List<byte[]> births(RedisClusterAsyncCommands<byte[], byte[]> redis) {
        List<byte[]> births = new ArrayList<>();
        for (int partition = 0; partition < 16; partition++) {
            births.add(redis.hget(keys.part(partition), "b".getBytes(StandardCharsets.US_ASCII))
                    .toCompletableFuture()
                    .join());
        }
        return births;
    }
}
