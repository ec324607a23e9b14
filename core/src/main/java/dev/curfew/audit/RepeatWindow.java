package dev.curfew.audit;

import dev.curfew.audit.AuditRecord.Field;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts records from an instant on, and says in one record what they have in common. Guarded by its owner. */
final class RepeatWindow {
    private final Instant since;
    private final Duration length;
    private @Nullable AuditRecord common;
    private long count;

    RepeatWindow(Instant since, Duration length) {
        this.since = since;
        this.length = length;
    }

    /** A clock that was set back ends it too: it would stay open for who knows how long. */
    boolean isOver(Instant now) {
        return !now.isBefore(since.plus(length)) || now.isBefore(since);
    }

    void count(AuditRecord record) {
        count++;
        common = common == null ? record : common(common, record);
    }

    /** The record that stands for all that were counted, or null if there were none. */
    @Nullable
    AuditRecord summary() {
        if (common == null) {
            return null;
        }
        Map<Field, String> fields = new EnumMap<>(Field.class);
        fields.putAll(common.fields());
        fields.put(Field.COUNT, Long.toString(count));
        return new AuditRecord(common.id() + ":repeats", common.at(), common.event(), common.result(), fields);
    }

    /** The name of the first and the instant of the last, with the fields of which both say the same. */
    private static AuditRecord common(AuditRecord first, AuditRecord last) {
        if (first.fields().equals(last.fields())) {
            return new AuditRecord(first.id(), last.at(), first.event(), first.result(), first.fields());
        }
        Map<Field, String> shared = new EnumMap<>(Field.class);
        first.fields().forEach((field, value) -> {
            if (value.equals(last.fields().get(field))) {
                shared.put(field, value);
            }
        });
        return new AuditRecord(first.id(), last.at(), first.event(), first.result(), shared);
    }
}
