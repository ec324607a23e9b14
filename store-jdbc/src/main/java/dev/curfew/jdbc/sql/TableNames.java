package dev.curfew.jdbc.sql;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Puts the host's schema and prefix in place of the {@code curfew_} in which all SQL is written. Thread-safe. */
public final class TableNames {
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern TABLE = Pattern.compile(
            "\\bcurfew_(state|subject|session|revocation|record|migration|audit|audit_chain|audit_migration)\\b");
    private static final String DEFAULT_PREFIX = "curfew_";

    private final String schema;
    private final String prefix;
    private final Map<String, String> rendered = new ConcurrentHashMap<>();

    /** Those of a host that names none. */
    static TableNames usual() {
        return new TableNames("", DEFAULT_PREFIX);
    }

    /**
     * The same in a schema.
     *
     * @throws IllegalArgumentException if that is no plain identifier
     */
    TableNames inSchema(String name) {
        return new TableNames(requireIdentifier(name, "schema"), prefix);
    }

    /**
     * The same with another beginning.
     *
     * @throws IllegalArgumentException if that is no plain identifier
     */
    TableNames withPrefix(String begin) {
        return new TableNames(schema, requireIdentifier(begin, "prefix"));
    }

    public TableNames(String schema, String prefix) {
        this.schema = schema;
        this.prefix = prefix;
    }

    private static String requireIdentifier(String value, String name) {
        if (!IDENTIFIER.matcher(value).matches()) {
            throw new IllegalArgumentException(name + "(...) must match " + IDENTIFIER);
        }
        return value;
    }

    /** A statement of the store; there are few, so that each is rendered once. */
    String render(String sql, Dialect dialect) {
        String known = rendered.get(sql);
        return known != null
                ? known
                : rendered.computeIfAbsent(sql, text -> Primary.askedIn(dialect.withClock(renderOnce(text)), dialect));
    }

    /** The same for a script, which is not kept. */
    String renderOnce(String sql) {
        String qualified = (schema.isEmpty() ? "" : schema + ".") + prefix;
        return TABLE.matcher(sql)
                .replaceAll("\0$1")
                .replace(DEFAULT_PREFIX, prefix)
                .replace("\0", qualified);
    }

    /** How all tables begin, for a message. */
    String tables() {
        return (schema.isEmpty() ? "" : schema + ".") + prefix + "…";
    }

    /** The channel on which listeners are woken. */
    public String channel() {
        return (schema.isEmpty() ? "" : schema + "_") + prefix + "feed";
    }
}
