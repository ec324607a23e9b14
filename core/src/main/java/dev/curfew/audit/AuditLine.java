package dev.curfew.audit;

import java.util.Locale;

/** One line of key/value pairs that no value can break, reorder or flood. Confined to one thread. */
final class AuditLine {
    private static final int MAX_VALUE = 256;

    private final StringBuilder text = new StringBuilder(200);

    private AuditLine() {}

    static String of(AuditRecord record) {
        AuditLine line = new AuditLine()
                .with("event", record.event())
                .with("result", record.result().name().toLowerCase(Locale.ROOT));
        record.fields().forEach((field, value) -> line.with(field.label(), value));
        return line.with("at", record.at()).with("id", record.id()).text.toString();
    }

    /** Appends a pair; an empty value is left out. */
    private AuditLine with(String key, Object value) {
        String raw = value.toString();
        if (!raw.isEmpty()) {
            text.append(text.isEmpty() ? "" : " ").append(key).append('=');
            appendQuoted(raw);
        }
        return this;
    }

    private void appendQuoted(String raw) {
        boolean plain = raw.length() <= MAX_VALUE && raw.chars().allMatch(AuditLine::isPlain);
        if (plain) {
            text.append(raw);
            return;
        }
        text.append('"');
        raw.codePoints().limit(MAX_VALUE).forEach(this::appendEscaped);
        text.append(raw.codePointCount(0, raw.length()) > MAX_VALUE ? "…\"" : "\"");
    }

    private void appendEscaped(int c) {
        if (c == '"' || c == '\\') {
            text.append('\\').append((char) c);
        } else if (isHarmless(c)) {
            text.appendCodePoint(c);
        } else {
            text.append(String.format("\\u{%x}", c));
        }
    }

    private static boolean isPlain(int c) {
        return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || "-_.:@/+".indexOf(c) >= 0;
    }

    /** Controls, line and paragraph separators, and what changes the direction of text are not. */
    private static boolean isHarmless(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
