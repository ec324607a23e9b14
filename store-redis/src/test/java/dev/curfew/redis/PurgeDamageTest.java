package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.session.SubjectId;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever stands in one row, one entry or one member of a set, a purge goes on with all others. */
class PurgeDamageTest {
    @RegisterExtension
    static final SharedRedis SHARED = new SharedRedis();

    private final RedisKeys keys = new RedisKeys("curfew", 2);
    private RedisSessionStore store;
    private RedisCommands<byte[], byte[]> redis;
    private Instant now = Given.NOW;
    private int subjects;

    @BeforeEach
    void start() {
        store = SHARED.closing(
                Stores.opened(RedisSessionStore.on(SHARED.client()).partitions(2)));
        redis = SHARED.commands();
    }

    @Test
    void a_damaged_row_of_a_session_stops_no_purge() {
        GivenSession victim = ended();
        byte[] rows = keys.sessions(victim.row().bucket());
        byte[] key = victim.row().key().toBytes();
        byte[] row = redis.hget(rows, key);
        for (byte[] damaged : damagedForms(row)) {
            redis.hset(rows, key, damaged);
            purgeGoesOn("a row of " + damaged.length + " bytes: " + Arrays.toString(damaged));
        }
        for (byte[] name : List.of(new byte[0], new byte[] {1}, new byte[17], new byte[200])) {
            redis.hset(rows, name, row);
            purgeGoesOn("a row with a name of " + name.length + " bytes");
        }
    }

    @Test
    void a_damaged_entry_stops_no_purge() {
        GivenSession victim = ended();
        byte[] entries = keys.revocations(victim.row().bucket());
        byte[] key = victim.row().key().toBytes();
        for (byte[] damaged : damagedForms(redis.hget(entries, key))) {
            redis.hset(entries, key, damaged);
            purgeGoesOn("an entry of " + damaged.length + " bytes: " + Arrays.toString(damaged));
        }
    }

    @Test
    void a_damaged_member_of_a_set_stops_no_purge() {
        GivenSession victim = ended();
        int bucket = victim.row().bucket();
        int partition = keys.partitionOf(bucket);
        Map<String, byte[]> sets = Map.of(
                "due", keys.due(partition),
                "dueRecords", keys.dueRecords(partition),
                "notices", keys.notices(partition),
                "index", keys.index(bucket),
                "ended", keys.ended(bucket));
        sets.forEach((name, set) -> {
            for (String member :
                    List.of("", "z", "k", "x", "xz", "4096", "99999", "-1", "x-1", "x4096", "9".repeat(40))) {
                redis.zadd(set, 1, member.getBytes(StandardCharsets.US_ASCII));
                purgeGoesOn(name + " with the member '" + member + "'");
            }
        });
        redis.hset(keys.foreign(partition), new byte[] {1}, new byte[] {2});
        purgeGoesOn("foreign");
    }

    /** Cut off, made longer, and each byte of the first ones with other values. */
    private static List<byte[]> damagedForms(byte[] whole) {
        List<byte[]> forms = new ArrayList<>();
        IntStream.of(0, 1, 15, 16, 71, 72, 73, whole.length - 1, whole.length + 300)
                .mapToObj(length -> Arrays.copyOf(whole, length))
                .forEach(forms::add);
        for (int at = 0; at < Math.min(72, whole.length); at++) {
            for (int value : new int[] {0, 0xff}) {
                byte[] form = whole.clone();
                form[at] = (byte) value;
                forms.add(form);
            }
        }
        return forms;
    }

    private GivenSession ended() {
        SubjectId subject = Given.subject("s" + subjects++);
        GivenSession session = Stores.insert(store, subject.value(), now);
        Stores.revoke(store, session.target(), now);
        return session;
    }

    private void purgeGoesOn(String what) {
        GivenSession next = ended();
        now = now.plus(Given.SETTINGS.endedSessionsKept()).plus(Duration.ofHours(3));
        assertThatCode(() -> store.purge(now, 10_000)).as(what).doesNotThrowAnyException();
        assertThat(redis.hexists(
                        keys.sessions(next.row().bucket()), next.row().key().toBytes()))
                .as(what)
                .isFalse();
    }
}
