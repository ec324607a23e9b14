package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.redis.codec.SessionCodec;
import dev.curfew.redis.server.DamagedKeyException;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.ClientId;
import dev.curfew.session.FailureText;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionLimit;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.NewSession;
import dev.curfew.store.PayloadChange;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.RotateResult;
import dev.curfew.store.SessionPage;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.StoredPayload;
import dev.curfew.store.StoredSession;
import dev.curfew.store.Touch;
import dev.curfew.store.UndecodableRevocationException;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A key of a wrong type, and bytes that Curfew did not write: a sentence that names the key, and never ACTIVE. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DamageTest {
    @RegisterExtension
    static final SharedRedis SHARED = new SharedRedis();

    private static final Instant NOW = Given.NOW;
    private static final String VALUE = "a-value-that-nobody-reads";

    private RedisSessionStore store;
    private GivenSession session;
    private FeedPosition position;
    private String bucket;
    private String partition;

    @BeforeEach
    void start() {
        store = SHARED.closing(
                Stores.opened(RedisSessionStore.on(SHARED.client()).partitions(2)));
        session = Stores.insert(store, "alice", NOW);
        Stores.revoke(store, Given.tokenTarget(session.subject(), "t"), NOW);
        position = Stores.caughtUp(store);
        bucket = String.valueOf(session.row().bucket());
        partition = "curfew:{" + (session.row().bucket() & 1) + "}:";
    }

    @Test
    void a_bucket_of_a_wrong_type_is_named_by_checks_writes_and_loads() {
        String key = replaced("r" + bucket);

        names(key, "hash", () -> store.revocationsCovering(session.token("t"), NOW));
        names(key, "hash", () -> store.newestCutOff(session.subject(), NOW));
        names(key, "hash", () -> store.find(session.ref(), NOW));
        names(key, "hash", () -> Stores.revoke(store, session.target(), NOW));
        names(key, "hash", () -> Stores.reload(store));
        failsAtOnce(key);
    }

    @Test
    void rows_and_an_index_of_a_wrong_type_are_named() {
        String rows = replaced("s" + bucket);

        names(rows, "hash", () -> store.find(session.ref(), NOW));
        SHARED.server().send("DEL " + rows);
        String index = replaced("u" + bucket);
        names(index, "zset", () -> store.list(session.subject(), ListQuery.live(10), NOW));
    }

    @Test
    void a_partition_of_a_wrong_type_is_named() {
        String key = replaced("w");

        names(key, "hash", () -> store.revocationsCovering(session.token("t"), NOW));
        names(key, "hash", () -> store.feed().readAfter(position, 10, NOW));
        names(key, "hash", () -> Stores.reload(store));
        names(
                key,
                "hash",
                () -> Stores.opened(RedisSessionStore.on(SHARED.client()).partitions(2)));
        failsAtOnce(key);
    }

    @Test
    void a_feed_of_a_wrong_type_is_named() {
        String key = replaced("f");

        names(key, "stream", () -> store.feed().readAfter(position, 10, NOW));
        names(key, "stream", () -> Stores.reload(store));
        names(key, "stream", () -> Stores.revoke(store, session.target(), NOW));
        failsAtOnce(key);
    }

    @Test
    void notices_of_a_wrong_type_are_named() {
        names(replaced("n"), "zset", () -> Stores.reload(store));
    }

    @Test
    void a_running_node_says_which_key_it_is() {
        try (RevocationReplica replica =
                RevocationReplica.of(store, Given.SETTINGS).start()) {
            String key = replaced("f");
            Await.until(
                    "it is said",
                    () -> replica.status()
                            .lastError()
                            .filter(error -> FailureText.of(error).contains(key))
                            .isPresent());
            SHARED.server().send("DEL " + key);
            Await.until("it reads on", () -> replica.status().lastError().isEmpty());
        }
    }

    @Test
    void a_short_line_behind_is_undecodable_and_a_load_goes_on_behind_it() {
        garbage(lastNumber() + 1 + "-0 e " + VALUE);

        FeedRead.Page page = (FeedRead.Page) store.feed().readAfter(position, 10, NOW);
        assertThat(page.undecodable()).isEqualTo(1);
        isFollowedAfterALoad();
    }

    @Test
    void a_line_of_a_few_bytes_is_undecodable_and_a_load_goes_on_behind_it() {
        garbage(lastNumber() + 1 + "-0 e bar");

        FeedRead.Page page = (FeedRead.Page) store.feed().readAfter(position, 10, NOW);
        assertThat(page.undecodable()).isEqualTo(1);
        isFollowedAfterALoad();
    }

    @Test
    void a_line_with_a_time_for_a_number_is_a_gap_and_a_load_goes_on_behind_it() {
        garbage("* foo bar");

        assertThat(store.feed().readAfter(position, 10, NOW)).isEqualTo(new FeedRead.Gap());
        isFollowedAfterALoad();
    }

    @Test
    void a_line_of_several_fields_is_undecodable_and_a_load_goes_on_behind_it() {
        garbage(lastNumber() + 1 + "-0 foo bar more " + VALUE);

        FeedRead.Page page = (FeedRead.Page) store.feed().readAfter(position, 10, NOW);
        assertThat(page.undecodable()).isEqualTo(1);
        isFollowedAfterALoad();
    }

    @Test
    void a_newest_line_with_an_id_of_others_is_an_outage_until_the_next_write() {
        garbage(lastNumber() + "-1 foo " + VALUE);

        assertThat(store.feed().readAfter(position, 10, NOW)).isEqualTo(new FeedRead.Gap());
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> Stores.reload(store))
                .withMessageContaining(partition + "f holds a newest line with an id of others");
        failsAtOnce(partition + "f");

        Stores.revoke(store, session.target(), NOW);
        assertThat(Stores.reload(store)).isNotEmpty();
    }

    @Test
    void a_damaged_entry_of_a_bucket_makes_its_check_fail_and_loads_incomplete() {
        String field =
                HexFormat.of().formatHex(session.subject().key().toBytes()).replaceAll("..", "\\\\x$0");
        SHARED.server().send("HSET " + partition + "r" + bucket + " \"" + field + "\" " + VALUE);

        assertThatExceptionOfType(UndecodableRevocationException.class)
                .isThrownBy(() -> store.revocationsCovering(session.token("t"), NOW))
                .withMessageContaining(partition + "r" + bucket)
                .withMessageNotContaining(VALUE);
        FeedRead.Page page = (FeedRead.Page) store.feed().readAfter(FeedPosition.beginning(), 500, NOW);
        assertThat(page.undecodable()).isEqualTo(1);
    }

    @Test
    void a_session_with_a_damaged_entry_counts_as_revoked_and_hides_no_other() {
        GivenSession covered = loggedIn(1);
        GivenSession last = loggedIn(2);
        SHARED.server().send("HSET " + partition + "r" + bucket + " \"" + spelled(covered) + "\" " + VALUE);

        for (ListQuery query : List.of(ListQuery.live(1), ListQuery.all(1), ListQuery.live(10), ListQuery.all(10))) {
            assertThat(keysOf(query))
                    .containsExactly(last.row().key(), session.row().key());
        }
        assertThatExceptionOfType(UndecodableRevocationException.class)
                .isThrownBy(() -> store.find(covered.ref(), NOW))
                .withMessageNotContaining(VALUE);
        assertThatExceptionOfType(UndecodableRevocationException.class)
                .as("that there is no such session would be the end of its token")
                .isThrownBy(() -> store.rotate(covered.ref(), Given.exchange("first", "second"), NOW))
                .withMessageNotContaining(VALUE);
        assertThat(store.touch(List.of(new Touch(covered.ref(), NOW.plusSeconds(1))), NOW))
                .isEmpty();
        assertThat(store.insert(Given.session(session.subject()).build().row(), SessionLimit.refuseBeyond(3), NOW))
                .isInstanceOf(InsertResult.Inserted.class);
        assertThat(store.purge(NOW, 100).sessions())
                .as("nobody knows when it ended")
                .isZero();
    }

    @Test
    void no_page_hides_what_lies_behind_rows_that_cannot_be_read() {
        List<GivenSession> sessions = new ArrayList<>(List.of(session));
        for (int i = 1; i < 7; i++) {
            sessions.add(loggedIn(i));
        }
        for (int i : new int[] {2, 3, 4, 6}) {
            SHARED.server().send("HSET " + partition + "s" + bucket + " \"" + spelled(sessions.get(i)) + "\" " + VALUE);
        }

        for (int limit = 1; limit < 9; limit++) {
            assertThat(keysOf(ListQuery.live(limit)))
                    .as("pages of %s", limit)
                    .containsExactly(
                            sessions.get(5).row().key(),
                            sessions.get(1).row().key(),
                            session.row().key());
        }
    }

    @Test
    void a_row_that_cannot_be_read_hides_no_revocation_of_a_client_or_realm_from_rows_behind_it() {
        ClientId client = Given.client("app");
        List<GivenSession> sessions = new ArrayList<>();
        for (int i = 1; i < 3; i++) {
            GivenSession next = Given.session(session.subject())
                    .began(NOW.plusMillis(i))
                    .client(client)
                    .build();
            store.insert(next.row(), SessionLimit.unlimited(), NOW);
            sessions.add(next);
        }
        Revocation entry = Stores.revoke(store, RevocationTarget.client(client), NOW.plusSeconds(1));
        setRow(sessions.get(1), row -> {
            row[0] = 99;
            return row;
        });

        assertThat(keysOf(ListQuery.live(10))).containsExactly(session.row().key());
        assertThat(store.list(session.subject(), ListQuery.all(10), NOW).sessions().stream()
                        .filter(found -> found.session()
                                .key()
                                .equals(sessions.get(0).row().key())))
                .singleElement()
                .satisfies(found -> assertThat(found.coveredBy()).containsExactly(entry));
    }

    @Test
    void a_row_whose_credential_cannot_be_read_is_revocable_counted_and_skipped() {
        StoredSession with =
                withCredential().row().toBuilder().credential(new byte[200]).build();
        int length = SessionCodec.encode(with).length - 200 - with.payload().length - 2;

        isUnreadable("a length of 0", row -> lengthened(row, length, 0));
        isUnreadable("a length of 256", row -> lengthened(Arrays.copyOf(row, 1_000), length, 256));
        isUnreadable("a length of 65,535", row -> lengthened(Arrays.copyOf(row, 70_000), length, 65_535));
        isUnreadable("a length past the end", row -> lengthened(row, length, 204));
        isUnreadable("no length", row -> Arrays.copyOf(row, length));
        isUnreadable("half a length", row -> Arrays.copyOf(row, length + 1));
        isUnreadable("no secret", row -> withByte(row, 1, 4));
        isUnreadable("unknown flags", row -> withByte(row, 1, row[1] | 8));
        isUnreadable("version 0", row -> withByte(row, 0, 0));
        isUnreadable("version 3", row -> withByte(row, 0, 3));
    }

    private void isUnreadable(String what, UnaryOperator<byte[]> damage) {
        SHARED.empty();
        store.open(Given.SETTINGS, Given.BIRTH);
        GivenSession damaged = withCredential();
        StoredSession whole =
                damaged.row().toBuilder().credential(new byte[200]).build();
        store.insert(whole, SessionLimit.unlimited(), NOW);
        GivenSession known = loggedIn(1);
        setRow(damaged, damage);

        assertThat(store.find(damaged.ref(), NOW)).as(what).isEmpty();
        assertThat(keysOf(ListQuery.live(10)))
                .as(what)
                .containsExactly(known.row().key());
        assertThat(store.touch(
                        List.of(
                                new Touch(damaged.ref(), NOW.plusSeconds(1)),
                                new Touch(known.ref(), NOW.plusSeconds(1))),
                        NOW))
                .as(what)
                .containsExactly(new Touch(known.ref(), NOW.plusSeconds(1)));
        assertThat(store.rotate(damaged.ref(), Given.exchange("first", "second"), NOW))
                .as(what)
                .isEqualTo(new RotateResult.NotLive(Optional.empty()));
        assertThat(store.payloads(PayloadCursor.start(), 10, NOW).payloads())
                .as(what)
                .extracting(StoredPayload::session)
                .containsExactly(known.row().key());
        assertThat(store.replace(List.of(new PayloadChange(StoredPayload.of(whole), new byte[] {9})), NOW))
                .as(what)
                .isZero();
        GivenSession next = Given.session(session.subject()).build();
        assertThat(store.insert(
                        new NewSession(next.row(), SessionLimit.refuseBeyond(2), Optional.of(damaged.ref())), NOW))
                .as(what)
                .isEqualTo(new InsertResult.OverLimit(2));
        Revocation entry = Stores.revoke(store, damaged.target(), NOW);
        assertThat(store.revocationsCovering(damaged.token("t"), NOW)).as(what).containsExactly(entry);
        assertThat(store.purge(NOW.plus(Duration.ofDays(1)), 100).sessions())
                .as(what)
                .isZero();
    }

    private GivenSession withCredential() {
        return Given.session(session.subject()).secret("first").build();
    }

    private void setRow(GivenSession of, UnaryOperator<byte[]> change) {
        RedisCommands<byte[], byte[]> redis = SHARED.commands();
        byte[] rows = (partition + "s" + bucket).getBytes(StandardCharsets.US_ASCII);
        byte[] key = of.row().key().toBytes();
        redis.hset(rows, key, change.apply(redis.hget(rows, key)));
    }

    private static byte[] lengthened(byte[] row, int at, int length) {
        return withByte(withByte(row, at, length >> 8), at + 1, length);
    }

    private static byte[] withByte(byte[] row, int at, int value) {
        row[at] = (byte) value;
        return row;
    }

    @Test
    void an_exchange_whose_notice_cannot_be_left_changes_nothing() {
        GivenSession with = withCredential();
        store.insert(with.row(), SessionLimit.unlimited(), NOW);
        String key = replaced("n");

        names(
                key,
                "zset",
                () -> store.rotate(with.ref(), Given.exchange("first", "second").withNotice(), NOW));

        assertThat(store.find(with.ref(), NOW).orElseThrow().session().secretHash())
                .isEqualTo(with.row().secretHash());
    }

    private GivenSession loggedIn(int second) {
        GivenSession next =
                Given.session(session.subject()).began(NOW.plusMillis(second)).build();
        store.insert(next.row(), SessionLimit.unlimited(), NOW);
        return next;
    }

    private static String spelled(GivenSession of) {
        return HexFormat.of().formatHex(of.row().key().toBytes()).replaceAll("..", "\\\\x$0");
    }

    private List<LookupKey> keysOf(ListQuery query) {
        List<LookupKey> keys = new ArrayList<>();
        SessionPage page = store.list(session.subject(), query, NOW);
        page.sessions().forEach(found -> keys.add(found.session().key()));
        while (page.next().isPresent()) {
            page = store.list(session.subject(), query.after(page.next().get()), NOW);
            page.sessions().forEach(found -> keys.add(found.session().key()));
        }
        return keys;
    }

    @Test
    void a_notice_that_is_none_makes_loads_incomplete() {
        SHARED.server().send("ZADD " + partition + "n 1 " + VALUE);

        FeedRead.Page page = (FeedRead.Page) store.feed().readAfter(FeedPosition.beginning(), 500, NOW);
        assertThat(page.undecodable()).isEqualTo(1);
    }

    @Test
    void a_horizon_and_an_installation_that_are_no_numbers_are_named() {
        SHARED.server().send("HSET " + partition + "w H " + VALUE);
        says(
                partition + "w holds a field H that is no number",
                () -> store.revocationsCovering(session.token("t"), NOW));
        says(
                partition + "w holds a field H that is no number",
                () -> store.feed().readAfter(position, 10, NOW));
        failsAtOnce(partition + "w");

        SHARED.server().send("HDEL " + partition + "w H");
        SHARED.server().send("HSET " + partition + "w R " + VALUE);
        says(
                partition + "w holds no number of partitions or no retention",
                () -> Stores.opened(RedisSessionStore.on(SHARED.client()).partitions(2)));
    }

    /** Any other thing at the place of a key. */
    private String replaced(String name) {
        String key = partition + name;
        SHARED.server().send("DEL " + key);
        SHARED.server().send("SET " + key + " " + VALUE);
        return key;
    }

    private void garbage(String line) {
        assertThat(SHARED.server().send("XADD " + partition + "f " + line)).startsWith("$");
    }

    private long lastNumber() {
        return position.marks().get(session.row().bucket() & 1).number();
    }

    private void isFollowedAfterALoad() {
        FeedPosition loaded = Stores.caughtUp(store);
        assertThat(store.feed().readAfter(loaded, 10, NOW)).isInstanceOf(FeedRead.Page.class);
        Stores.revoke(store, session.target(), NOW);
        FeedRead.Page page = (FeedRead.Page) store.feed().readAfter(loaded, 10, NOW);
        assertThat(page.entries()).hasSize(1);
        assertThat(page.undecodable()).isZero();
    }

    private static void names(String key, String wanted, ThrowingCallable verb) {
        says("the Redis key " + key + " holds a string, where Curfew wants a " + wanted, verb);
    }

    private static void says(String sentence, ThrowingCallable verb) {
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(verb)
                .withMessageContaining(sentence)
                .withMessageNotContaining(VALUE)
                .withCauseInstanceOf(DamagedKeyException.class);
    }

    /** A node that starts does not wait for what no waiting mends. */
    private void failsAtOnce(String key) {
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> RevocationReplica.of(store, Given.SETTINGS).start())
                .withMessageContaining(key)
                .withMessageNotContaining("loadWithin")
                .withMessageNotContaining(VALUE);
    }
}
