package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ErasedRows;
import dev.curfew.store.ListQuery;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.ScopeCursor;
import dev.curfew.store.ScopePage;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an erasure leaves in keys, what it does with rows that cannot be read, and where a walk may go on. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ErasureTest {
    @RegisterExtension
    static final SharedRedis SHARED = new SharedRedis();

    private static final Instant NOW = Given.NOW;

    private final SubjectId alice = Given.subject("alice");
    private final int bucket = alice.key().bucket();
    private final RedisKeys keys = new RedisKeys("curfew", 16);
    private RedisSessionStore store;
    private RedisCommands<byte[], byte[]> redis;

    @BeforeEach
    void start() {
        store = SHARED.store();
        redis = SHARED.commands();
    }

    private GivenSession insert(GivenSession.Builder session) {
        GivenSession built = session.build();
        store.insert(built.row(), SessionLimit.unlimited(), NOW);
        return built;
    }

    private GivenSession.Builder session(int millis) {
        return Given.session(alice).began(NOW.plusMillis(millis));
    }

    private ErasedRows erase(int limit) {
        return store.erase(alice, NOW.plusSeconds(1), limit, NOW);
    }

    @Test
    void no_row_index_or_set_names_an_erased_session_and_those_of_others_stay() {
        GivenSession ended = insert(session(0));
        GivenSession foreign = insert(session(1).foreign("sid-1"));
        Stores.revoke(store, ended.target(), NOW);
        GivenSession later = insert(session(5_000).foreign("sid-2"));
        int stand = traces(later).size();

        assertThat(erase(10)).isEqualTo(new ErasedRows(2, false));

        assertThat(traces(ended)).isEmpty();
        assertThat(traces(foreign)).isEmpty();
        assertThat(traces(later)).hasSize(stand);
        assertThat(redis.hexists(keys.revocations(bucket), ended.row().key().toBytes()))
                .isTrue();
    }

    /** Where the key of a session stands among rows, foreign sessions, and members of the index and the ended ones. */
    private List<String> traces(GivenSession session) {
        byte[] key = session.row().key().toBytes();
        List<String> traces = new ArrayList<>();
        for (byte[] hash : List.of(keys.sessions(bucket), keys.foreign(keys.partitionOf(bucket)))) {
            if (redis.hexists(hash, key)) {
                traces.add(text(hash));
            }
        }
        for (byte[] set : List.of(keys.index(bucket), keys.ended(bucket))) {
            for (byte[] member : redis.zrange(set, 0, -1)) {
                if (HexFormat.of()
                        .formatHex(member)
                        .endsWith(session.row().key().toString())) {
                    traces.add(text(set));
                }
            }
        }
        return traces;
    }

    @Test
    void a_member_whose_row_went_counts_for_nothing_and_hides_no_row() {
        GivenSession gone = insert(session(0));
        GivenSession hidden = insert(session(1));
        redis.hdel(keys.sessions(bucket), gone.row().key().toBytes());
        redis.zrem(
                keys.index(bucket),
                redis.zrange(keys.index(bucket), 0, -1).stream()
                        .filter(member -> HexFormat.of()
                                .formatHex(member)
                                .endsWith(hidden.row().key().toString()))
                        .findFirst()
                        .orElseThrow());

        assertThat(erase(10)).isEqualTo(new ErasedRows(0, true));
        assertThat(erase(10)).isEqualTo(new ErasedRows(1, false));

        assertThat(traces(gone)).isEmpty();
        assertThat(traces(hidden)).isEmpty();
    }

    @Test
    void a_lost_index_is_made_anew_first() {
        insert(session(0));
        GivenSession later = insert(session(5_000));
        redis.del(keys.index(bucket));

        assertThat(erase(10)).isEqualTo(new ErasedRows(1, false));
        assertThat(store.list(alice, ListQuery.all(10), NOW).sessions())
                .singleElement()
                .satisfies(found ->
                        assertThat(found.session().key()).isEqualTo(later.row().key()));
    }

    @Test
    void a_row_of_a_later_version_goes_if_it_began_in_time_also_by_an_index_that_was_made_anew() {
        for (boolean isMadeAnew : new boolean[] {false, true}) {
            GivenSession newer = insert(session(0).foreign("sid-1"));
            GivenSession later = insert(session(5_000));
            makeNewer(newer);
            makeNewer(later);
            if (isMadeAnew) {
                redis.del(keys.index(bucket));
            }

            assertThat(erase(10)).as("%s", isMadeAnew).isEqualTo(new ErasedRows(1, false));

            assertThat(traces(newer)).isEmpty();
            assertThat(traces(later)).hasSize(2);
        }
    }

    @Test
    void a_row_of_which_nothing_is_known_stays_if_its_index_was_lost() {
        GivenSession damaged = insert(session(0));
        redis.hset(keys.sessions(bucket), damaged.row().key().toBytes(), new byte[] {1, 4, 0});
        redis.del(keys.index(bucket));

        assertThat(erase(10)).isEqualTo(new ErasedRows(0, false));
        assertThat(redis.hexists(keys.sessions(bucket), damaged.row().key().toBytes()))
                .isTrue();
    }

    @Test
    void counts_of_a_later_cut_off_are_right_after_an_erasure() {
        insert(session(0));
        Stores.revoke(store, insert(session(1)).target(), NOW);
        insert(session(5_000));
        insert(session(6_000));
        Stores.revoke(store, insert(session(7_000)).target(), NOW);

        assertThat(erase(1)).isEqualTo(new ErasedRows(1, true));
        assertThat(erase(1)).isEqualTo(new ErasedRows(1, false));

        RevokeResult result =
                store.revoke(Given.act(RevocationTarget.subject(alice)).build(), Precondition.none(), NOW);
        assertThat(((RevokeResult.Recorded) result).newlyCovered()).isEqualTo(2);
        assertThat(store.countLive(NOW)).isZero();
    }

    @Test
    void a_row_that_cannot_be_read_is_neither_walked_nor_counted_and_hides_no_other() {
        GivenSession first = insert(session(0));
        GivenSession newer = insert(session(1));
        GivenSession last = insert(session(2));
        makeNewer(newer);
        redis.hset(keys.revocations(bucket), first.row().key().toBytes(), new byte[] {9});

        for (int limit : new int[] {1, 2, 10}) {
            List<LookupKey> met = new ArrayList<>();
            Optional<ScopeCursor> place = Optional.of(ScopeCursor.start());
            while (place.isPresent()) {
                ScopePage page = store.sessionsOf(RevocationTarget.realm(Given.REALM), place.get(), limit, NOW);
                page.sessions().forEach(found -> met.add(found.session().key()));
                place = page.next();
            }
            assertThat(met).containsExactly(last.row().key());
        }
        assertThat(store.countLive(NOW)).isEqualTo(1);
    }

    @Test
    void a_cursor_is_read_strictly() {
        String member = "0f".repeat(44);
        for (String text : List.of(
                "4096-" + member,
                "9999-" + member,
                "00-" + member,
                "7-0f",
                "7-" + member.substring(2),
                "7-" + member + "00",
                "7-" + member.toUpperCase(Locale.ROOT),
                "-" + member,
                "+7-" + member,
                "7_" + member,
                Given.REALM.key().toString())) {
            assertThatIllegalArgumentException()
                    .as(text)
                    .isThrownBy(() ->
                            store.sessionsOf(RevocationTarget.realm(Given.REALM), new ScopeCursor(text), 10, NOW));
            assertThatIllegalArgumentException()
                    .as(text)
                    .isThrownBy(() -> store.payloads(new PayloadCursor(text), 10, NOW));
        }
        // Behind a member, and in front of all of a bucket.
        for (String text : List.of("4095-" + member, "4095-")) {
            assertThat(store.sessionsOf(RevocationTarget.realm(Given.REALM), new ScopeCursor(text), 10, NOW)
                            .next())
                    .isEmpty();
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private void makeNewer(GivenSession session) {
        byte[] key = session.row().key().toBytes();
        byte[] row = redis.hget(keys.sessions(bucket), key);
        row[0] = 99;
        redis.hset(keys.sessions(bucket), key, row);
    }
}
