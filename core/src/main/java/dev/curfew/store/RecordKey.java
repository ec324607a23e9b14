package dev.curfew.store;

import dev.curfew.session.LookupKey;
import java.util.Objects;

/**
 * Names a record of {@link SharedRecords}: the group it is listed in, and its place in the group. Immutable.
 *
 * @param group whose records are listed together; derived from the realm and a name of its own for each kind of record,
 *     so that kinds and realms stay apart
 * @param item the place in the group
 */
public record RecordKey(LookupKey group, LookupKey item) {
    /** Checks that nothing is missing. */
    public RecordKey {
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(item, "item");
    }
}
