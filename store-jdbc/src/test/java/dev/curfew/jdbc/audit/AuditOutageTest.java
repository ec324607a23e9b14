package dev.curfew.jdbc.audit;

import static dev.curfew.jdbc.Patience.endsInTime;
import static dev.curfew.jdbc.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.Given;
import dev.curfew.jdbc.Pools;
import dev.curfew.jdbc.Postgres;
import dev.curfew.jdbc.ServerProcesses;
import dev.curfew.jdbc.Stores;
import dev.curfew.jdbc.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database that hangs: the audit trail's calls end within their bound, and work again afterwards. */
@Timeout(120)
final class AuditOutageTest {
    @Test
    void a_server_that_is_paused_ends_every_call_within_the_bound() throws Exception {
        EmbeddedPostgres server = Postgres.start();
        try (HikariDataSource pool = Pools.of(server.getJdbcUrl("postgres", "postgres"), 4);
                JdbcAuditSink sink = JdbcAuditSink.on(pool)
                        .chained(AuditSinks.KEY)
                        .callTimeout(Stores.TIMEOUT)
                        .build()) {
            sink.migrate();
            sink.write(AuditSinks.records("before", 3));
            ServerProcesses processes = ServerProcesses.of(pool);
            processes.signal("STOP");
            try {
                endsInTime(() -> sink.write(AuditSinks.records("during", 3)));
                endsInTime(() -> sink.find(AuditQuery.all()));
                endsInTime(() -> sink.purge(Given.NOW, 10));
                endsInTime(sink::verify);
                endsInTime(sink::anchor);
            } finally {
                processes.signal("CONT");
            }
            eventually(() -> sink.write(AuditSinks.records("during", 3)));
            assertThat(AuditSinks.ids(sink, AuditQuery.all())).hasSize(6).doesNotHaveDuplicates();
            assertThat(sink.verify()).isInstanceOf(AuditVerification.Intact.class);
        } finally {
            server.close();
        }
    }

    @Test
    void a_lock_that_somebody_keeps_ends_within_the_bound_and_nothing_is_written() throws Exception {
        for (TestDatabase database : TestDatabase.values()) {
            String prefix = Stores.prefix();
            JdbcAuditSink sink = AuditSinks.chained(database, prefix);
            sink.write(AuditSinks.records("before", 3));
            try (Connection host = database.transaction();
                    Statement lock = host.createStatement();
                    JdbcAuditSink impatient = AuditSinks.on(database, prefix)
                            .chained(AuditSinks.KEY)
                            .callTimeout(Stores.TIMEOUT)
                            .build()) {
                lock.execute("SELECT * FROM " + prefix + "audit_chain FOR UPDATE");
                endsInTime(() -> impatient.write(AuditSinks.records("during", 3)));
            }
            assertThat(AuditSinks.ids(sink, AuditQuery.all())).hasSize(3);
        }
    }
}
