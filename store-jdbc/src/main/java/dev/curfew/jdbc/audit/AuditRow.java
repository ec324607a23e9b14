package dev.curfew.jdbc.audit;

import dev.curfew.audit.AuditRecord;
import dev.curfew.audit.AuditRecord.Field;
import dev.curfew.jdbc.sql.SqlStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One row of the audit trail, as it stands in its columns. Immutable.
 *
 * <p>What is read back is taken as it is, and only {@link #toRecord} judges it: whoever looks for tampering must be
 * able to read what was tampered with. Binary columns are in hexadecimal.
 *
 * @param number its place, 0 before the database gives one
 * @param id the name of the record, or a hash of that
 * @param at in milliseconds
 * @param event what happened
 * @param result how it went
 * @param keys by which it is found
 * @param fields as far as they are known
 * @param mac what chains it, null in a trail without a chain
 */
record AuditRow(
        long number,
        String id,
        long at,
        String event,
        String result,
        AuditKeys keys,
        Map<Field, String> fields,
        @Nullable String mac) {
    /** Without the number, in the order of {@link #bind}. */
    static final List<String> WRITTEN = written();

    /** All columns, in the order of {@link #read}. */
    static final String COLUMNS = "a.entry, a." + String.join(", a.", WRITTEN);

    private static final HexFormat HEX = HexFormat.of();
    private static final int FIRST_FIELD = 9;
    private static final int MAX_NAME = 64;

    static AuditRow of(AuditRecord record) {
        Map<Field, String> fields = new EnumMap<>(Field.class);
        record.fields().forEach((field, text) -> fields.put(field, AuditText.column(text, AuditText.MAX)));
        return new AuditRow(
                0,
                AuditText.id(record.id()),
                record.at().toEpochMilli(),
                AuditText.column(record.event(), MAX_NAME),
                record.result().name().toLowerCase(Locale.ROOT),
                AuditKeys.of(record.fields()),
                fields,
                null);
    }

    /** The same with a place in the chain. */
    AuditRow chained(long place, String chain) {
        return new AuditRow(place, id, at, event, result, keys, fields, chain);
    }

    /** Where a field stands; {@code session}, {@code key} and {@code count} are words of SQL. */
    static String column(Field field) {
        return switch (field) {
            case SESSION -> "session_id";
            case KEY -> "target_key";
            case COUNT -> "amount";
            case REALM, SUBJECT, TARGET, REASON, ACTOR, ACTOR_ID, DEVICE, ALLOWED, ADDRESS, CORRELATION ->
                field.label();
        };
    }

    SqlStatement bind(SqlStatement statement) throws SQLException {
        statement.text(id).number(at).text(event).text(result);
        statement.bytes(bytes(keys.realm())).bytes(bytes(keys.subject())).bytes(bytes(keys.session()));
        for (Field field : Field.values()) {
            statement.text(fields.get(field));
        }
        return statement.bytes(bytes(mac));
    }

    static AuditRow read(ResultSet row) throws SQLException {
        Map<Field, String> fields = new EnumMap<>(Field.class);
        int column = FIRST_FIELD;
        for (Field field : Field.values()) {
            String text = row.getString(column++);
            if (text != null) {
                fields.put(field, text);
            }
        }
        return new AuditRow(
                row.getLong(1),
                row.getString(2),
                row.getLong(3),
                row.getString(4),
                row.getString(5),
                new AuditKeys(hex(row.getBytes(6)), hex(row.getBytes(7)), hex(row.getBytes(8))),
                fields,
                hex(row.getBytes(column)));
    }

    /** Nothing if a newer version wrote it, or somebody else. */
    Optional<AuditRecord> toRecord() {
        return Arrays.stream(AuditRecord.Result.values())
                .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(result))
                .findFirst()
                .map(known -> new AuditRecord(id, Instant.ofEpochMilli(at), event, known, fields));
    }

    /** Nothing of the content. */
    @Override
    public String toString() {
        return "AuditRow:" + number;
    }

    static @Nullable String hex(byte @Nullable [] bytes) {
        return bytes == null ? null : HEX.formatHex(bytes);
    }

    static byte @Nullable [] bytes(@Nullable String hex) {
        return hex == null ? null : HEX.parseHex(hex);
    }

    private static List<String> written() {
        String fields = Arrays.stream(Field.values()).map(AuditRow::column).collect(Collectors.joining(","));
        return List.of(
                ("id,happened_at,event,result,realm_key,subject_key,session_key," + fields + ",mac").split(",", -1));
    }
}
