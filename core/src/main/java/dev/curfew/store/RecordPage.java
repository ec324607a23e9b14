package dev.curfew.store;

import dev.curfew.session.LookupKey;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A part of a group of records, in the order of their items. Immutable.
 *
 * @param records unmodifiable; may be empty although there are more
 * @param unreadable those between them whose values cannot be opened, which stand there all the same: who must act on
 *     each record of the group has not done so while one is here; unmodifiable
 * @param next the item behind which the listing goes on, or nothing at the end
 */
public record RecordPage(List<SharedRecord> records, List<UnreadableRecord> unreadable, Optional<LookupKey> next) {
    /** Copies the lists. */
    public RecordPage {
        records = List.copyOf(records);
        unreadable = List.copyOf(unreadable);
        Objects.requireNonNull(next, "next");
    }

    /**
     * A page of records that can all be read.
     *
     * @param records in the order of their items, copied
     * @param next the item behind which the listing goes on, or nothing at the end
     */
    public RecordPage(List<SharedRecord> records, Optional<LookupKey> next) {
        this(records, List.of(), next);
    }
}
