package dev.curfew.examples.benchmarks;

import dev.curfew.revocation.Revocation;
import dev.curfew.session.LookupKey;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Fills a store on PostgreSQL by COPY, with rows as they are once a reader has numbered them; not measured.
 */
final class FillPostgres {
    private static final String COLUMNS = "id, position, proof, numbered_at, kind, target_key, realm_key, bucket,"
            + " issued_before, reason, actor_kind, actor_id, revoked_at, forget_after, newly_covered, is_open";

    private FillPostgres() {}

    static void fill(DataSource pool, String prefix, GeneratedRevocations revocations, long count) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            List<String> indexes = dropIndexes(statement, prefix + "revocation");
            copy(connection, prefix, revocations, count);
            for (String index : indexes) {
                statement.execute(index);
            }
            statement.execute("VACUUM ANALYZE " + prefix + "revocation");
        }
    }

    /** Answers how they are made again: one after another behind the rows, which is quicker than all with each row. */
    private static List<String> dropIndexes(Statement statement, String table) throws SQLException {
        List<String> names = new ArrayList<>();
        List<String> definitions = new ArrayList<>();
        try (ResultSet found = statement.executeQuery("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = '"
                + table + "' AND indexname NOT LIKE '%_pk'")) {
            while (found.next()) {
                names.add(found.getString(1));
                definitions.add(found.getString(2));
            }
        }
        for (String name : names) {
            statement.execute("DROP INDEX " + name);
        }
        return definitions;
    }

    private static void copy(Connection connection, String prefix, GeneratedRevocations revocations, long count)
            throws SQLException {
        CopyIn copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY " + prefix + "revocation (" + COLUMNS + ") FROM STDIN");
        StringBuilder lines = new StringBuilder();
        for (long number = 0; number < count; number++) {
            append(lines, number + 1, revocations.number(number));
            if (number % 1_000 == 999 || number == count - 1) {
                byte[] bytes = lines.toString().getBytes(StandardCharsets.US_ASCII);
                copy.writeToCopy(bytes, 0, bytes.length);
                lines.setLength(0);
            }
        }
        copy.endCopy();
    }

    private static void append(StringBuilder line, long position, Revocation entry) {
        LookupKey key = entry.target().key();
        append(line, key);
        line.append(position).append('\t').append(position * 31).append('\t');
        line.append(entry.revokedAt().toEpochMilli()).append('\t');
        line.append(entry.target().kind().code()).append('\t');
        append(line, key);
        append(line, entry.target().realm());
        line.append(entry.target().bucket()).append('\t');
        line.append(entry.issuedBefore().toEpochMilli()).append('\t');
        line.append(entry.reason().code()).append('\t');
        line.append(entry.actor().kind().code()).append('\t');
        line.append(entry.actor().id()).append('\t');
        line.append(entry.revokedAt().toEpochMilli()).append('\t');
        line.append(entry.forgetAfter().toEpochMilli()).append("\t0\t0\n");
    }

    private static void append(StringBuilder line, LookupKey key) {
        line.append("\\\\x").append(key).append('\t');
    }
}
