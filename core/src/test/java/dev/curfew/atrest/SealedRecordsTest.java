package dev.curfew.atrest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.contract.Given;
import dev.curfew.crypto.KeyRing;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.session.LookupKey;
import dev.curfew.store.RecordKey;
import dev.curfew.store.RecordPage;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.UndecodableRecordException;
import dev.curfew.store.UnreadableRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Values of shared records at rest: what stands in the store, and what opens where. */
class SealedRecordsTest {
    private static final RecordKey KEY = new RecordKey(LookupKey.of("group"), LookupKey.of("item"));
    private static final Instant NOW = Given.NOW;
    private static final Instant END = NOW.plusSeconds(600);
    private static final byte[] VALUE = "alice@example.org".getBytes(StandardCharsets.UTF_8);

    private final KeyRing ring = KeyRing.of("k1", key(1));
    private SharedRecords raw;

    @BeforeEach
    void openStore() {
        InMemorySessionStore store = InMemorySessionStore.create();
        store.open(Given.SETTINGS, Given.BIRTH);
        raw = store.ability(SharedRecords.class).orElseThrow();
    }

    private static byte[] key(int fill) {
        byte[] key = new byte[KeyRing.KEY_BYTES];
        new Random(fill).nextBytes(key);
        return key;
    }

    private SharedRecords sealed(StoredPayloads payloads) {
        return new SealedRecords(raw, payloads.records());
    }

    private byte[] stored(RecordKey key) {
        return raw.read(key, NOW).orElseThrow().value();
    }

    private void move(RecordKey from, RecordKey to) {
        assertThat(raw.write(to, 0, stored(from), END, NOW)).isTrue();
    }

    private void isUnreadable(SharedRecords records, RecordKey key, String why) {
        long version = raw.read(key, NOW).orElseThrow().version();
        assertThatExceptionOfType(UndecodableRecordException.class)
                .isThrownBy(() -> records.read(key, NOW))
                .withMessageContaining(why)
                .withMessageContaining(key.item().toString())
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("alice"))
                .satisfies(e -> assertThat(e.version()).hasValue(version));
        RecordPage page = records.list(key.group(), Optional.empty(), 10, NOW);
        assertThat(page.unreadable()).contains(new UnreadableRecord(key, version));
        assertThat(page.records()).extracting(SharedRecord::key).doesNotContain(key);
    }

    @Test
    void a_value_comes_back_as_it_was_and_stands_sealed_in_the_store() {
        SharedRecords records = sealed(StoredPayloads.encrypted(ring));

        assertThat(records.write(KEY, 0, VALUE, END, NOW)).isTrue();

        SharedRecord found = records.read(KEY, NOW).orElseThrow();
        assertThat(found.value()).isEqualTo(VALUE);
        assertThat(found.version()).isEqualTo(raw.read(KEY, NOW).orElseThrow().version());
        assertThat(found.forgetAfter()).isEqualTo(END);
        assertThat(records.list(KEY.group(), Optional.empty(), 10, NOW).records())
                .containsExactly(found);
        assertThat(new String(stored(KEY), StandardCharsets.ISO_8859_1)).doesNotContain("alice");
        assertThat(records.remove(KEY, found.version(), NOW)).isTrue();
    }

    @Test
    void a_value_that_is_moved_to_another_group_or_item_does_not_open() {
        SharedRecords records = sealed(StoredPayloads.encrypted(ring));
        assertThat(records.write(KEY, 0, VALUE, END, NOW)).isTrue();

        for (RecordKey other : List.of(
                new RecordKey(LookupKey.of("other"), KEY.item()),
                new RecordKey(LookupKey.of("third"), LookupKey.of("other")),
                new RecordKey(KEY.item(), KEY.group()))) {
            move(KEY, other);
            isUnreadable(records, other, "of another record");
        }
        RecordKey sibling = new RecordKey(KEY.group(), LookupKey.of("other"));
        move(KEY, sibling);
        isUnreadable(records, sibling, "of another record");
        assertThat(records.read(KEY, NOW)).isPresent();
        assertThat(records.list(KEY.group(), Optional.empty(), 10, NOW).records())
                .extracting(SharedRecord::key)
                .containsExactly(KEY);
    }

    @Test
    void each_byte_that_is_changed_is_noticed() {
        SharedRecords records = sealed(StoredPayloads.encrypted(ring));
        assertThat(records.write(KEY, 0, VALUE, END, NOW)).isTrue();
        byte[] right = stored(KEY);

        for (int i = 0; i <= right.length; i++) {
            byte[] wrong = i == right.length ? Arrays.copyOf(right, i - 1) : right.clone();
            if (i < right.length) {
                wrong[i] ^= 1;
            }
            long version = raw.read(KEY, NOW).orElseThrow().version();
            assertThat(raw.write(KEY, version, wrong, END, NOW)).isTrue();
            isUnreadable(records, KEY, "cannot be read");
        }
    }

    @Test
    void the_seal_of_a_session_is_no_seal_of_a_record() {
        StoredPayloads payloads = StoredPayloads.encrypted(ring);
        byte[] ofSession = new dev.curfew.crypto.PayloadEnvelope(ring).seal(KEY.item(), VALUE);
        assertThat(raw.write(KEY, 0, ofSession, END, NOW)).isTrue();

        isUnreadable(sealed(payloads), KEY, "of another record");
    }

    @Test
    void who_encrypts_reads_plain_values_only_while_migrating() {
        assertThat(sealed(StoredPayloads.plain()).write(KEY, 0, VALUE, END, NOW))
                .isTrue();

        assertThat(sealed(StoredPayloads.plain()).read(KEY, NOW).orElseThrow().value())
                .isEqualTo(VALUE);
        assertThat(sealed(StoredPayloads.migratingTo(ring))
                        .read(KEY, NOW)
                        .orElseThrow()
                        .value())
                .isEqualTo(VALUE);
        isUnreadable(sealed(StoredPayloads.encrypted(ring)), KEY, "not encrypted");
    }

    @Test
    void a_value_of_a_key_that_is_gone_names_the_key_and_one_of_an_older_key_opens() {
        assertThat(sealed(StoredPayloads.encrypted(ring)).write(KEY, 0, VALUE, END, NOW))
                .isTrue();
        KeyRing rotated =
                KeyRing.builder().current("k2", key(2)).readable("k1", key(1)).build();

        assertThat(sealed(StoredPayloads.encrypted(rotated))
                        .read(KEY, NOW)
                        .orElseThrow()
                        .value())
                .isEqualTo(VALUE);
        isUnreadable(sealed(StoredPayloads.encrypted(KeyRing.of("k2", key(2)))), KEY, "k1");
        isUnreadable(sealed(StoredPayloads.encrypted(KeyRing.of("k1", key(3)))), KEY, "its key is another one");
        isUnreadable(sealed(StoredPayloads.plain()), KEY, "k1");
    }

    @Test
    void the_longest_value_fits_with_the_longest_key_id_and_a_longer_one_is_refused() {
        SharedRecords records = sealed(StoredPayloads.encrypted(KeyRing.of("k".repeat(KeyRing.MAX_ID_LENGTH), key(1))));
        byte[] longest = new byte[SealedRecords.MAX_PLAIN];

        assertThat(records.write(KEY, 0, longest, END, NOW)).isTrue();
        assertThat(stored(KEY)).hasSize(SharedRecords.MAX_VALUE);
        assertThat(records.read(KEY, NOW).orElseThrow().value()).isEqualTo(longest);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> records.write(KEY, 0, new byte[longest.length + 1], END, NOW))
                .withMessageContaining("" + longest.length);
    }

    @Test
    void empty_values_are_kept() {
        for (StoredPayloads payloads : List.of(StoredPayloads.plain(), StoredPayloads.encrypted(ring))) {
            RecordKey key = new RecordKey(KEY.group(), LookupKey.of("" + payloads.areEncrypted()));
            assertThat(sealed(payloads).write(key, 0, new byte[0], END, NOW)).isTrue();
            assertThat(sealed(payloads).read(key, NOW).orElseThrow().value()).isEmpty();
        }
    }
}
