package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.Given;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.session.LookupKey;
import dev.curfew.store.RecordKey;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.UndecodableRecordException;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In which keys shared records stand, what they cost, and what the loss or damage of a key does. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SharedRecordsTest {
    @RegisterExtension
    static final SharedRedis SHARED = new SharedRedis();

    private static final Pattern EVALSHA = Pattern.compile("cmdstat_evalsha:calls=(\\d+)");
    private static final LookupKey GROUP = LookupKey.of("group");
    private static final Instant NOW = Given.NOW;
    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final Instant END = NOW.plus(LIFE);
    private static final byte[] VALUE = {1, 2, 3};

    private final RedisKeys keys = new RedisKeys("curfew", 16);
    private final List<byte[]> ofGroup = keys.records(GROUP);
    private TestServerClock clock;
    private RedisSessionStore store;
    private SharedRecords records;
    private RedisCommands<byte[], byte[]> redis;

    @BeforeEach
    void start() {
        clock = new TestServerClock();
        store = SHARED.closing(
                Stores.opened(RedisSessionStore.on(SHARED.client()).serverClock(clock)));
        records = store.ability(SharedRecords.class).orElseThrow();
        redis = SHARED.commands();
    }

    private static RecordKey key(int number) {
        return new RecordKey(GROUP, new LookupKey(number, 0));
    }

    private SharedRecord write(int number) {
        assertThat(records.write(key(number), 0, VALUE, END, NOW)).isTrue();
        return records.read(key(number), NOW).orElseThrow();
    }

    private List<SharedRecord> listed() {
        return records.list(GROUP, Optional.empty(), 10, NOW).records();
    }

    private long scripts() {
        Matcher calls = EVALSHA.matcher(redis.info("commandstats"));
        return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }

    @Test
    void each_verb_is_one_script_whether_it_wins_or_not() {
        long version = write(1).version();
        records.list(GROUP, Optional.empty(), 10, NOW);
        assertThat(records.remove(key(2), 1, NOW)).isFalse();
        redis.configResetstat();
        List<Runnable> verbs = List.of(
                () -> assertThat(records.read(key(1), NOW)).isPresent(),
                () -> assertThat(records.write(key(1), 0, VALUE, END, NOW)).isFalse(),
                () -> assertThat(records.write(key(1), version, VALUE, END, NOW))
                        .isTrue(),
                () -> assertThat(listed()).hasSize(1),
                () -> assertThat(records.remove(key(1), version, NOW)).isFalse(),
                () -> assertThat(records.remove(key(1), version + 1, NOW)).isTrue());

        long before = scripts();
        for (Runnable verb : verbs) {
            verb.run();
            assertThat(scripts()).isEqualTo(++before);
        }
    }

    @Test
    void every_key_of_a_group_ends_two_hours_after_the_longest_record() {
        write(1);
        assertThat(records.write(key(2), 0, VALUE, NOW.plus(Duration.ofDays(3)), NOW))
                .isTrue();
        assertThat(records.write(key(3), 0, VALUE, NOW.plusSeconds(1), NOW)).isTrue();

        long longest = Duration.ofDays(3).plusHours(2).toMillis();
        for (byte[] one : ofGroup) {
            assertThat(redis.pttl(one))
                    .isBetween(longest - Duration.ofMinutes(1).toMillis(), longest);
        }
        Keyspace.assertEveryKeyEnds(SHARED.client());
    }

    @Test
    void a_group_whose_last_record_goes_leaves_no_key() {
        long version = write(1).version();
        write(2);

        assertThat(records.remove(key(1), version, NOW)).isTrue();
        store.purge(END.plus(StoreSettings.PURGE_DELAY), 10);

        assertThat(redis.exists(ofGroup.toArray(byte[][]::new))).isZero();
    }

    @Test
    void a_sorted_set_that_was_lost_is_made_anew_from_the_records() {
        List<SharedRecord> all = List.of(write(1), write(2), write(3));
        for (int lost : new int[] {1, 2}) {
            redis.del(ofGroup.get(lost));

            assertThat(listed()).isEqualTo(all);
            assertThat(redis.zcard(ofGroup.get(lost))).isEqualTo(3);
            assertThat(redis.pttl(ofGroup.get(lost))).isPositive();
        }
        redis.del(ofGroup.get(1), ofGroup.get(2));
        assertThat(records.remove(key(2), all.get(1).version(), NOW)).isTrue();
        assertThat(listed()).containsExactly(all.get(0), all.get(2));
        redis.del(ofGroup.get(3));
        long version = records.read(key(1), NOW).orElseThrow().version();
        assertThat(records.write(key(1), version, VALUE, END, NOW)).isTrue();
        store.purge(END.plus(StoreSettings.PURGE_DELAY), 10);
        assertThat(redis.exists(ofGroup.toArray(byte[][]::new))).isZero();
    }

    @Test
    void records_that_are_lost_are_not_answered_as_absent_until_the_last_of_them_was_to_be_forgotten() {
        write(1);
        write(2);
        redis.del(ofGroup.get(0));

        List<Runnable> verbs = List.of(
                () -> records.read(key(1), NOW),
                () -> records.read(key(9), NOW),
                () -> records.write(key(1), 0, VALUE, END, NOW),
                () -> records.write(key(1), 7, VALUE, END, NOW),
                () -> records.remove(key(1), 7, NOW),
                this::listed);
        assertThat(verbs)
                .allSatisfy(verb -> assertThatExceptionOfType(UndecodableRecordException.class)
                        .isThrownBy(verb::run)
                        .withMessageContaining(GROUP.toString())
                        .withMessageContaining("incomplete"));
        RecordKey other = new RecordKey(LookupKey.of("other"), GROUP);
        assertThat(records.write(other, 0, VALUE, END, NOW))
                .as("of another group")
                .isTrue();

        assertThat(records.read(key(1), END)).isEmpty();
        assertThat(records.write(key(1), 0, VALUE, END.plusSeconds(1), END)).isTrue();
    }

    @Test
    void a_purge_is_not_held_up_by_a_group_whose_records_are_lost() {
        write(1);
        redis.del(ofGroup.get(0));
        RecordKey other = new RecordKey(LookupKey.of("other"), GROUP);
        assertThat(records.write(other, 0, VALUE, END, NOW)).isTrue();

        store.purge(END.plus(StoreSettings.PURGE_DELAY), 10);

        assertThat(redis.exists(ofGroup.toArray(byte[][]::new))).isZero();
        assertThat(redis.exists(keys.records(other.group()).get(0))).isZero();
    }

    @Test
    void a_record_that_cannot_be_read_is_named_and_is_no_absent_one() {
        SharedRecord good = write(1);
        write(2);
        byte[] item = key(2).item().toBytes();
        byte[] right = redis.hget(ofGroup.get(0), item);
        byte[] withoutVersion = right.clone();
        Arrays.fill(withoutVersion, 0, 8, (byte) 0);
        byte[] negative = right.clone();
        negative[0] = -1;
        for (byte[] rubbish : List.of(
                new byte[0],
                "rubbish".getBytes(StandardCharsets.UTF_8),
                Arrays.copyOf(right, 21),
                Arrays.copyOf(right, 22 + SharedRecords.MAX_VALUE + 1),
                withoutVersion,
                negative)) {
            redis.hset(ofGroup.get(0), item, rubbish);
            List<Runnable> verbs = List.of(
                    () -> records.read(key(2), NOW),
                    () -> records.write(key(2), 0, VALUE, END, NOW),
                    () -> records.remove(key(2), 7, NOW),
                    this::listed);
            assertThat(verbs)
                    .allSatisfy(verb -> assertThatExceptionOfType(UndecodableRecordException.class)
                            .isThrownBy(verb::run)
                            .withMessageContaining(key(2).item().toString()));
            assertThat(records.read(key(1), NOW)).contains(good);
        }
    }

    @Test
    void a_key_of_another_type_is_an_outage_that_names_it() {
        write(1);
        for (byte[] one : ofGroup) {
            byte[] dump = redis.dump(one);
            redis.set(one, VALUE);

            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> records.write(key(2), 0, VALUE, END, NOW))
                    .havingRootCause()
                    .withMessageContaining(new String(one, StandardCharsets.UTF_8));

            redis.del(one);
            redis.restore(one, 0, dump);
        }
    }

    @Test
    void the_records_of_another_prefix_are_others() {
        write(1);
        RedisSessionStore other = SHARED.closing(Stores.opened(
                RedisSessionStore.on(SHARED.client()).keyPrefix("other").serverClock(clock)));

        SharedRecords others = other.ability(SharedRecords.class).orElseThrow();

        assertThat(others.read(key(1), NOW)).isEmpty();
        assertThat(others.list(GROUP, Optional.empty(), 10, NOW).records()).isEmpty();
        assertThat(others.write(key(1), 0, VALUE, END, NOW)).isTrue();
    }

    @Test
    void a_partition_that_lost_all_its_keys_is_born_again_and_has_no_records() {
        write(1);
        SHARED.empty();

        assertThat(records.read(key(1), NOW)).isEmpty();
        write(1);
    }
}
