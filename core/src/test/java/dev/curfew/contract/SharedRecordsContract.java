package dev.curfew.contract;

import static dev.curfew.contract.GivenRecords.GROUP;
import static dev.curfew.contract.GivenRecords.LIFE;
import static dev.curfew.contract.GivenRecords.bytes;
import static dev.curfew.contract.GivenRecords.itemsOf;
import static dev.curfew.contract.GivenRecords.key;
import static dev.curfew.contract.GivenRecords.numbered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.curfew.atrest.SealedRecords;
import dev.curfew.atrest.StoredPayloads;
import dev.curfew.crypto.KeyRing;
import dev.curfew.session.LookupKey;
import dev.curfew.store.RecordKey;
import dev.curfew.store.RecordPage;
import dev.curfew.store.SessionStore;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.UndecodableRecordException;
import dev.curfew.store.UnreadableRecord;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Records that all nodes share: their versions, their values and their listing, by stores that have them. */
@Tag("SharingRecords")
abstract class SharedRecordsContract extends StoreContract {
    private static final RecordKey KEY = key("one");

    private GivenRecords records;

    SharedRecordsContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void needsTheAbility() {
        needs(StoreCapability.SHARED_RECORDS);
        records = GivenRecords.of(store(), clock);
    }

    @Test
    void what_was_written_is_read_with_its_key_its_version_and_its_end() {
        Instant end = now().plus(LIFE);

        assertThat(records.write(KEY, 0, "a", end)).isTrue();

        SharedRecord found = records.read(KEY).orElseThrow();
        assertThat(found.version()).isPositive();
        assertThat(found).isEqualTo(new SharedRecord(KEY, found.version(), bytes("a"), end));
        assertThat(records.all()).containsExactly(found);
    }

    @Test
    void where_nothing_stands_nothing_is_read_listed_removed_or_overwritten() {
        assertThat(records.read(KEY)).isEmpty();
        assertThat(records.verbs().list(GROUP, Optional.empty(), 10, now()))
                .isEqualTo(new RecordPage(List.of(), Optional.empty()));
        assertThat(records.remove(KEY, 1)).isFalse();
        assertThat(records.write(KEY, 1, "a")).isFalse();
        assertThat(records.read(KEY)).isEmpty();
    }

    @Test
    void each_write_raises_the_version_by_one() {
        long version = records.create(KEY, "0");
        for (int i = 1; i <= 5; i++) {
            assertThat(records.write(KEY, version, "" + i)).isTrue();
            assertThat(records.version(KEY)).isEqualTo(++version);
        }
        assertThat(GivenRecords.text(records.read(KEY).orElseThrow())).isEqualTo("5");
    }

    @Test
    void a_write_that_expects_another_version_changes_nothing() {
        long version = records.create(KEY, "a");
        assertThat(records.write(KEY, version, "b")).isTrue();
        SharedRecord standing = records.read(KEY).orElseThrow();

        for (long other : new long[] {0, 1, version, version + 2, version - 1, Long.MAX_VALUE}) {
            assertThat(records.write(KEY, other, "c")).as("expecting %s", other).isFalse();
        }

        assertThat(records.read(KEY)).contains(standing);
    }

    @Test
    void of_two_writers_of_one_version_one_wins() {
        long version = records.create(KEY, "a");

        assertThat(records.write(KEY, version, "first")).isTrue();
        assertThat(records.write(KEY, version, "second")).isFalse();

        assertThat(GivenRecords.text(records.read(KEY).orElseThrow())).isEqualTo("first");
    }

    @Test
    void a_write_whose_answer_was_lost_takes_effect_once_and_the_version_tells_that_it_did() {
        long version = records.create(KEY, "a");
        SharedRecords deaf = (SharedRecords) Proxy.newProxyInstance(
                SharedRecords.class.getClassLoader(),
                new Class<?>[] {SharedRecords.class},
                (proxy, verb, arguments) -> {
                    verb.invoke(records.verbs(), arguments);
                    throw StoreUnavailableException.ofWrite(verb.getName(), null);
                });

        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> deaf.write(KEY, version, bytes("mine"), now().plus(LIFE), now()));
            assertThat(records.version(KEY)).isEqualTo(version + 1);
        }
        assertThat(records.write(KEY, version, "repeated")).isFalse();
        assertThat(GivenRecords.text(records.read(KEY).orElseThrow())).isEqualTo("mine");

        RecordKey fresh = key("new");
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> deaf.write(fresh, 0, bytes("mine"), now().plus(LIFE), now()));
        SharedRecord written = records.read(fresh).orElseThrow();
        assertThat(records.write(fresh, 0, "repeated")).isFalse();
        assertThat(records.read(fresh)).contains(written);
    }

    @Test
    void an_old_writer_does_not_win_over_what_was_removed_and_written_anew_however_often() {
        Set<Long> met = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            long version = records.create(KEY, "born " + i);
            assertThat(records.write(KEY, version, "changed")).isTrue();
            assertThat(met).doesNotContain(version, version + 1);
            for (long old : met) {
                assertThat(records.write(KEY, old, "too late")).isFalse();
                assertThat(records.remove(KEY, old)).isFalse();
            }
            met.addAll(List.of(version, version + 1));
            assertThat(records.remove(KEY, version + 1)).isTrue();
        }
    }

    @Test
    void a_removal_that_expects_another_version_removes_nothing() {
        long version = records.create(KEY, "a");
        SharedRecord standing = records.read(KEY).orElseThrow();

        for (long other : new long[] {1, version - 1, version + 1, Long.MAX_VALUE}) {
            assertThat(records.remove(KEY, other)).as("expecting %s", other).isFalse();
        }
        assertThat(records.read(KEY)).contains(standing);

        assertThat(records.remove(KEY, version)).isTrue();
        assertThat(records.remove(KEY, version)).isFalse();
        assertThat(records.read(KEY)).isEmpty();
        assertThat(records.all()).isEmpty();
    }

    @Test
    void a_removal_leaves_the_rest_of_its_group() {
        List<RecordKey> keys = List.of(numbered(1), numbered(2), numbered(3));
        keys.forEach(one -> records.create(one, "a"));

        assertThat(records.remove(keys.get(1), records.version(keys.get(1)))).isTrue();

        assertThat(itemsOf(records.all()))
                .containsExactly(keys.get(0).item(), keys.get(2).item());
        assertThat(records.read(keys.get(0))).isPresent();
    }

    @Test
    void an_empty_value_is_kept_and_so_is_one_of_64_kilobytes_of_any_bytes() {
        byte[] most = new byte[64 * 1024];
        new Random(16).nextBytes(most);
        byte[] each = new byte[256];
        for (int i = 0; i < each.length; i++) {
            each[i] = (byte) i;
        }

        for (byte[] value : List.of(new byte[0], new byte[] {0}, each, most)) {
            RecordKey key = key("of " + value.length + " bytes");
            assertThat(records.verbs().write(key, 0, value, now().plus(LIFE), now()))
                    .isTrue();
            assertThat(records.read(key).orElseThrow().value()).isEqualTo(value);
        }
        assertThat(records.all()).hasSize(4);
        assertThat(SharedRecords.MAX_VALUE).isEqualTo(most.length);
    }

    @Test
    void a_value_over_64_kilobytes_is_refused_and_nothing_is_written() {
        byte[] tooLong = new byte[SharedRecords.MAX_VALUE + 1];
        long version = records.create(KEY, "a");

        for (long expected : new long[] {0, version}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> records.verbs().write(KEY, expected, tooLong, now().plus(LIFE), now()))
                    .withMessageContaining("65537")
                    .withMessageContaining("65536");
        }

        assertThat(records.version(KEY)).isEqualTo(version);
    }

    @Test
    void a_value_is_copied_on_its_way_in_and_out() {
        byte[] value = bytes("abc");
        assertThat(records.verbs().write(KEY, 0, value, now().plus(LIFE), now()))
                .isTrue();
        value[0] = 'x';
        SharedRecord found = records.read(KEY).orElseThrow();
        found.value()[1] = 'y';

        assertThat(GivenRecords.text(found)).isEqualTo("abc");
        assertThat(records.read(KEY)).contains(found);
    }

    @Test
    void what_is_out_of_range_is_refused_and_nothing_is_written() {
        long version = records.create(KEY, "a");
        SharedRecord standing = records.read(KEY).orElseThrow();
        SharedRecords verbs = records.verbs();
        Instant end = now().plus(LIFE);

        assertThatIllegalArgumentException().isThrownBy(() -> records.write(KEY, -1, "b"));
        assertThatIllegalArgumentException().isThrownBy(() -> records.write(KEY, Long.MIN_VALUE, "b"));
        assertThatIllegalArgumentException().isThrownBy(() -> records.write(KEY, version, "b", now()));
        assertThatIllegalArgumentException().isThrownBy(() -> records.write(KEY, version, "b", now().minusMillis(1)));
        assertThatIllegalArgumentException()
                .as("cut to the millisecond")
                .isThrownBy(() -> records.write(KEY, version, "b", now().plusNanos(999_999)));
        assertThatIllegalArgumentException().isThrownBy(() -> records.remove(KEY, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> records.remove(KEY, -version));
        for (int limit : new int[] {Integer.MIN_VALUE, -1, 0, SharedRecords.MAX_LIMIT + 1, Integer.MAX_VALUE}) {
            assertThatIllegalArgumentException().isThrownBy(() -> verbs.list(GROUP, Optional.empty(), limit, now()));
        }
        assertThatNullPointerException().isThrownBy(() -> verbs.write(KEY, version, null, end, now()));
        assertThatNullPointerException().isThrownBy(() -> verbs.write(KEY, version, bytes("b"), null, now()));

        assertThat(records.read(KEY)).contains(standing);
    }

    @Test
    void a_store_that_nobody_opened_refuses_each_verb() {
        GivenRecords unopened = GivenRecords.of(fixture().freshStore(), clock);

        assertThatIllegalStateException().isThrownBy(() -> unopened.read(KEY));
        assertThatIllegalStateException().isThrownBy(() -> unopened.write(KEY, 0, "a"));
        assertThatIllegalStateException().isThrownBy(() -> unopened.remove(KEY, 1));
        assertThatIllegalStateException().isThrownBy(unopened::all);
    }

    @Test
    void a_group_is_listed_by_item_in_the_order_of_unsigned_bytes() {
        List<String> inOrder = List.of(
                "00000000000000000000000000000000",
                "00000000000000000000000000000001",
                "0000000000000000000000000000ff00",
                "00000000000000008000000000000000",
                "000000000000000100000000000000ff",
                "0a000000000000000000000000000000",
                "7fffffffffffffffffffffffffffffff",
                "80000000000000000000000000000000",
                "80000000000000000000000000000001",
                "c3280000000000000000000000000000",
                "ff000000000000000000000000000000",
                "ffffffffffffffffffffffffffffffff");
        List<LookupKey> items = inOrder.stream()
                .map(hex -> LookupKey.fromBytes(HexFormat.of().parseHex(hex)))
                .toList();
        for (LookupKey group : items) {
            List<LookupKey> shuffled = new ArrayList<>(items);
            Collections.shuffle(shuffled, new Random(group.low()));
            shuffled.forEach(item -> records.create(new RecordKey(group, item), group + " " + item));
        }

        for (LookupKey group : items) {
            for (int limit : new int[] {1, 5, 12, 100}) {
                List<SharedRecord> listed = records.all(group, limit);
                assertThat(itemsOf(listed)).containsExactlyElementsOf(items);
                assertThat(listed)
                        .allSatisfy(one -> assertThat(GivenRecords.text(one))
                                .isEqualTo(group + " " + one.key().item()));
            }
        }
    }

    @Test
    void a_page_begins_behind_an_item_whether_it_stands_or_not_and_the_last_one_leads_nowhere() {
        for (int i = 10; i <= 50; i += 10) {
            records.create(numbered(i), "a");
        }
        SharedRecords verbs = records.verbs();

        RecordPage first = verbs.list(GROUP, Optional.empty(), 2, now());
        assertThat(itemsOf(first.records()))
                .containsExactly(numbered(10).item(), numbered(20).item());
        assertThat(first.next()).contains(numbered(20).item());
        assertThat(itemsOf(verbs.list(GROUP, Optional.of(numbered(25).item()), 2, now())
                        .records()))
                .containsExactly(numbered(30).item(), numbered(40).item());
        assertThat(verbs.list(GROUP, Optional.of(numbered(50).item()), 2, now()))
                .isEqualTo(new RecordPage(List.of(), Optional.empty()));
        assertThat(itemsOf(verbs.list(GROUP, Optional.of(numbered(30).item()), 2, now())
                        .records()))
                .containsExactly(numbered(40).item(), numbered(50).item());
        for (int limit = 1; limit <= 6; limit++) {
            assertThat(records.all(GROUP, limit)).hasSize(5);
        }
    }

    @Test
    void a_listing_neither_skips_nor_repeats_what_stays_while_others_are_written_and_removed() {
        List<LookupKey> staying = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            records.create(numbered(i), "a");
            if (i % 3 == 0) {
                staying.add(numbered(i).item());
            }
        }
        Random random = new Random(7);

        List<LookupKey> met = itemsOf(records.all(GROUP, 7, () -> {
            for (int i = 0; i < 12; i++) {
                int number = random.nextInt(120);
                if (number % 3 != 0) {
                    RecordKey key = numbered(number);
                    records.read(key)
                            .ifPresentOrElse(
                                    one -> records.remove(key, one.version()), () -> records.create(key, "again"));
                } else {
                    RecordKey key = numbered(number);
                    assertThat(records.write(key, records.version(key), "changed"))
                            .isTrue();
                }
            }
        }));

        assertThat(met).doesNotHaveDuplicates().isSorted().containsAll(staying);
    }

    @Test
    void records_of_another_group_are_others() {
        RecordKey namesake = new RecordKey(LookupKey.of("records", "bank"), KEY.item());
        long version = records.create(KEY, "shop");

        assertThat(records.read(namesake)).isEmpty();
        assertThat(records.write(namesake, version, "bank")).isFalse();
        records.create(namesake, "bank");
        assertThat(records.remove(KEY, version)).isTrue();

        assertThat(records.all()).isEmpty();
        assertThat(records.all(namesake.group(), 10)).hasSize(1);
        assertThat(GivenRecords.text(records.read(namesake).orElseThrow())).isEqualTo("bank");
    }

    @Test
    void a_record_is_neither_a_session_nor_a_revocation() {
        GivenSession session = loggedIn(alice);
        FeedReader reader = caughtUpReader();
        RecordKey asSession = new RecordKey(alice.key(), session.row().key());

        records.create(asSession, "a");

        assertThat(reader.readOn()).isEmpty();
        assertThat(standing(session).isSameAs(session.row())).isTrue();
        assertThat(live(alice)).containsExactly(session.row().key());
        assertThat(records.remove(asSession, records.version(asSession))).isTrue();
        assertThat(isLive(session)).isTrue();
    }

    @Test
    void what_was_sealed_with_a_key_that_is_gone_is_listed_apart_and_goes_by_its_version() {
        SharedRecords before = sealedWith(1);
        SharedRecords after = sealedWith(2);
        Instant end = now().plus(LIFE);
        for (int i = 0; i < 6; i++) {
            SharedRecords writer = i % 2 == 0 ? before : after;
            assertThat(writer.write(numbered(i), 0, bytes("" + i), end, now())).isTrue();
        }

        RecordPage first = after.list(GROUP, Optional.empty(), 4, now());
        RecordPage last = after.list(GROUP, first.next(), 4, now());

        assertThat(itemsOf(first.records()))
                .containsExactly(numbered(1).item(), numbered(3).item());
        assertThat(first.unreadable()).containsExactly(unreadable(0), unreadable(2));
        assertThat(itemsOf(last.records())).containsExactly(numbered(5).item());
        assertThat(last.unreadable()).containsExactly(unreadable(4));
        assertThat(last.next()).isEmpty();
        assertThatExceptionOfType(UndecodableRecordException.class)
                .isThrownBy(() -> after.read(numbered(4), now()))
                .satisfies(e -> assertThat(e.version()).hasValue(unreadable(4).version()));

        assertThat(after.remove(numbered(0), first.unreadable().get(0).version(), now()))
                .isTrue();
        assertThat(after.write(numbered(2), first.unreadable().get(1).version(), bytes("2"), end, now()))
                .isTrue();
        assertThat(itemsOf(after.list(GROUP, Optional.empty(), 10, now()).records()))
                .containsExactly(
                        numbered(1).item(),
                        numbered(2).item(),
                        numbered(3).item(),
                        numbered(5).item());
        assertThat(after.read(numbered(0), now())).isEmpty();
    }

    private SharedRecords sealedWith(int number) {
        byte[] key = new byte[KeyRing.KEY_BYTES];
        new Random(number).nextBytes(key);
        return new SealedRecords(
                records.verbs(),
                StoredPayloads.encrypted(KeyRing.of("k" + number, key)).records());
    }

    private UnreadableRecord unreadable(int number) {
        return new UnreadableRecord(numbered(number), records.version(numbered(number)));
    }

    @Test
    void each_node_reads_what_another_one_has_written_at_once() {
        needs(StoreCapability.SEVERAL_NODES);
        GivenRecords other = GivenRecords.of(opened(fixture().secondNode()), clock);

        long version = records.create(KEY, "by the first");
        assertThat(other.version(KEY)).isEqualTo(version);
        assertThat(other.write(KEY, version, "by the second")).isTrue();

        assertThat(records.write(KEY, version, "too late")).isFalse();
        assertThat(records.all()).isEqualTo(other.all()).hasSize(1);
        assertThat(records.remove(KEY, version + 1)).isTrue();
        assertThat(other.read(KEY)).isEmpty();
    }

    @Test
    void records_survive_a_restart() {
        needs(StoreCapability.SURVIVES_RESTART);
        records.create(KEY, "a");
        SharedRecord standing = records.read(KEY).orElseThrow();

        SessionStore restarted = opened(fixture().restarted());

        assertThat(GivenRecords.of(restarted, clock).read(KEY)).contains(standing);
        assertThat(GivenRecords.of(restarted, clock).all()).containsExactly(standing);
    }
}
