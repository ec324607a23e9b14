package dev.curfew.status;

import dev.curfew.session.LookupKey;
import dev.curfew.store.RecordKey;
import dev.curfew.store.RecordPage;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.UndecodableRecordException;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The records in which lists stand: one directory, and the pages of each list as a group. Thread-safe; each verb but
 * {@link #pages} is one round trip.
 */
final class ListRecords {
    /** At most about a mebibyte. */
    private static final int PAGES_OF_LISTING = 250;

    private final SharedRecords records;
    private final RecordKey directory;

    /** The lists of one address: those of another one are others. */
    ListRecords(SharedRecords records, URI base) {
        this.records = records;
        this.directory =
                new RecordKey(LookupKey.of("status-lists", base.toString()), LookupKey.of("status-lists", "directory"));
    }

    /** What stands there, with the version that the next write expects. */
    record Versioned<T>(T value, long version) {}

    /** The directory; an empty one of version 0 if there is none. */
    Versioned<ListDirectory> directory(Instant now) {
        return records.read(directory, now)
                .map(found -> new Versioned<>(ListDirectory.decode(found.value()), found.version()))
                .orElse(new Versioned<>(ListDirectory.EMPTY, 0));
    }

    boolean write(long expected, ListDirectory next, Instant now) {
        return records.write(directory, expected, next.encode(), next.keptUntil(), now);
    }

    /** A page; an empty one of version 0 if there is none. */
    Versioned<EntryPage> page(ListState list, int number, Instant now) {
        return records.read(key(list, number), now)
                .map(found -> new Versioned<>(EntryPage.decode(found.value()), found.version()))
                .orElse(new Versioned<>(EntryPage.EMPTY, 0));
    }

    /** False if another version stands there. */
    boolean write(ListState list, int number, long expected, EntryPage next, Instant now) {
        return records.write(key(list, number), expected, next.encode(), list.keptUntil(), now);
    }

    /**
     * Tells the pages of a list from one to another as they come, those that are missing left out. One round trip for
     * each 250; after a failure those that came before it were told.
     *
     * @param first of them
     * @param end behind the last one
     * @throws UndecodableRecordException if one of them cannot be read
     */
    void pages(ListState list, int first, int end, Instant now, Consumer<Numbered> each) {
        Optional<LookupKey> after = first == 0 ? Optional.empty() : Optional.of(item(first - 1));
        int next = first;
        while (next < end) {
            RecordPage page = records.list(group(list), after, Math.min(PAGES_OF_LISTING, end - next), now);
            long unreadable = page.unreadable().stream()
                    .filter(one -> number(one.key()) < end)
                    .count();
            if (unreadable > 0) {
                throw new UndecodableRecordException(unreadable
                        + " pages of a status list cannot be read, so that nobody can say what stands in it");
            }
            for (SharedRecord found : page.records()) {
                int number = number(found.key());
                if (number < end) {
                    each.accept(new Numbered(number, EntryPage.decode(found.value()), found.version()));
                }
            }
            after = page.next();
            next = after.map(item -> (int) item.low() + 1).orElse(end);
        }
    }

    /** A page with its number and its version. */
    record Numbered(int number, EntryPage page, long version) {}

    private static RecordKey key(ListState list, int number) {
        return new RecordKey(group(list), item(number));
    }

    private static LookupKey group(ListState list) {
        return LookupKey.of("status-list", list.id().toString());
    }

    /** In the order of the numbers. */
    private static LookupKey item(int number) {
        return new LookupKey(0, number);
    }

    private static int number(RecordKey key) {
        return (int) key.item().low();
    }
}
