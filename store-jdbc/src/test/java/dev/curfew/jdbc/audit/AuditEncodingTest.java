package dev.curfew.jdbc.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.jdbc.Pools;
import dev.curfew.jdbc.TestDatabase;
import dev.curfew.jdbc.database.SchemaException;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A PostgreSQL database that cannot keep every text: it is refused at once, not with the first emoji in a label. */
@Timeout(120)
final class AuditEncodingTest {
    private static final String LATIN1 = "audit_latin1";

    @Test
    void a_database_with_another_encoding_than_utf8_is_refused_with_a_sentence() throws Exception {
        AuditSinks.execute(
                TestDatabase.POSTGRESQL,
                "CREATE DATABASE " + LATIN1 + " ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
        try (HikariDataSource pool =
                        Pools.of(TestDatabase.POSTGRESQL.url().replace("/postgres?", "/" + LATIN1 + "?"), 2);
                JdbcAuditSink sink = JdbcAuditSink.on(pool).build();
                JdbcAuditSink chained =
                        JdbcAuditSink.on(pool).chained(AuditSinks.KEY).build()) {
            assertThatExceptionOfType(SchemaException.class)
                    .isThrownBy(sink::migrate)
                    .withMessageContaining("LATIN1")
                    .withMessageContaining("UTF8");

            // The tables may have been made by hand.
            StringWriter schema = new StringWriter();
            sink.writeSchema(schema);
            execute(pool, schema.toString());
            for (JdbcAuditSink one : new JdbcAuditSink[] {sink, chained}) {
                for (int attempt = 0; attempt < 2; attempt++) {
                    assertThatExceptionOfType(SchemaException.class)
                            .isThrownBy(() -> one.write(AuditSinks.records("r", 1)))
                            .withMessageContaining("LATIN1");
                }
            }
            assertThat(AuditSinks.ids(sink, AuditQuery.all())).isEmpty();
        } finally {
            AuditSinks.execute(TestDatabase.POSTGRESQL, "DROP DATABASE " + LATIN1);
        }
    }

    private static void execute(HikariDataSource pool, String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
