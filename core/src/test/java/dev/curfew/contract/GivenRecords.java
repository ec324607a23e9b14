package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.session.LookupKey;
import dev.curfew.store.RecordKey;
import dev.curfew.store.RecordPage;
import dev.curfew.store.SessionStore;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.SharedRecords;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The records of one node, in the words of tests. */
final class GivenRecords {
    static final LookupKey GROUP = LookupKey.of("records", "shop");
    static final Duration LIFE = Duration.ofMinutes(10);

    private static final int TOO_MANY_PAGES = 10_000;

    private final SharedRecords records;
    private final ManualClock clock;

    private GivenRecords(SharedRecords records, ManualClock clock) {
        this.records = records;
        this.clock = clock;
    }

    static GivenRecords of(SessionStore node, ManualClock clock) {
        return new GivenRecords(node.ability(SharedRecords.class).orElseThrow(), clock);
    }

    static RecordKey key(String item) {
        return new RecordKey(GROUP, LookupKey.of("item", item));
    }

    /** An item in the order of the numbers. */
    static RecordKey numbered(int number) {
        return new RecordKey(GROUP, new LookupKey(number, 0));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(SharedRecord one) {
        return new String(one.value(), StandardCharsets.UTF_8);
    }

    SharedRecords verbs() {
        return records;
    }

    boolean write(RecordKey key, long expected, String text) {
        return write(key, expected, text, clock.instant().plus(LIFE));
    }

    boolean write(RecordKey key, long expected, String text, Instant forgetAfter) {
        return records.write(key, expected, bytes(text), forgetAfter, clock.instant());
    }

    /** Writes where nothing stands; answers the version. */
    long create(RecordKey key, String text) {
        return create(key, text, clock.instant().plus(LIFE));
    }

    long create(RecordKey key, String text, Instant forgetAfter) {
        assertThat(write(key, 0, text, forgetAfter)).as("a new record").isTrue();
        return version(key);
    }

    Optional<SharedRecord> read(RecordKey key) {
        return records.read(key, clock.instant());
    }

    long version(RecordKey key) {
        return read(key).orElseThrow().version();
    }

    boolean remove(RecordKey key, long expected) {
        return records.remove(key, expected, clock.instant());
    }

    List<SharedRecord> all() {
        return all(GROUP, SharedRecords.MAX_LIMIT);
    }

    List<SharedRecord> all(LookupKey group, int limit) {
        return all(group, limit, () -> {});
    }

    /** Walks a group; between two pages something may happen. */
    List<SharedRecord> all(LookupKey group, int limit, Runnable between) {
        List<SharedRecord> all = new ArrayList<>();
        Optional<LookupKey> place = Optional.empty();
        for (int pages = 0; pages < TOO_MANY_PAGES; pages++) {
            RecordPage page = records.list(group, place, limit, clock.instant());
            assertThat(page.records()).hasSizeLessThanOrEqualTo(limit);
            all.addAll(page.records());
            if (page.next().isEmpty()) {
                return all;
            }
            Optional<LookupKey> before = place;
            assertThat(before.filter(old -> page.next().orElseThrow().compareTo(old) <= 0))
                    .as("a page that leads nowhere")
                    .isEmpty();
            place = page.next();
            between.run();
        }
        throw new AssertionError("a walk without end");
    }

    static List<LookupKey> itemsOf(List<SharedRecord> all) {
        return all.stream().map(one -> one.key().item()).toList();
    }
}
