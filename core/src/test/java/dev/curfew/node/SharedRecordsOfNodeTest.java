package dev.curfew.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.Given;
import dev.curfew.contract.ManualClock;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.meter.Meter;
import dev.curfew.session.LookupKey;
import dev.curfew.store.RecordKey;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.testkit.TestStore;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Shared records as a node's services reach them: behind the meters, and behind the replica. */
class SharedRecordsOfNodeTest {
    private static final RecordKey KEY = new RecordKey(LookupKey.of("group"), LookupKey.of("item"));
    private static final Instant END = Given.NOW.plusSeconds(60);

    private final ManualClock clock = ManualClock.at(Given.NOW);

    private static void useAll(SharedRecords records) {
        assertThat(records.write(KEY, 0, new byte[] {1}, END, Given.NOW)).isTrue();
        long version = records.read(KEY, Given.NOW).orElseThrow().version();
        assertThat(records.write(KEY, version, new byte[] {2}, END, Given.NOW)).isTrue();
        assertThat(records.list(KEY.group(), Optional.empty(), 10, Given.NOW).records())
                .hasSize(1);
        assertThat(records.remove(KEY, version + 1, Given.NOW)).isTrue();
    }

    private static long count(OpenedStore node, String name, Map<String, String> tags) {
        return node.meters().stream()
                .filter(meter ->
                        meter.name().equals(name) && meter.tags().entrySet().containsAll(tags.entrySet()))
                .mapToLong(meter -> meter instanceof Meter.Timer timer
                        ? timer.count().getAsLong()
                        : ((Meter.Counter) meter).count().getAsLong())
                .sum();
    }

    private static void countsAll(OpenedStore node) {
        assertThat(count(node, "curfew.store.calls", Map.of("call", "write_record")))
                .isEqualTo(2);
        for (String call : new String[] {"read_record", "remove_record", "list_records"}) {
            assertThat(count(node, "curfew.store.calls", Map.of("call", call)))
                    .as(call)
                    .isEqualTo(1);
        }
    }

    @Test
    void they_are_reached_and_counted_without_a_replica() {
        try (OpenedStore node =
                OpenedStore.open(InMemorySessionStore.create(), Given.SETTINGS, clock, System::nanoTime, null)) {
            useAll(node.store().ability(SharedRecords.class).orElseThrow());

            countsAll(node);
        }
    }

    @Test
    void they_are_reached_and_counted_behind_a_replica() {
        try (OpenedStore node = OpenedStore.open(
                InMemorySessionStore.create(), Given.SETTINGS, clock, System::nanoTime, replica -> replica)) {
            useAll(node.store().ability(SharedRecords.class).orElseThrow());

            countsAll(node);
        }
    }

    @Test
    void an_outage_is_counted_and_told_as_trouble() {
        TestStore store = TestStore.over(InMemorySessionStore.create(), clock);
        try (OpenedStore node = OpenedStore.open(store, Given.SETTINGS, clock, System::nanoTime, null)) {
            SharedRecords records = node.store().ability(SharedRecords.class).orElseThrow();
            store.fail();

            assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> records.read(KEY, Given.NOW));

            assertThat(count(node, "curfew.store.errors", Map.of("call", "read_record", "kind", "unavailable")))
                    .isEqualTo(1);
            assertThat(node.trouble())
                    .hasValueSatisfying(trouble -> assertThat(trouble).startsWith("read_record"));
        }
    }
}
