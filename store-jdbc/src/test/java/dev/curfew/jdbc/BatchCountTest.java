package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.session.SubjectId;
import dev.curfew.store.PayloadChange;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.Precondition;
import dev.curfew.store.StoredPayload;
import dev.curfew.store.Touch;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What moved is named exactly, also where a driver is told to send batches in a way that counts nothing. */
final class BatchCountTest {
    private static final String BULK = "&useBulkStmts=true";

    private final SubjectId alice = Given.subject("alice");
    private final String prefix = Stores.prefix();

    /** The premise of the next test; if it fails, the driver counts now, and what it is for may go. */
    @Test
    void mariadbs_driver_does_not_count_what_it_sends_in_bulk() throws Exception {
        try (HikariDataSource pool = Pools.of(TestDatabase.MARIADB.url() + BULK, 2);
                Connection connection = pool.getConnection();
                Statement ddl = connection.createStatement()) {
            ddl.execute("CREATE TABLE " + prefix + "numbers (n INT PRIMARY KEY, m INT)");
            ddl.execute("INSERT INTO " + prefix + "numbers VALUES (1, 0), (2, 0)");
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE " + prefix + "numbers SET m = 1 WHERE n = ?")) {
                for (int n = 1; n < 9; n++) {
                    update.setInt(1, n);
                    update.addBatch();
                }
                assertThat(Arrays.stream(update.executeBatch()).distinct()).containsExactly(Statement.SUCCESS_NO_INFO);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "MARIADB, &useBulkStmts=true",
        "MARIADB, &useAffectedRows=true",
        "MARIADB, &useServerPrepStmts=true",
        "POSTGRESQL, &reWriteBatchedInserts=true",
        "POSTGRESQL, &preferQueryMode=simple",
        "H2, ''"
    })
    void a_batch_names_what_moved_in_its_order_whatever_the_driver_is_told(TestDatabase database, String settings)
            throws Exception {
        try (HikariDataSource pool = Pools.of(database.url() + settings, 2)) {
            JdbcSessionStore store = Stores.opened(pool, prefix);
            List<Touch> batch = new ArrayList<>();
            List<Touch> moving = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                GivenSession session = i % 4 == 1 ? Given.session(alice).build() : Stores.login(store, alice);
                if (i % 4 == 2) {
                    store.revoke(Given.act(session.target()).build(), Precondition.none(), Given.NOW);
                }
                Touch touch = new Touch(session.ref(), Given.NOW.plusMillis(i));
                batch.add(touch);
                if (i > 0 && i % 4 != 1 && i % 4 != 2) {
                    moving.add(touch);
                }
            }

            assertThat(store.touch(batch, Given.NOW)).isEqualTo(moving);
            assertThat(store.touch(batch, Given.NOW)).as("sent again").isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"MARIADB, &useBulkStmts=true", "POSTGRESQL, &reWriteBatchedInserts=true", "H2, ''"})
    void payloads_that_were_exchanged_are_counted_whatever_the_driver_is_told(TestDatabase database, String settings)
            throws SQLException {
        try (HikariDataSource pool = Pools.of(database.url() + settings, 2)) {
            JdbcSessionStore store = Stores.opened(pool, prefix);
            for (int i = 0; i < 8; i++) {
                Stores.login(store, alice);
            }
            List<StoredPayload> stored =
                    store.payloads(PayloadCursor.start(), 100, Given.NOW).payloads();
            List<PayloadChange> changes = stored.stream()
                    .map(one -> new PayloadChange(one, new byte[] {5}))
                    .toList();
            List<PayloadChange> late = stored.stream()
                    .map(one -> new PayloadChange(one, new byte[] {6}))
                    .toList();

            assertThat(store.replace(changes.subList(2, 8), Given.NOW)).isEqualTo(6);
            assertThat(store.replace(changes, Given.NOW)).isEqualTo(8);
            assertThat(store.replace(late, Given.NOW)).isZero();
        }
    }

    /** A pool may lead through another driver, or to another setting of it, one day. */
    @Test
    void a_driver_that_kept_its_counts_to_itself_once_is_asked_again() {
        SilentOnce driver = new SilentOnce(TestDatabase.H2.pool());
        JdbcSessionStore store = Stores.opened(Stores.on(driver.source(), prefix));
        GivenSession session = Stores.login(store, alice);
        driver.arm();

        List<Integer> batches = new ArrayList<>();
        for (int i = 1; i <= 1_010; i++) {
            Touch touch = new Touch(session.ref(), Given.NOW.plusMillis(i));
            assertThat(store.touch(List.of(touch), Given.NOW)).containsExactly(touch);
            batches.add(driver.batches());
        }

        assertThat(batches.get(0))
                .as("sent once together, and again one by one")
                .isEqualTo(1);
        assertThat(batches.get(500)).as("one by one").isEqualTo(1);
        assertThat(batches.get(1_009)).as("together again").isGreaterThan(5);
    }

    /** A pool whose driver does not count one batch, and counts how many it has sent. Confined to one thread. */
    private static final class SilentOnce {
        private final DataSource pool;
        private boolean isArmed;
        private int batches;

        SilentOnce(DataSource pool) {
            this.pool = pool;
        }

        void arm() {
            isArmed = true;
            batches = 0;
        }

        int batches() {
            return batches;
        }

        DataSource source() {
            return wrap(DataSource.class, pool);
        }

        private <T> T wrap(Class<T> type, Object target) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                        try {
                            return seen(method.invoke(target, arguments));
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    }));
        }

        private Object seen(Object result) {
            if (result instanceof int[] counts) {
                batches++;
                if (isArmed) {
                    isArmed = false;
                    Arrays.fill(counts, Statement.SUCCESS_NO_INFO);
                }
            }
            return result instanceof Connection connection
                    ? wrap(Connection.class, connection)
                    : result instanceof PreparedStatement statement ? wrap(PreparedStatement.class, statement) : result;
        }
    }
}
