package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.crypto.SecretHash;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.server.UndecodableSessionException;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionLimit;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.RotateResult;
import dev.curfew.store.UndecodableRevocationException;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
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

    private final RedisKeys keys = new RedisKeys("curfew", 16);
    private RedisSessionStore store;
    private RedisCommands<byte[], byte[]> redis;

    @BeforeEach
    void start() {
        store = SHARED.store();
        redis = SHARED.commands();
    }

    @Test
    void a_row_of_an_unknown_version_is_a_typed_failure_of_that_row_only_and_still_revocable() {
        GivenSession newer = Stores.insert(store, "alice", NOW);
        GivenSession known = Stores.insert(store, "alice", NOW);
        byte[] rows = keys.sessions(newer.row().bucket());
        makeNewer(rows, newer.row().key(), 0);
        assertThatExceptionOfType(UndecodableSessionException.class).isThrownBy(() -> store.find(newer.ref(), NOW));
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
    void an_entry_of_an_unknown_kind_covers_everything_and_is_superseded_by_nothing() {
        GivenSession session = Stores.insert(store, "alice", NOW);
        Stores.revoke(store, session.target(), NOW);
        byte[] hash = keys.revocations(session.row().bucket());
        byte[] field = redis.hget(hash, session.row().key().toBytes());
        field[2] = 77;
        redis.hset(hash, session.row().key().toBytes(), field);

        assertThat(store.rotate(session.ref(), SecretHash.stored(new byte[32]), SecretHash.stored(new byte[32]), NOW))
                .isEqualTo(RotateResult.NOT_LIVE);

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
