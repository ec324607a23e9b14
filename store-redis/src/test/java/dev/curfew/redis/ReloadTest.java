package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.redis.codec.RevocationCodec;
import dev.curfew.redis.connection.BoundedCalls;
import dev.curfew.redis.connection.RedisConnector;
import dev.curfew.redis.connection.RedisPort;
import dev.curfew.redis.connection.Server;
import dev.curfew.redis.connection.ServerClock;
import dev.curfew.redis.script.LuaScript;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.redis.script.ScriptRunner;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A reload brings everything, however it is cut into pages, and what a partition lacks is recorded there. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ReloadTest {
    @RegisterExtension
    static final SharedRedis SHARED = new SharedRedis();

    private static final Instant NOW = Given.NOW;

    private RedisSessionStore store;

    @BeforeEach
    void start() {
        store = SHARED.store();
    }

    @Test
    void pages_of_one_reload_may_be_read_through_several_nodes() {
        Set<Revocation> all = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            all.add(Stores.revoke(store, Given.tokenTarget(Given.subject("alice"), "jti-" + i), NOW));
            all.add(Stores.revoke(store, RevocationTarget.subject(Given.subject("subject-" + i)), NOW));
        }
        RedisSessionStore other = Stores.opened(RedisSessionStore.on(SHARED.client()));
        List<Revocation> found = new ArrayList<>();
        FeedPosition position = FeedPosition.beginning();
        boolean isCaughtUp = false;
        for (int page = 0; !isCaughtUp; page++) {
            FeedRead.Page read =
                    (FeedRead.Page) (page % 3 == 0 ? store : other).feed().readAfter(position, 7, NOW);
            assertThat(read.entries()).hasSizeLessThanOrEqualTo(7);
            for (FeedEntry entry : read.entries()) {
                if (entry instanceof FeedEntry.Revoked revoked
                        && revoked.revocation().target().kind() != RevocationTarget.Kind.BIRTH) {
                    found.add(revoked.revocation());
                }
            }
            position = read.next();
            isCaughtUp = read.isCaughtUp();
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(all);
        other.close();
    }

    @Test
    void what_only_one_partition_keeps_of_what_all_must_is_recorded_in_the_others_after_a_while() {
        FeedPosition position = Stores.caughtUp(store);
        Revocation entry = Revocation.of(RevocationTarget.client(Given.client("app")))
                .revokedAt(NOW)
                .issuedBefore(NOW)
                .forgetAfter(NOW.plus(Duration.ofDays(1)))
                .build();
        recordInOnePartition(entry, 5);
        FeedRead.Page page = (FeedRead.Page) store.feed().readAfter(position, 100, NOW);
        assertThat(coveredPartitions(entry)).isEqualTo(1);

        store.feed().readAfter(page.next(), 100, NOW.plusSeconds(6));
        assertThat(coveredPartitions(entry)).isEqualTo(16);
    }

    @Test
    void what_was_seen_by_a_clock_that_was_ahead_is_recorded_in_the_others_once_it_is_right() {
        FeedPosition position = Stores.caughtUp(store);
        Revocation entry = Revocation.of(RevocationTarget.client(Given.client("app")))
                .revokedAt(NOW)
                .issuedBefore(NOW)
                .forgetAfter(NOW.plus(Duration.ofDays(1)))
                .build();
        recordInOnePartition(entry, 5);
        Instant ahead = NOW.plus(Duration.ofDays(102));
        FeedRead.Page page = (FeedRead.Page) store.feed().readAfter(position, 100, ahead);

        store.feed().readAfter(page.next(), 100, NOW.plusSeconds(1));

        assertThat(coveredPartitions(entry)).isEqualTo(16);
    }

    @Test
    void a_foreign_session_that_only_its_bucket_keeps_is_found_there_and_recorded_everywhere_after_a_while() {
        FeedPosition position = Stores.caughtUp(store);
        GivenSession session =
                Given.session(Given.subject("alice")).foreign("sid-1").build();
        Revocation entry = Revocation.of(session.target())
                .revokedAt(NOW)
                .issuedBefore(NOW)
                .forgetAfter(NOW.plus(Duration.ofDays(1)))
                .build();
        recordInBucket(entry);
        FeedRead.Page page = (FeedRead.Page) store.feed().readAfter(position, 100, NOW);
        assertThat(store.revocationsCovering(session.token("t"), NOW)).containsExactly(entry);
        assertThat(coveredPartitions(entry)).isZero();

        page = (FeedRead.Page) store.feed().readAfter(page.next(), 100, NOW.plusSeconds(6));
        assertThat(coveredPartitions(entry)).isEqualTo(16);

        page = (FeedRead.Page) store.feed().readAfter(page.next(), 100, NOW.plusSeconds(6));
        assertThat(page.entries()).hasSize(16);
        page = (FeedRead.Page) store.feed().readAfter(page.next(), 100, NOW.plusSeconds(13));
        assertThat(page.entries()).isEmpty();
    }

    /** As a node that died before it had written to all. */
    private void recordInOnePartition(Revocation entry, int partition) {
        RedisKeys keys = new RedisKeys("curfew", 16);
        record(entry, partition, "w", List.of(keys.due(partition)));
    }

    private void recordInBucket(Revocation entry) {
        int bucket = entry.target().bucket();
        RedisKeys keys = new RedisKeys("curfew", 16);
        record(
                entry,
                keys.partitionOf(bucket),
                Integer.toString(bucket),
                List.of(
                        keys.due(keys.partitionOf(bucket)),
                        keys.revocations(bucket),
                        keys.sessions(bucket),
                        keys.index(bucket),
                        keys.ended(bucket)));
    }

    private void record(Revocation entry, int partition, String where, List<byte[]> names) {
        try (RedisPort port = RedisConnector.of(SHARED.client()).connect(false)) {
            RedisKeys keys = new RedisKeys("curfew", 16);
            BoundedCalls calls = new BoundedCalls(Duration.ofSeconds(5), () -> {});
            List<byte[]> args = List.of(
                    where.getBytes(StandardCharsets.US_ASCII),
                    entry.target().key().toBytes(),
                    RevocationCodec.encode(entry));
            new ScriptRunner(new Server(port, calls, ServerClock.REAL, 0), keys, Given.SETTINGS)
                    .run("record", new ScriptCall(LuaScript.RECORD, partition, names, args), NOW);
        }
    }

    private long coveredPartitions(Revocation entry) {
        Set<Integer> covered = new HashSet<>();
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; seen.size() < 16; i++) {
            TokenFacts facts = Given.token(Given.subject("subject-" + i), "t")
                    .client(Given.client("app"))
                    .session(new ForeignSessionId("sid-1"))
                    .issuedAt(NOW.minusSeconds(60))
                    .authenticatedAt(NOW.minusSeconds(60))
                    .build();
            seen.add(facts.bucket() & 15);
            if (store.revocationsCovering(facts, NOW).contains(entry)) {
                covered.add(facts.bucket() & 15);
            }
        }
        return covered.size();
    }
}
