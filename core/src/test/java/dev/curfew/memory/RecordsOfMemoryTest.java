package dev.curfew.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.contract.Given;
import dev.curfew.session.LookupKey;
import dev.curfew.store.BeforeHorizonException;
import dev.curfew.store.RecordKey;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.StoreFullException;
import dev.curfew.store.StoreSettings;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How many bytes of shared records a store in memory holds. */
class RecordsOfMemoryTest {
    private static final Instant END = Given.NOW.plusSeconds(60);

    private final InMemorySessionStore store =
            InMemorySessionStore.builder().maxRecordBytes(1_000).build();
    private final SharedRecords records = store.ability(SharedRecords.class).orElseThrow();

    RecordsOfMemoryTest() {
        store.open(Given.SETTINGS, Given.BIRTH);
    }

    private static RecordKey key(int number) {
        return new RecordKey(LookupKey.of("group"), new LookupKey(number, 0));
    }

    private boolean write(int number, int bytes) {
        long version =
                records.read(key(number), Given.NOW).map(one -> one.version()).orElse(0L);
        return records.write(key(number), version, new byte[bytes], END, Given.NOW);
    }

    private void isFull(int number, int bytes) {
        assertThatExceptionOfType(StoreFullException.class)
                .isThrownBy(() -> write(number, bytes))
                .withMessageContaining("maxRecordBytes=1000");
    }

    @Test
    void what_would_be_too_much_is_refused_and_changes_nothing() {
        assertThat(write(1, 300)).isTrue();
        assertThat(write(2, 300)).isTrue();

        isFull(3, 0);
        isFull(2, 301);

        assertThat(records.read(key(3), Given.NOW)).isEmpty();
        assertThat(records.read(key(2), Given.NOW).orElseThrow().size()).isEqualTo(300);
        assertThat(write(2, 300)).as("as long as before").isTrue();
    }

    @Test
    void a_shorter_value_a_removal_and_a_purge_make_room() {
        assertThat(write(1, 800)).isTrue();
        isFull(2, 0);

        assertThat(write(1, 100)).isTrue();
        assertThat(write(2, 500)).isTrue();
        isFull(3, 0);
        assertThat(records.remove(
                        key(2), records.read(key(2), Given.NOW).orElseThrow().version(), Given.NOW))
                .isTrue();
        assertThat(write(3, 500)).isTrue();

        Instant later = END.plus(StoreSettings.PURGE_DELAY);
        Instant before = later.minusMillis(1);
        assertThatExceptionOfType(StoreFullException.class)
                .isThrownBy(() -> records.write(key(4), 0, new byte[800], later.plusSeconds(9), before));
        store.purge(later, 10);
        assertThat(records.write(key(4), 0, new byte[800], later.plusSeconds(9), later))
                .isTrue();
    }

    @Test
    void the_bound_must_be_positive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InMemorySessionStore.builder().maxRecordBytes(0))
                .withMessageContaining("maxRecordBytes");
    }

    @Test
    void what_a_purge_would_take_away_makes_room_for_who_finds_none() {
        assertThat(write(1, 800)).isTrue();
        Instant later = END.plus(StoreSettings.PURGE_DELAY);

        assertThat(records.write(key(2), 0, new byte[800], later.plusSeconds(9), later))
                .isTrue();
        // As after any purge: a clock that is so far behind would take a version for one that it is not.
        assertThatExceptionOfType(BeforeHorizonException.class)
                .isThrownBy(() -> records.read(key(1), END.minusSeconds(1)));
    }
}
