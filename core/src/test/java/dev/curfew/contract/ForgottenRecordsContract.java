package dev.curfew.contract;

import static dev.curfew.contract.GivenRecords.GROUP;
import static dev.curfew.contract.GivenRecords.LIFE;
import static dev.curfew.contract.GivenRecords.itemsOf;
import static dev.curfew.contract.GivenRecords.key;
import static dev.curfew.contract.GivenRecords.numbered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.session.LookupKey;
import dev.curfew.store.BeforeHorizonException;
import dev.curfew.store.PurgeResult;
import dev.curfew.store.RecordKey;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.StoreSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When records are forgotten and removed, and what a wrong clock does to them. */
@Tag("ForgettingRecords")
abstract class ForgottenRecordsContract extends StoreContract {
    private static final RecordKey KEY = key("one");
    private static final Duration TICK = Duration.ofMillis(1);
    private static final int PLENTY = 10_000;

    private GivenRecords records;

    ForgottenRecordsContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void needsTheAbility() {
        needs(StoreCapability.SHARED_RECORDS);
        records = GivenRecords.of(store(), clock);
    }

    /** Servers are shared by tests. */
    @AfterEach
    void setServerRight() {
        if (fixture().capabilities().contains(StoreCapability.OWN_CLOCK)) {
            fixture().storeClockAhead(Duration.ZERO);
        }
    }

    /** Purges until nothing is left to remove; answers how many calls had more behind them. */
    private int purge(int limit) {
        int full = 0;
        PurgeResult result;
        do {
            result = store().purge(now(), limit);
            assertThat(result.sessions() + result.revocations()).isZero();
            full += result.hasMore() ? 1 : 0;
        } while (result.hasMore() && full < PLENTY);
        return full;
    }

    @Test
    void a_record_counts_as_absent_from_its_instant_on() {
        long version = records.create(KEY, "a");
        RecordKey staying = key("staying");
        records.create(staying, "b", now().plus(LIFE).plus(TICK));
        clock.advance(LIFE.minus(TICK));
        assertThat(records.read(KEY)).isPresent();
        assertThat(records.all()).hasSize(2);

        clock.advance(TICK);

        assertThat(records.read(KEY)).isEmpty();
        assertThat(itemsOf(records.all())).containsExactly(staying.item());
        assertThat(records.write(KEY, version, "too late")).isFalse();
        assertThat(records.remove(KEY, version)).isFalse();
        assertThat(records.read(KEY)).isEmpty();
    }

    @Test
    void the_key_of_a_forgotten_record_is_free_and_an_old_writer_does_not_win_there() {
        long version = records.create(KEY, "a");
        clock.advance(LIFE);

        long next = records.create(KEY, "b");

        assertThat(next).isNotIn(version, version + 1);
        assertThat(records.write(KEY, version, "too late")).isFalse();
        assertThat(records.write(KEY, 0, "too late")).isFalse();
        assertThat(records.remove(KEY, version)).isFalse();
        assertThat(GivenRecords.text(records.read(KEY).orElseThrow())).isEqualTo("b");
        assertThat(records.all()).hasSize(1);
    }

    @Test
    void an_old_writer_does_not_win_over_what_was_purged_and_written_anew() {
        long version = records.create(KEY, "a");
        clock.advance(LIFE.plus(StoreSettings.PURGE_DELAY));
        purge(PLENTY);

        long next = records.create(KEY, "b");

        assertThat(next).isNotIn(version, version + 1);
        assertThat(records.write(KEY, version, "too late")).isFalse();
    }

    @Test
    void an_expired_lease_is_taken_once() {
        records.create(KEY, "held by a node that is gone", now().plusSeconds(30));
        assertThat(records.write(KEY, 0, "too early")).isFalse();
        clock.advance(Duration.ofSeconds(30));

        assertThat(records.write(KEY, 0, "first")).isTrue();
        assertThat(records.write(KEY, 0, "second")).isFalse();
        assertThat(GivenRecords.text(records.read(KEY).orElseThrow())).isEqualTo("first");
    }

    @Test
    void each_write_moves_the_end_forwards_or_back() {
        long version = records.create(KEY, "a");
        assertThat(records.write(KEY, version, "longer", now().plus(Duration.ofDays(50))))
                .isTrue();
        clock.advance(Duration.ofDays(49));
        purge(PLENTY);
        assertThat(records.version(KEY)).isEqualTo(version + 1);

        assertThat(records.write(KEY, version + 1, "shorter", now().plus(TICK))).isTrue();
        clock.advance(TICK);

        assertThat(records.read(KEY)).isEmpty();
    }

    @Test
    void a_short_record_takes_none_of_the_others_of_its_group_with_it() {
        RecordKey longer = key("longer");
        records.create(longer, "a", now().plus(Duration.ofDays(90)));
        records.create(KEY, "b", now().plusSeconds(1));
        clock.advance(Duration.ofDays(1));
        purge(PLENTY);
        records.create(KEY, "c", now().plusSeconds(1));
        clock.advance(Duration.ofDays(88));
        purge(PLENTY);

        assertThat(itemsOf(records.all())).containsExactly(longer.item());
        assertThat(GivenRecords.text(records.read(longer).orElseThrow())).isEqualTo("a");
    }

    @Test
    void an_end_between_two_milliseconds_is_the_earlier_one() {
        Instant end = now().plus(LIFE);
        records.create(KEY, "a", end.plusNanos(999_999));

        assertThat(records.read(KEY).orElseThrow().forgetAfter()).isEqualTo(end);
        clock.set(end.minusNanos(1));
        assertThat(records.read(KEY)).isPresent();
        clock.set(end);
        assertThat(records.read(KEY)).isEmpty();
    }

    @Test
    void a_purge_removes_what_was_forgotten_an_hour_ago_and_nothing_sooner() {
        needs(StoreCapability.HORIZON);
        Instant written = now();
        records.create(KEY, "a");
        SharedRecord standing = records.read(KEY).orElseThrow();
        clock.advance(LIFE.plus(StoreSettings.PURGE_DELAY).minus(TICK));
        purge(PLENTY);
        Instant early = now();
        clock.set(written);
        assertThat(records.read(KEY)).as("as it was").contains(standing);

        clock.set(early.plus(TICK));
        purge(PLENTY);

        assertThat(records.read(KEY)).isEmpty();
        clock.set(written);
        assertThatExceptionOfType(BeforeHorizonException.class).isThrownBy(() -> records.read(KEY));
        clock.set(standing.forgetAfter());
        assertThat(records.read(KEY)).isEmpty();
    }

    @Test
    void what_a_purge_removes_counts_towards_its_limit() {
        for (int i = 0; i < 25; i++) {
            records.create(
                    new RecordKey(LookupKey.of("group", "" + i % 4), numbered(i).item()), "a");
        }
        records.create(KEY, "staying", now().plus(Duration.ofDays(1)));
        clock.advance(LIFE.plus(StoreSettings.PURGE_DELAY));

        assertThat(purge(10)).as("calls that had more behind them").isEqualTo(2);

        assertThat(records.read(KEY)).isPresent();
        assertThat(purge(10)).isZero();
    }

    @Test
    void a_record_that_was_written_anew_after_it_was_forgotten_is_not_purged() {
        records.create(KEY, "a");
        clock.advance(LIFE.plus(StoreSettings.PURGE_DELAY));
        records.create(KEY, "b");
        SharedRecord standing = records.read(KEY).orElseThrow();

        purge(PLENTY);

        assertThat(records.read(KEY)).contains(standing);
        assertThat(records.all()).containsExactly(standing);
    }

    @Test
    void a_purge_of_records_alone_leaves_a_horizon_before_which_every_verb_refuses_and_writes_nothing() {
        needs(StoreCapability.HORIZON);
        records.create(key("gone"), "a");
        long version = records.create(KEY, "b", now().plus(Duration.ofDays(1)));
        clock.advance(LIFE.plus(StoreSettings.PURGE_DELAY));
        purge(PLENTY);
        Instant horizon = now().minus(StoreSettings.PURGE_DELAY);
        Map<String, Runnable> verbs = new LinkedHashMap<>();
        verbs.put("read", () -> records.read(KEY));
        verbs.put("read of nothing", () -> records.read(key("gone")));
        verbs.put("write", () -> records.write(KEY, version, "c"));
        verbs.put("write of another version", () -> records.write(KEY, version + 1, "c"));
        verbs.put("write of a new one", () -> records.write(key("new"), 0, "c"));
        verbs.put("write of one that stands", () -> records.write(KEY, 0, "c"));
        verbs.put("remove", () -> records.remove(KEY, version));
        verbs.put("remove of another version", () -> records.remove(KEY, version + 1));
        verbs.put("list", records::all);
        verbs.put("list of nothing", () -> records.all(LookupKey.of("none"), 10));

        clock.set(horizon.minus(TICK));
        verbs.forEach((name, verb) -> assertThatExceptionOfType(BeforeHorizonException.class)
                .as(name)
                .isThrownBy(verb::run)
                .satisfies(e -> assertThat(e.mayHaveHappened()).isFalse()));

        clock.set(horizon);
        assertThat(records.version(KEY)).isEqualTo(version);
        assertThat(records.all()).hasSize(1);
        assertThat(records.write(KEY, version, "c")).isTrue();
        assertThat(records.remove(KEY, version + 1)).isTrue();
    }

    @Test
    void a_clock_that_was_ahead_for_a_while_loses_nothing_that_stays_and_revives_nothing() {
        Instant right = now();
        long version = records.create(KEY, "a");
        SharedRecord standing = records.read(KEY).orElseThrow();

        clock.set(right.plus(LIFE).plusSeconds(1));
        assertThat(records.read(KEY)).isEmpty();
        assertThat(records.all()).isEmpty();
        assertThat(records.write(KEY, version, "b")).isFalse();
        clock.set(right);

        assertThat(records.read(KEY)).contains(standing);
        assertThat(records.all()).containsExactly(standing);
        assertThat(records.write(KEY, 0, "b")).isFalse();
        assertThat(records.remove(KEY, version)).isTrue();
        clock.set(right.plus(LIFE).plusSeconds(1));
        assertThat(records.read(KEY)).isEmpty();
        clock.set(right);
        assertThat(records.read(KEY)).as("what was removed does not come back").isEmpty();
    }

    @Test
    void a_node_whose_clock_alone_is_ahead_neither_misses_a_record_nor_takes_its_place() {
        needs(StoreCapability.OWN_CLOCK);
        long version = records.create(KEY, "a");
        Duration ahead = Duration.ofDays(2);

        clock.advance(ahead);
        fixture().storeClockAhead(ahead.negated());
        assertThat(records.version(KEY)).isEqualTo(version);
        assertThat(records.all()).hasSize(1);
        assertThat(records.write(KEY, 0, "b")).isFalse();
        assertThat(records.write(KEY, version, "c")).isTrue();
        assertThat(records.remove(KEY, version)).isFalse();
        clock.advance(ahead.negated());
        fixture().storeClockAhead(Duration.ZERO);

        assertThat(records.version(KEY)).isEqualTo(version + 1);
        clock.advance(ahead);
        fixture().storeClockAhead(ahead.negated());
        assertThat(records.remove(KEY, version + 1)).isTrue();
    }

    @Test
    void a_record_is_forgotten_once_the_later_of_both_clocks_says_so() {
        needs(StoreCapability.OWN_CLOCK);
        long version = records.create(KEY, "a");
        Duration ahead = Duration.ofDays(2);

        fixture().storeClockAhead(ahead);
        assertThat(records.version(KEY)).as("the server is ahead").isEqualTo(version);
        assertThat(records.write(KEY, 0, "b")).isFalse();
        clock.advance(LIFE);
        assertThat(records.read(KEY)).isEmpty();
        assertThat(records.all()).isEmpty();
        assertThat(records.write(KEY, version, "b")).isFalse();
        records.create(KEY, "c");
    }

    @Test
    void the_groups_of_a_listing_hold_only_what_is_not_forgotten() {
        for (int i = 0; i < 40; i++) {
            records.create(numbered(i), "a", now().plusSeconds(1 + i % 4));
        }

        for (int second = 1; second <= 4; second++) {
            clock.advance(Duration.ofSeconds(1));
            List<SharedRecord> listed = records.all(GROUP, 3);
            assertThat(listed).hasSize(40 - 10 * second);
            assertThat(listed).noneMatch(one -> one.isForgotten(now()));
            assertThat(itemsOf(listed)).isSorted();
        }
    }
}
