package dev.curfew.jdbc.audit;

import dev.curfew.audit.AuditRecord;
import dev.curfew.audit.AuditRecord.Field;
import dev.curfew.audit.AuditRecord.Result;
import dev.curfew.contract.Given;
import dev.curfew.contract.TestKeys;
import dev.curfew.jdbc.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Audit trails with tables of their own, and what is written to them. */
public final class AuditSinks {
    public static final byte[] KEY = TestKeys.key(1);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private AuditSinks() {}

    static JdbcAuditSinkBuilder on(TestDatabase database, String prefix) {
        return JdbcAuditSink.on(database.pool()).prefix(prefix).callTimeout(PATIENCE);
    }

    public static JdbcAuditSink plain(TestDatabase database, String prefix) {
        JdbcAuditSink sink = on(database, prefix).build();
        sink.migrate();
        return sink;
    }

    static JdbcAuditSink chained(TestDatabase database, String prefix) {
        JdbcAuditSink sink = on(database, prefix).chained(KEY).build();
        sink.migrate();
        return sink;
    }

    static AuditRecord record(String id) {
        return record(id, Given.NOW);
    }

    static AuditRecord record(String id, Instant at) {
        return record(id, at, Map.of(Field.REALM, "shop", Field.SUBJECT, "alice", Field.SESSION, "s-1"));
    }

    static AuditRecord record(String id, Instant at, Map<Field, String> fields) {
        return new AuditRecord(id, at, "session_created", Result.SUCCESS, fields);
    }

    /** With a value in each field. */
    static AuditRecord full(String id, Instant at) {
        Map<Field, String> fields = new EnumMap<>(Field.class);
        for (Field field : Field.values()) {
            fields.put(field, field.label() + " of " + id);
        }
        return record(id, at, fields);
    }

    /** One a second from {@link Given#NOW} on. */
    public static List<AuditRecord> records(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> full(name + i, Given.NOW.plusSeconds(i)))
                .toList();
    }

    /** All that a query finds, page by page. */
    static List<AuditRecord> read(JdbcAuditSink sink, AuditQuery query) {
        List<AuditRecord> all = new ArrayList<>();
        AuditPage page = sink.find(query);
        all.addAll(page.records());
        while (page.next().isPresent()) {
            page = sink.find(query.after(page.next().get()));
            all.addAll(page.records());
        }
        return all;
    }

    public static List<String> ids(JdbcAuditSink sink, AuditQuery query) {
        return read(sink, query).stream().map(AuditRecord::id).toList();
    }

    /** What somebody does who can write to the database. */
    public static int execute(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    public static long number(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
