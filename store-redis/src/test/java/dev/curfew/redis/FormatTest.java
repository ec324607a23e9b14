package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.crypto.SecretHash;
import dev.curfew.redis.codec.SessionCodec;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionLimit;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.StoredSession;
import dev.curfew.store.UndecodableRevocationException;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a newer version wrote, or something damaged, fails by itself and typed, and never makes a token pass. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FormatTest {
    @RegisterExtension
    static final SharedRedis SHARED = new SharedRedis();

    private static final Instant NOW = Given.NOW;
    private static final LookupKey PINNED = new LookupKey(10, 11);

    private final RedisKeys keys = new RedisKeys("curfew", 16);
    private RedisSessionStore store;
    private RedisCommands<byte[], byte[]> redis;

    @BeforeEach
    void start() {
        store = SHARED.store();
        redis = SHARED.commands();
    }

    @Test
    void a_row_without_a_credential_has_version_1_and_these_bytes() {
        StoredSession.Builder row = pinned();

        assertThat(HexFormat.of().formatHex(SessionCodec.encode(row.build()))).isEqualTo(pinned(1, ""));
        assertThat(SessionCodec.decode(PINNED, HexFormat.of().parseHex(pinned(1, "")))
                        .isSameAs(row.build()))
                .isTrue();
    }

    @Test
    void a_row_with_a_credential_has_version_2_and_these_bytes() {
        StoredSession row = pinned().credential(new byte[] {0, (byte) 0xFF, 7}).build();
        String hex = pinned(2, "0003" + "00ff07");

        assertThat(HexFormat.of().formatHex(SessionCodec.encode(row))).isEqualTo(hex);
        assertThat(SessionCodec.decode(PINNED, HexFormat.of().parseHex(hex)).isSameAs(row))
                .isTrue();
    }

    @Test
    void an_exchange_takes_a_row_from_version_1_to_2_and_back_and_keeps_all_else() {
        GivenSession session = Given.session(Given.subject("alice"))
                .client(Given.client("app"))
                .secret("first")
                .build();
        store.insert(session.row(), SessionLimit.unlimited(), NOW);
        byte[] before = row(session);

        rotate(session, Given.exchange("first", "second"));
        byte[] between = row(session);
        StoredSession read = store.find(session.ref(), NOW).orElseThrow().session();
        rotate(session, Rotation.ofSecret(SecretHash.of("second"), SecretHash.of("first"), new byte[0]));

        assertThat(before[0]).isEqualTo((byte) 1);
        assertThat(between[0]).isEqualTo((byte) 2);
        assertThat(read.isSameAs(Given.exchange("first", "second").applyTo(session.row())))
                .isTrue();
        assertThat(row(session)).isEqualTo(before);
    }

    @Test
    void a_login_whose_row_has_a_credential_is_stored_with_it_and_known_when_it_is_repeated() {
        GivenSession bare =
                Given.session(Given.subject("alice")).secret("first").build();
        StoredSession row = bare.row().toBuilder().credential(new byte[255]).build();

        store.insert(row, SessionLimit.unlimited(), NOW);

        assertThat(store.insert(row, SessionLimit.unlimited(), NOW)).isEqualTo(new InsertResult.Inserted(List.of()));
        assertThat(store.find(bare.ref(), NOW).orElseThrow().session().isSameAs(row))
                .isTrue();
    }

    private void rotate(GivenSession session, Rotation rotation) {
        assertThat(store.rotate(session.ref(), rotation, NOW)).isEqualTo(new RotateResult.Rotated());
    }

    private byte[] row(GivenSession session) {
        return redis.hget(
                keys.sessions(session.row().bucket()), session.row().key().toBytes());
    }

    private static StoredSession.Builder pinned() {
        long head = 0x16L << 16 | 0xABC << 4 | 1;
        return StoredSession.stored()
                .keys(PINNED, 0xABC, new LookupKey(1, 2), new LookupKey(3, 4))
                .id(new SessionId(head, 5, 6))
                .clientKey(new LookupKey(7, 8))
                .createdAt(Instant.ofEpochMilli(0x14))
                .lastSeenAt(Instant.ofEpochMilli(0x11))
                .ends(Instant.ofEpochMilli(0x13), Duration.ofMillis(0x12))
                .forgetAfter(Instant.ofEpochMilli(0x15))
                .authenticatedAt(Instant.ofEpochMilli(0x16))
                .secretHash(SecretHash.stored(new byte[32]))
                .payload(new byte[] {9, 10});
    }

    private static String pinned(int version, String credential) {
        return "0" + version + "07" + "000000000011" + "000000000012" + "000000000013" + "000000000014"
                + "000000000015" + "000000000016" + "abc1" + "0000000000000001" + "0000000000000002"
                + "0000000000000003" + "0000000000000004" + "0000000000000005" + "0000000000000006"
                + "0000000000000007" + "0000000000000008" + "00".repeat(32) + credential + "090a";
    }

    @Test
    void a_row_of_an_unknown_version_is_not_found_hides_no_other_one_and_is_still_revocable() {
        GivenSession newer = Stores.insert(store, "alice", NOW);
        GivenSession known = Stores.insert(store, "alice", NOW);
        byte[] rows = keys.sessions(newer.row().bucket());
        makeNewer(rows, newer.row().key(), 0);
        assertThat(store.find(newer.ref(), NOW)).isEmpty();
        assertThat(store.find(known.ref(), NOW)).isPresent();
        assertThat(store.list(known.subject(), ListQuery.all(10), NOW).sessions())
                .singleElement()
                .satisfies(found ->
                        assertThat(found.session().key()).isEqualTo(known.row().key()));
        Revocation entry = Stores.revoke(store, newer.target(), NOW);
        assertThat(store.revocationsCovering(newer.token("t"), NOW)).containsExactly(entry);
    }

    @Test
    void an_entry_of_an_unknown_version_is_a_typed_failure_for_whom_it_may_cover_only() {
        GivenSession session = Stores.insert(store, "alice", NOW);
        GivenSession other = Stores.insert(store, "bob", NOW);
        Stores.revoke(store, RevocationTarget.subject(Given.subject("alice")), NOW.minusSeconds(100));
        makeNewer(
                keys.revocations(session.row().bucket()), Given.subject("alice").key(), 1);
        assertThatExceptionOfType(UndecodableRevocationException.class)
                .isThrownBy(() -> store.revocationsCovering(session.token("t"), NOW));
        assertThat(store.revocationsCovering(other.token("t"), NOW)).isEmpty();
        assertThat(store.list(other.subject(), ListQuery.live(10), NOW).sessions())
                .hasSize(1);
        GivenSession later = Given.session(Given.subject("alice")).build();
        assertThatExceptionOfType(UndecodableRevocationException.class).isThrownBy(() -> {
            InsertResult result = store.insert(later.row(), SessionLimit.unlimited(), NOW);
            throw new AssertionError(result);
        });
        FeedRead.Page page = (FeedRead.Page) store.feed().readAfter(FeedPosition.beginning(), 1_000, NOW);
        assertThat(page.undecodable()).isEqualTo(1);
    }

    @Test
    void a_line_of_the_feed_that_cannot_be_decoded_is_counted() {
        FeedPosition position = Stores.caughtUp(store);
        byte[] feed = keys.feed(3);
        byte[] line = new byte[40];
        line[14] = 9;
        redis.xadd(
                feed,
                XAddArgs.Builder.minId("0").id(position.marks().get(3).number() + 1 + "-0"),
                Map.of(bytes("e"), line));
        FeedRead.Page page = (FeedRead.Page) store.feed().readAfter(position, 100, NOW);
        assertThat(page.undecodable()).isEqualTo(1);
        assertThat(page.isCaughtUp()).isTrue();
        assertThat(store.feed().readAfter(page.next(), 100, NOW)).isInstanceOf(FeedRead.Page.class);
    }

    @Test
    void rows_that_cannot_be_read_count_towards_a_limit_and_are_not_ended_for_it() {
        GivenSession newer = Stores.insert(store, "alice", NOW);
        GivenSession known = Stores.insert(store, "alice", NOW.plusSeconds(1));
        GivenSession damaged = Stores.insert(store, "alice", NOW.plusSeconds(2));
        byte[] rows = keys.sessions(newer.row().bucket());
        makeNewer(rows, newer.row().key(), 0);
        redis.hset(rows, damaged.row().key().toBytes(), new byte[] {1, 4, 0});
        GivenSession next =
                Given.session(Given.subject("alice")).began(NOW.plusSeconds(3)).build();

        assertThat(store.insert(next.row(), SessionLimit.refuseBeyond(3), NOW.plusSeconds(3)))
                .isEqualTo(new InsertResult.OverLimit(3));
        InsertResult.Inserted result =
                (InsertResult.Inserted) store.insert(next.row(), SessionLimit.endOldestBeyond(2), NOW.plusSeconds(3));

        assertThat(result.ended())
                .singleElement()
                .satisfies(ended ->
                        assertThat(ended.session().key()).isEqualTo(known.row().key()));
        assertThat(store.revocationsCovering(newer.token("t"), NOW.plusSeconds(3)))
                .isEmpty();
        assertThat(store.insert(damaged.row(), SessionLimit.unlimited(), NOW.plusSeconds(3)))
                .isEqualTo(new InsertResult.AlreadyKnown());
    }

    @Test
    void a_row_of_a_later_version_counts_towards_a_limit_until_its_times_or_a_cut_off_end_it() {
        GivenSession idle = newer("alice", session -> session.idle(Duration.ofMinutes(10)));
        GivenSession expiring = newer("bob", session -> session.lasting(Duration.ofMinutes(10)));
        GivenSession covered = newer("carol", session -> session);
        Stores.revoke(store, RevocationTarget.subject(covered.subject()), NOW.plusSeconds(1));
        GivenSession foreign = newer("dave", session -> session.foreign("sid-1").lasting(Duration.ofMinutes(10)));

        Instant before = NOW.plus(Duration.ofMinutes(10)).minusMillis(1);
        Instant end = NOW.plus(Duration.ofMinutes(10));
        for (GivenSession ended : List.of(idle, expiring)) {
            assertThat(login(ended, before)).isEqualTo(new InsertResult.OverLimit(1));
            assertThat(login(ended, end)).isEqualTo(new InsertResult.Inserted(List.of()));
        }
        assertThat(login(covered, before)).isEqualTo(new InsertResult.Inserted(List.of()));
        GivenSession again =
                Given.session(foreign.subject()).foreign("sid-1").began(end).build();
        assertThat(store.insert(again.row(), SessionLimit.unlimited(), before))
                .isEqualTo(new InsertResult.AlreadyKnown());
        assertThat(store.insert(again.row(), SessionLimit.unlimited(), end))
                .isEqualTo(new InsertResult.Inserted(List.of()));
    }

    @Test
    void a_row_of_a_later_version_that_time_or_an_entry_has_ended_is_not_counted() {
        newer("alice", session -> session.idle(Duration.ofMinutes(10)));
        GivenSession revoked = newer("alice", session -> session);
        GivenSession live = Given.session(Given.subject("alice"))
                .lasting(Duration.ofDays(1))
                .build();
        store.insert(live.row(), SessionLimit.unlimited(), NOW);
        store.purge(NOW.plus(Duration.ofMinutes(12)), 100);
        Stores.revoke(store, revoked.target(), NOW.plus(Duration.ofMinutes(12)));

        RevokeResult.Recorded result = (RevokeResult.Recorded) store.revoke(
                Given.act(RevocationTarget.subject(live.subject())).build(),
                Precondition.none(),
                NOW.plus(Duration.ofMinutes(13)));

        assertThat(result.newlyCovered()).isEqualTo(1);
    }

    private GivenSession newer(String subject, UnaryOperator<GivenSession.Builder> with) {
        GivenSession session = with.apply(Given.session(Given.subject(subject))).build();
        store.insert(session.row(), SessionLimit.unlimited(), NOW);
        makeNewer(keys.sessions(session.row().bucket()), session.row().key(), 0);
        return session;
    }

    private InsertResult login(GivenSession other, Instant now) {
        GivenSession next = Given.session(other.subject()).began(now).build();
        return store.insert(next.row(), SessionLimit.refuseBeyond(1), now);
    }

    @Test
    void a_row_of_a_later_version_is_purged_an_hour_after_one_of_this_would_be() {
        Duration hour = Duration.ofHours(1);
        List<GivenSession> newer = List.of(
                newer("alice", session -> session.lasting(hour)),
                newer("bob", session -> session.idle(hour).foreign("sid-1")));
        Stores.insert(store, "carol", NOW);
        Instant due = NOW.plus(hour).plus(Given.SETTINGS.endedSessionsKept());

        assertThat(store.purge(due.plus(hour).minusMillis(1), 100).sessions()).isZero();
        assertThat(store.purge(due.plus(hour), 100)).satisfies(result -> {
            assertThat(result.sessions()).isEqualTo(2);
            assertThat(result.expired()).isEmpty();
        });

        for (GivenSession session : newer) {
            int bucket = session.row().bucket();
            assertThat(redis.exists(keys.sessions(bucket), keys.index(bucket))).isZero();
            assertThat(redis.hexists(
                            keys.foreign(keys.partitionOf(bucket)),
                            session.row().key().toBytes()))
                    .isFalse();
        }
    }

    @Test
    void an_entry_of_an_unknown_kind_covers_everything_and_is_superseded_by_nothing() {
        GivenSession session = Stores.insert(store, "alice", NOW);
        Stores.revoke(store, session.target(), NOW);
        byte[] hash = keys.revocations(session.row().bucket());
        byte[] field = redis.hget(hash, session.row().key().toBytes());
        field[2] = 77;
        redis.hset(hash, session.row().key().toBytes(), field);

        assertThatExceptionOfType(UndecodableRevocationException.class)
                .isThrownBy(() -> store.rotate(session.ref(), Given.exchange("first", "second"), NOW));

        Stores.revoke(store, session.target(), NOW);

        assertThat(redis.hget(hash, session.row().key().toBytes())).hasSize(2 * field.length);
    }

    private void makeNewer(byte[] hash, LookupKey key, int versionAt) {
        byte[] value = redis.hget(hash, key.toBytes());
        value[versionAt] = 99;
        redis.hset(hash, key.toBytes(), value);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
