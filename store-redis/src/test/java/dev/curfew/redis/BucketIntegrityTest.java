package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.redis.codec.RevocationCodec;
import dev.curfew.redis.script.BucketIntegrity;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.server.LayoutMismatchException;
import dev.curfew.redis.server.ServerCheck;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionLimit;
import dev.curfew.store.BeforeHorizonException;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RotateResult;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.Touch;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The loss of a part of a partition is noticed by whatever touches it next, and refused. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BucketIntegrityTest {
    private static final Instant NOW = Given.NOW;
    private static final Instant LATER = NOW.plusSeconds(5);

    @RegisterExtension
    static final SharedRedis SHARED = new SharedRedis();

    private final TestServerClock clock = new TestServerClock();
    private final RedisKeys keys = new RedisKeys("curfew", 16);
    private RedisSessionStore store;
    private RedisCommands<byte[], byte[]> redis;
    private GivenSession revoked;
    private int bucket;

    @BeforeEach
    void revokeOne() {
        SHARED.empty();
        redis = SHARED.commands();
        store = node();
        revoked = Stores.insert(store, "alice", NOW);
        Stores.revoke(store, revoked.target(), NOW);
        bucket = revoked.row().bucket();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void a_lost_bucket_is_met_by_a_check() {
        lose();

        assertRefusedByTheBirth(LATER);
        assertNewLoginsPass();
    }

    @Test
    void a_lost_bucket_is_met_by_every_verb_that_touches_it() {
        isMetBy(() -> assertThat(store.find(revoked.ref(), LATER))
                .get()
                .satisfies(found -> assertThat(found.isLive(LATER)).isFalse()));
        isMetBy(() -> assertThat(
                        store.list(revoked.subject(), ListQuery.live(10), LATER).sessions())
                .isEmpty());
        isMetBy(() -> assertThat(store.touch(List.of(new Touch(revoked.ref(), LATER)), LATER))
                .isEmpty());
        isMetBy(() -> assertThat(store.rotate(revoked.ref(), Given.exchange("first", "second"), LATER))
                .isInstanceOf(RotateResult.NotLive.class));
        isMetBy(() -> assertThat(store.revoke(
                        Given.act(revoked.target()).build(), Precondition.ownedBy(revoked.token("t")), LATER))
                .isInstanceOf(RevokeResult.CallerRevoked.class));
        isMetBy(() -> Stores.revoke(store, Given.tokenTarget(revoked.subject(), "other"), LATER));
        isMetBy(() -> store.record(
                List.of(Revocation.of(Given.tokenTarget(revoked.subject(), "other"))
                        .revokedAt(LATER)
                        .forgetAfter(LATER.plusSeconds(60))
                        .build()),
                LATER));
        isMetBy(() -> assertThat(store.newestCutOff(revoked.subject(), LATER)).isAfterOrEqualTo(LATER));
        isMetBy(() -> assertThat(store.insert(
                        Given.session(revoked.subject()).began(NOW).build().row(), SessionLimit.unlimited(), LATER))
                .isInstanceOf(InsertResult.Covered.class));
        isMetBy(() -> store.purge(NOW.plus(Given.SETTINGS.endedSessionsKept()).plus(Duration.ofDays(1)), 100));
    }

    private void isMetBy(Runnable verb) {
        close();
        revokeOne();
        lose();
        verb.run();
        assertThat(birth().issuedBefore()).as("the birth").isAfterOrEqualTo(LATER);
        assertRefusedByTheBirth(LATER);
    }

    @Test
    void a_lost_bucket_is_met_by_a_node_that_starts_later_and_told_to_those_that_run() {
        FeedPosition running = Stores.caughtUp(store);
        lose();

        RedisSessionStore starting = node();
        FeedPosition position = FeedPosition.beginning();
        boolean hasGap = false;
        while (!hasGap) {
            FeedRead read = starting.feed().readAfter(position, 500, LATER);
            hasGap = read instanceof FeedRead.Gap;
            position = read instanceof FeedRead.Page page ? page.next() : position;
        }
        assertThat(Stores.reload(starting)).anyMatch(birth -> birth.covers(revoked.token("t")));
        assertThat(store.feed().readAfter(running, 10, LATER)).isEqualTo(new FeedRead.Gap());
        starting.close();
    }

    @Test
    void a_bucket_that_came_back_with_other_bytes_is_lost() {
        redis.hset(keys.revocations(bucket), BucketIntegrity.idField(), new byte[8]);

        assertRefusedByTheBirth(LATER);
        assertNewLoginsPass();
    }

    @Test
    void several_lost_buckets_of_a_partition_are_one_loss() {
        for (int i = 0; i < 300; i++) {
            Stores.revoke(store, RevocationTarget.subject(Given.subject("subject-" + i)), NOW);
        }
        keys.bucketsOf(keys.partitionOf(bucket)).forEach(one -> redis.del(keys.revocations(one)));
        assertRefusedByTheBirth(LATER);
        Revocation birth = birth();

        for (int i = 0; i < 300; i++) {
            store.newestCutOff(Given.subject("subject-" + i), LATER.plusSeconds(60));
        }
        assertThat(birth()).isEqualTo(birth);
    }

    @Test
    void a_renewed_birth_covers_what_began_behind_a_cut_off_of_a_clock_that_was_ahead() {
        Instant ahead = NOW.plus(Duration.ofHours(3));
        store.revoke(
                Given.act(RevocationTarget.subject(Given.subject("alice")))
                        .issuedBefore(ahead)
                        .build(),
                Precondition.none(),
                NOW);
        GivenSession behind = Stores.insert(store, "alice", ahead.plusMillis(1));
        Stores.revoke(store, behind.target(), NOW);
        lose();

        assertThat(store.revocationsCovering(behind.token("t"), LATER)).isNotEmpty();
    }

    @Test
    void a_bucket_that_held_only_what_is_forgotten_may_be_gone_and_begins_anew_behind_a_horizon() {
        Instant over = NOW.plus(Duration.ofDays(200));
        lose();

        assertThat(store.revocationsCovering(revoked.token("t"), over)).isEmpty();
        assertThat(birth().issuedBefore()).isBefore(NOW);
        Stores.revoke(store, Given.tokenTarget(revoked.subject(), "other"), over);
        assertThatThrownBy(() -> store.revocationsCovering(revoked.token("t"), LATER))
                .isInstanceOf(BeforeHorizonException.class);
        assertThat(birth().issuedBefore()).isBefore(NOW);
    }

    @Test
    void a_bucket_that_expired_because_the_servers_clock_was_stepped_is_refused_and_then_lost() {
        clock.ahead(Duration.ofDays(200));
        redis.pexpireat(keys.revocations(bucket), 1);

        assertThatThrownBy(() -> store.revocationsCovering(revoked.token("t"), LATER))
                .as("nobody knows whose clock is right")
                .isInstanceOf(BeforeHorizonException.class);
        assertThatThrownBy(() -> store.find(revoked.ref(), LATER)).isInstanceOf(BeforeHorizonException.class);
        assertThat(birth().issuedBefore()).isBefore(NOW);

        clock.ahead(Duration.ZERO);
        assertRefusedByTheBirth(LATER);
        assertNewLoginsPass();
    }

    @Test
    void a_node_whose_clock_is_ahead_neither_hides_a_loss_nor_renews_the_birth() {
        clock.ahead(Duration.ofDays(-200));
        lose();

        assertThatThrownBy(() -> Stores.revoke(
                        store, Given.tokenTarget(revoked.subject(), "other"), NOW.plus(Duration.ofDays(200))))
                .isInstanceOf(StoreUnavailableException.class);

        clock.ahead(Duration.ZERO);
        assertRefusedByTheBirth(LATER);
    }

    @Test
    void an_evicted_bucket_is_lost() {
        try (RedisServer small = RedisServer.start("--maxmemory-policy", "volatile-lru");
                RedisClient own = RedisClient.create(small.uri())) {
            RedisSessionStore full = Stores.opened(RedisSessionStore.on(own));
            GivenSession session = Stores.insert(full, "alice", NOW);
            Stores.revoke(full, session.target(), NOW);
            RedisCommands<byte[], byte[]> there =
                    own.connect(ByteArrayCodec.INSTANCE).sync();
            byte[] lost = keys.revocations(session.row().bucket());
            long used = Long.parseLong(
                    there.info("memory").lines().toList().get(1).strip().substring(12));
            there.configSet("maxmemory", Long.toString(used + 200_000));
            byte[] filling = new byte[10_000];
            for (int i = 0; i < 10_000 && there.exists(lost) == 1; i++) {
                there.set(
                        ("filling-" + i).getBytes(StandardCharsets.US_ASCII), filling, SetArgs.Builder.px(10_000_000));
            }
            assertThat(there.exists(lost)).isZero();
            there.configSet("maxmemory", "0");

            assertThat(full.revocationsCovering(session.token("t"), LATER))
                    .singleElement()
                    .satisfies(birth -> assertThat(birth.reason()).isEqualTo(RevocationReason.STORE_CREATED));
            full.close();
        }
    }

    @Test
    void a_partition_that_lost_its_own_hash_is_born_again_and_takes_its_buckets_as_they_are() {
        FeedPosition running = Stores.caughtUp(store);
        redis.del(keys.part(keys.partitionOf(bucket)));

        assertThat(store.feed().readAfter(running, 10, LATER)).isEqualTo(new FeedRead.Gap());
        assertThat(store.revocationsCovering(revoked.token("t"), LATER)).hasSize(2);
        GivenSession next = Stores.insert(store, "alice", LATER.plusSeconds(5));
        Stores.revoke(store, next.target(), LATER.plusSeconds(5));
        lose();
        assertThat(store.revocationsCovering(next.token("t"), LATER.plusSeconds(10)))
                .as("the bucket was adopted, so that its loss is noticed")
                .isNotEmpty();
    }

    @Test
    void a_purge_that_removes_the_last_entry_removes_the_mark() {
        Instant end = NOW.plus(Duration.ofDays(200));
        assertThat(marks()).isEqualTo(1);

        store.purge(end, 100);

        assertThat(marks()).isZero();
        assertThat(redis.exists(keys.revocations(bucket))).isZero();
        assertThat(store.revocationsCovering(revoked.token("t"), end)).isEmpty();
        assertThat(birth().issuedBefore()).isBefore(NOW);
    }

    @Test
    void a_purge_between_the_two_readings_of_a_check_gives_the_bucket_other_bytes() {
        Stores.revoke(store, RevocationTarget.subject(Given.subject("alice")), NOW);
        store.record(
                List.of(Revocation.of(Given.tokenTarget(Given.subject("alice"), "short"))
                        .revokedAt(NOW)
                        .forgetAfter(NOW.plusSeconds(60))
                        .build()),
                NOW);
        byte[] before = redis.hget(keys.revocations(bucket), BucketIntegrity.idField());

        store.purge(NOW.plus(Duration.ofHours(2)), 100);

        byte[] behind = redis.hget(keys.revocations(bucket), BucketIntegrity.idField());
        assertThat(behind).isNotEqualTo(before);
        assertThat(store.revocationsCovering(revoked.token("t"), NOW.plus(Duration.ofHours(2))))
                .isNotEmpty();
        assertThatThrownBy(() -> store.revocationsCovering(
                        Given.token(Given.subject("alice"), "short").build(), NOW.plusSeconds(30)))
                .isInstanceOf(BeforeHorizonException.class);
    }

    @Test
    void a_horizon_that_was_reset_leaves_a_birth_behind() {
        Instant wrong = NOW.plus(Duration.ofDays(200));
        store.purge(wrong, 100);
        assertThatThrownBy(() -> store.revocationsCovering(revoked.token("t"), LATER))
                .isInstanceOf(BeforeHorizonException.class);

        store.resetHorizon(LATER);

        assertRefusedByTheBirth(LATER);
        assertNewLoginsPass();
    }

    @Test
    void a_store_of_the_layout_before_is_marked_when_it_is_opened_and_refused_until_then() {
        keys.bucketsOf(keys.partitionOf(bucket))
                .forEach(one -> redis.hdel(keys.revocations(one), BucketIntegrity.idField()));
        byte[] part = keys.part(keys.partitionOf(bucket));
        redis.hdel(part, new byte[] {'L'}, BucketIntegrity.markField(bucket));
        assertThatThrownBy(() -> store.find(revoked.ref(), LATER)).isInstanceOf(LayoutMismatchException.class);
        assertThatThrownBy(() -> store.revocationsCovering(revoked.token("t"), LATER))
                .isInstanceOf(LayoutMismatchException.class);

        store.open(Given.SETTINGS, LATER);

        assertThat(store.revocationsCovering(revoked.token("t"), LATER)).hasSize(1);
        lose();
        assertRefusedByTheBirth(LATER);
    }

    @Test
    void the_indexes_of_the_layout_before_are_made_anew_when_it_is_opened_and_refused_until_then() {
        GivenSession early = created("bob", NOW);
        GivenSession late = created("bob", NOW.plusMillis(1));
        int bobs = early.row().bucket();
        List<byte[]> members = redis.zrange(keys.index(bobs), 0, -1);
        redis.del(keys.index(bobs));
        members.forEach(member -> redis.zadd(keys.index(bobs), 0, withoutCreation(member)));
        redis.hset(keys.part(keys.partitionOf(bobs)), new byte[] {'L'}, new byte[] {'2'});
        assertThatThrownBy(() -> store.list(Given.subject("bob"), ListQuery.live(9), LATER))
                .isInstanceOf(LayoutMismatchException.class)
                .hasMessageContaining("older layout");

        store.open(Given.SETTINGS, LATER);

        assertThat(store.list(Given.subject("bob"), ListQuery.live(9), LATER).sessions())
                .extracting(found -> found.session().key())
                .containsExactly(late.row().key(), early.row().key());
        assertThat(store.payloads(PayloadCursor.start(), 9, LATER).payloads()).hasSize(3);
    }

    private GivenSession created(String subject, Instant at) {
        GivenSession session =
                Given.session(Given.subject(subject)).began(NOW).stored(at).build();
        store.insert(session.row(), SessionLimit.unlimited(), at);
        return session;
    }

    /** A member as it was before the third layout: subject key, begin, session key. */
    private static byte[] withoutCreation(byte[] member) {
        return ByteBuffer.allocate(38).put(member, 0, 22).put(member, 28, 16).array();
    }

    @Test
    void a_store_of_a_later_layout_is_refused() {
        redis.hset(keys.part(3), new byte[] {'L'}, new byte[] {'4'});

        assertThatThrownBy(() -> store.open(Given.SETTINGS, LATER)).isInstanceOf(LayoutMismatchException.class);
        assertThatThrownBy(() -> Stores.caughtUp(store)).isInstanceOf(LayoutMismatchException.class);
    }

    @Test
    void a_lost_index_of_sessions_is_made_from_the_rows() {
        GivenSession live = Stores.insert(store, "alice", NOW);
        redis.del(keys.index(bucket));

        assertThat(store.list(live.subject(), ListQuery.live(10), LATER).sessions())
                .singleElement()
                .satisfies(found ->
                        assertThat(found.session().key()).isEqualTo(live.row().key()));
        redis.del(keys.index(bucket));
        assertThat(ended(RevocationTarget.subject(live.subject()))).isEqualTo(1);
    }

    @Test
    void counts_are_exact_whatever_of_the_sessions_is_lost() {
        isCounted(1, key -> redis.del(keys.ended(bucket)));
        isCounted(1, key -> redis.del(keys.due(keys.partitionOf(bucket))));
        isCounted(0, key -> redis.del(keys.sessions(bucket)));
    }

    private void isCounted(int live, Consumer<Void> loss) {
        close();
        revokeOne();
        Stores.insert(store, "alice", NOW);
        loss.accept(null);
        if (live > 0) {
            // Another login must not make the ended ones look complete.
            Stores.insert(store, "alice", NOW);
            live++;
        }
        assertThat(ended(RevocationTarget.subject(revoked.subject()))).isEqualTo(live);
    }

    @Test
    void sessions_that_are_lost_are_unknown() {
        redis.del(keys.sessions(bucket));

        assertThat(store.find(revoked.ref(), LATER)).isEmpty();
        assertThat(store.list(revoked.subject(), ListQuery.live(10), LATER).sessions())
                .isEmpty();
        assertThat(store.revocationsCovering(revoked.token("t"), LATER)).hasSize(1);
    }

    private long ended(RevocationTarget target) {
        return ((RevokeResult.Recorded) store.revoke(Given.act(target).build(), Precondition.none(), LATER))
                .newlyCovered();
    }

    private RedisSessionStore node() {
        RedisSessionStore node = RedisSessionStore.on(SHARED.client())
                .serverCheck(ServerCheck.NONE)
                .serverClock(clock)
                .build();
        node.open(Given.SETTINGS, Given.BIRTH);
        return node;
    }

    private void lose() {
        assertThat(redis.del(keys.revocations(bucket))).isEqualTo(1);
    }

    private long marks() {
        return redis.hkeys(keys.part(keys.partitionOf(bucket))).stream()
                .filter(name -> name[0] == 'M' && name.length < 6)
                .count();
    }

    private Revocation birth() {
        return RevocationCodec.decode(
                new dev.curfew.session.LookupKey(0, 16),
                redis.hget(keys.part(keys.partitionOf(bucket)), new byte[] {'b'}));
    }

    private void assertRefusedByTheBirth(Instant now) {
        assertThat(store.revocationsCovering(revoked.token("t"), now))
                .anySatisfy(birth -> assertThat(birth.reason()).isEqualTo(RevocationReason.STORE_CREATED));
    }

    private void assertNewLoginsPass() {
        Instant now = LATER.plusSeconds(60);
        GivenSession next = Stores.insert(store, "alice", now);
        assertThat(store.revocationsCovering(next.token("t"), now)).isEmpty();
        assertThat(store.find(next.ref(), now))
                .get()
                .satisfies(found -> assertThat(found.isLive(now)).isTrue());
    }
}
