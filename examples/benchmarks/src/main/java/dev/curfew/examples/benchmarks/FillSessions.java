package dev.curfew.examples.benchmarks;

import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Fills a store on PostgreSQL with sessions by SQL: copies of one that the store itself has written, of other names.
 * Not measured. For one caller.
 */
final class FillSessions {
    private final DataSource pool;
    private final String prefix;
    private final SessionRef pattern;

    FillSessions(DataSource pool, String prefix, SessionRef pattern) {
        this.pool = pool;
        this.prefix = prefix;
        this.pattern = pattern;
    }

    /** So many sessions of one subject, the newest of them as old as the pattern, each a millisecond older. */
    void ofOne(SubjectId subject, int sessions) throws SQLException {
        fill("decode('" + subject.key() + "', 'hex')", sessions);
    }

    /** So many sessions of others, ten of each. */
    void ofOthers(int sessions) throws SQLException {
        fill("decode(md5('other/' || i / 10), 'hex')", sessions);
    }

    /** What a database would do by itself within the hour. */
    void settle() throws SQLException {
        execute("VACUUM ANALYZE " + prefix + "session", "VACUUM ANALYZE " + prefix + "subject", "CHECKPOINT");
    }

    /** Makes sessions of others older, so that they have come to their end and a purge removes them. */
    void age(int sessions, Duration by) throws SQLException {
        String earlier = Stream.of(
                        "authenticated_at", "created_at", "last_seen_at", "expires_at", "ends_at", "forget_after")
                .map(column -> column + " = " + column + " - " + by.toMillis())
                .collect(Collectors.joining(", "));
        execute("UPDATE " + prefix + "session SET " + earlier + " WHERE subject_key IN"
                + " (SELECT decode(md5('other/' || i), 'hex') FROM generate_series(0, " + (sessions / 10 - 1) + ") i)");
    }

    private void fill(String subject, int sessions) throws SQLException {
        List<String> indexes = indexes();
        List<String> statements = new ArrayList<>();
        indexes.forEach(index -> statements.add("DROP INDEX " + index.replaceFirst("CREATE INDEX (\\S+) ON.*", "$1")));
        statements.add("INSERT INTO " + prefix + "session (session_key, bucket, session_id, realm_key, subject_key,"
                + " client_key, authenticated_at, created_at, last_seen_at, idle_millis, expires_at, ends_at,"
                + " forget_after, secret_hash, payload) SELECT decode(md5(clock_timestamp() || '/' || i), 'hex'),"
                + " bucket, NULL, realm_key, " + subject + ", client_key, authenticated_at - i, created_at - i,"
                + " last_seen_at - i, idle_millis, expires_at, ends_at, forget_after, secret_hash, payload FROM "
                + prefix + "session, generate_series(0, " + (sessions - 1) + ") i WHERE session_key = decode('"
                + pattern.key() + "', 'hex')");
        statements.add("INSERT INTO " + prefix + "subject SELECT DISTINCT subject_key FROM " + prefix
                + "session ON CONFLICT DO NOTHING");
        statements.addAll(indexes);
        execute(statements.toArray(String[]::new));
    }

    /** Those that are made again behind the rows, which is quicker than to keep them up with each. */
    private List<String> indexes() throws SQLException {
        List<String> definitions = new ArrayList<>();
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT indexdef FROM pg_indexes WHERE tablename = '" + prefix
                        + "session' AND indexname NOT LIKE '%_pk'")) {
            while (found.next()) {
                definitions.add(found.getString(1));
            }
        }
        return definitions;
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
