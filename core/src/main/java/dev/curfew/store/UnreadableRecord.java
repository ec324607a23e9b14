package dev.curfew.store;

import java.util.Objects;

/**
 * A record of {@link SharedRecords} that stands in its group and whose value cannot be opened: its key is not in the
 * ring any more, or it is damaged. Immutable.
 *
 * @param key where it stands
 * @param version by which it can be removed or written over, positive
 */
public record UnreadableRecord(RecordKey key, long version) {
    /** Checks that nothing is missing. */
    public UnreadableRecord {
        Objects.requireNonNull(key, "key");
        if (version < 1) {
            throw new IllegalArgumentException("the version of a record must be positive");
        }
    }
}
