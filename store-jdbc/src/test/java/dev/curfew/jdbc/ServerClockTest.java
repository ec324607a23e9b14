package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.jdbc.sql.Columns;
import dev.curfew.jdbc.sql.Dialect;
import dev.curfew.jdbc.sql.ServerClock;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.jdbc.sql.TableNames;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.StoreTimes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is read of the server's own clock. */
final class ServerClockTest {
    private static final Instant AFTER_THIS_WAS_WRITTEN = Instant.parse("2026-11-01T00:00:00Z");

    @ParameterizedTest
    @EnumSource
    void it_is_read_in_milliseconds_whatever_the_time_zone_of_the_session_is(TestDatabase database) throws Exception {
        List<Instant> readings;
        try (Connection connection = database.transaction()) {
            connection.setAutoCommit(true);
            SqlConnection own = connected(connection);
            Instant first = reading(own);
            setTimeZone(database, connection, "+05:00");
            Instant east = reading(own);
            setTimeZone(database, connection, "-08:00");
            readings = List.of(first, east, reading(own));
        }

        assertThat(readings).isSorted();
        assertThat(readings.get(0)).isBetween(AFTER_THIS_WAS_WRITTEN, Given.BIRTH);
        assertThat(Duration.between(readings.get(0), readings.get(2))).isLessThan(Duration.ofHours(1));
    }

    /** A new transaction of the closer reads a later instant than what it saw committed before it began. */
    @ParameterizedTest
    @EnumSource
    void a_later_transaction_reads_no_earlier_instant(TestDatabase database) throws Exception {
        try (Connection connection = database.transaction()) {
            SqlConnection own = connected(connection);
            List<Instant> readings = Stream.generate(() -> {
                        try {
                            Instant reading = reading(own);
                            connection.commit();
                            return reading;
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    })
                    .limit(20)
                    .toList();

            assertThat(readings).isSorted();
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_feed_says_it(TestDatabase database) {
        String prefix = Stores.prefix();
        Stores.opened(database.pool(), prefix);
        JdbcSessionStore store =
                JdbcSessionStore.on(database.pool()).prefix(prefix).build();
        store.open(Given.SETTINGS, Given.NOW);

        StoreTimes times = ((FeedRead.Page) store.feed().readAfter(FeedPosition.beginning(), 10, Given.NOW)).times();

        assertThat(times.clock()).isBetween(AFTER_THIS_WAS_WRITTEN, Given.BIRTH);
        assertThat(times.horizon()).isEqualTo(Instant.EPOCH);
    }

    private static SqlConnection connected(Connection connection) throws SQLException {
        return new SqlConnection(
                connection,
                Dialect.ofProduct(connection.getMetaData().getDatabaseProductName()),
                new TableNames("", "curfew_"),
                ServerClock.ofServer(),
                null);
    }

    private static Instant reading(SqlConnection own) throws SQLException {
        try (SqlStatement select = own.prepare("SELECT {clock}")) {
            return select.first(row -> Columns.instantOf(row, 1)).orElseThrow();
        }
    }

    private static void setTimeZone(TestDatabase database, Connection connection, String zone) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    switch (database) {
                        case POSTGRESQL -> "SET TIME ZONE INTERVAL '" + zone + "' HOUR TO MINUTE";
                        case MARIADB -> "SET time_zone = '" + zone + "'";
                        case H2 -> "SET TIME ZONE '" + zone + "'";
                    });
        }
    }
}
