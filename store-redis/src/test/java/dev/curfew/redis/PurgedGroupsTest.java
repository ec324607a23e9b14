package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.session.LookupKey;
import dev.curfew.store.RecordKey;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.StoreSettings;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A purge of many groups of shared records: how much it asks for, and how much it removes. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PurgedGroupsTest {
    @RegisterExtension
    static final SharedRedis SHARED = new SharedRedis();

    private static final Instant END = Given.NOW.plusSeconds(60);
    private static final Instant LATER = END.plus(StoreSettings.PURGE_DELAY);
    private static final Pattern SENT = Pattern.compile("total_net_output_bytes:(\\d+)");
    private static final int GROUPS = 70;
    private static final int IN_FIRST = 40;

    private final RedisKeys keys = new RedisKeys("curfew", 16);
    private RedisSessionStore store;
    private RedisCommands<byte[], byte[]> redis;

    @BeforeEach
    void connect() {
        store = SHARED.store();
        redis = SHARED.commands();
    }

    @Test
    void a_purge_asks_for_no_more_groups_than_it_may_remove_records() {
        int groups = 5_000;
        int partition = 3;
        redis.zadd(
                keys.dueRecords(partition),
                IntStream.iterate(0, i -> i + 1)
                        .mapToObj(PurgedGroupsTest::group)
                        .filter(group -> keys.partitionOf(group.bucket()) == partition)
                        .limit(groups)
                        .flatMap(group -> Stream.<Object>of((double) END.toEpochMilli(), group.toBytes()))
                        .toArray());
        long before = sent();

        assertThat(store.purge(LATER, 10).hasMore()).isTrue();

        assertThat(sent() - before)
                .as("bytes, fewer than all groups have")
                .isLessThan((long) groups * LookupKey.BYTES / 2);
        // They have lost their keys, so that nothing is there to remove; still each goes.
        int calls = 1;
        while (store.purge(LATER, 1_000).hasMore()) {
            assertThat(calls++).isLessThan(groups / 1_000 + 1);
        }
        assertThat(redis.zcard(keys.dueRecords(partition))).isZero();
    }

    private long sent() {
        Matcher matcher = SENT.matcher(redis.info("stats"));
        assertThat(matcher.find()).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    @Test
    void a_purge_removes_as_many_records_as_it_may_however_they_are_spread_over_groups() {
        SharedRecords records = store.ability(SharedRecords.class).orElseThrow();
        for (int i = 0; i < GROUPS + IN_FIRST; i++) {
            RecordKey key = new RecordKey(group(i < GROUPS ? i : 0), new LookupKey(i, 0));
            assertThat(records.write(key, 0, new byte[] {1}, END, Given.NOW)).isTrue();
        }
        RecordKey staying = new RecordKey(group(1), LookupKey.of("staying"));
        assertThat(records.write(staying, 0, new byte[] {1}, LATER.plusSeconds(1), Given.NOW))
                .isTrue();

        assertThat(store.purge(LATER, 5).hasMore()).isTrue();
        assertThat(standing()).isEqualTo(GROUPS + IN_FIRST + 1 - 5);
        assertThat(store.purge(LATER, 90).hasMore()).isTrue();
        assertThat(standing()).isEqualTo(GROUPS + IN_FIRST + 1 - 95);
        assertThat(store.purge(LATER, 90).hasMore()).isFalse();

        assertThat(standing()).isEqualTo(1);
        assertThat(records.read(staying, LATER)).isPresent();
    }

    private static LookupKey group(int number) {
        return LookupKey.of("group", "" + number);
    }

    private long standing() {
        return IntStream.range(0, GROUPS)
                .mapToLong(i -> redis.hlen(keys.records(group(i)).get(0)))
                .sum();
    }
}
