package dev.curfew.jdbc.audit;

import dev.curfew.audit.AuditRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A part of what a query finds in the audit trail, the newest in front. Immutable. */
public final class AuditPage {
    private final List<AuditRecord> records;
    private final int unreadable;
    private final @Nullable AuditCursor next;

    private AuditPage(List<AuditRecord> records, int unreadable, @Nullable AuditCursor next) {
        this.records = records;
        this.unreadable = unreadable;
        this.next = next;
    }

    static AuditPage of(List<AuditRow> rows, int limit) {
        List<AuditRecord> records =
                rows.stream().map(AuditRow::toRecord).flatMap(Optional::stream).toList();
        AuditCursor next = null;
        if (rows.size() == limit) {
            AuditRow last = rows.get(limit - 1);
            next = new AuditCursor(Instant.ofEpochMilli(last.at()), last.number());
        }
        return new AuditPage(records, rows.size() - records.size(), next);
    }

    /** {@return the records that were found; texts too long for a column are cut, and end in an ellipsis} */
    public List<AuditRecord> records() {
        return records;
    }

    /**
     * {@return how many rows are left out because this version cannot read them} That is 0 unless a newer version, or
     * somebody else, wrote to the table.
     */
    public int unreadable() {
        return unreadable;
    }

    /** {@return where the next page starts, if there may be one} */
    public Optional<AuditCursor> next() {
        return Optional.ofNullable(next);
    }
}
