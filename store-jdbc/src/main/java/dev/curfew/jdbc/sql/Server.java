package dev.curfew.jdbc.sql;

import dev.curfew.jdbc.database.ForeignTransactionException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The server at the other end, as far as servers of one dialect differ. Immutable.
 *
 * @param dialect what it speaks
 * @param isMariaDb whether it is MariaDB, which speaks the dialect of MySQL
 * @param majorVersion of the product
 * @param trustsWithoutAutoCommit whether the host says that a connection without autocommit is in nobody's transaction
 */
record Server(Dialect dialect, boolean isMariaDb, int majorVersion, boolean trustsWithoutAutoCommit) {
    /**
     * Between two statements of one transaction there is only work of this process: whoever is silent for longer is
     * stuck.
     */
    private static final int MOST_SILENCE_SECONDS = 5;

    /** What a transaction may take in all, beyond the timeout of its call. */
    private static final int GRACE_MILLIS = 1_000;

    private static final int FIRST_POSTGRESQL_WITH_TRANSACTION_TIMEOUT = 17;
    private static final List<String> MARIADB_SILENCE =
            List.of("idle_transaction_timeout", "idle_write_transaction_timeout", "idle_readonly_transaction_timeout");
    private static final List<String> MYSQL_SILENCE = List.of("wait_timeout");

    /**
     * Looks at a connection; {@code named} is what the host says it speaks, if it says so. Asks nothing of the server.
     */
    static Server of(Connection connection, @Nullable Dialect named, boolean trustsWithoutAutoCommit)
            throws SQLException {
        DatabaseMetaData data = connection.getMetaData();
        String product = data.getDatabaseProductName();
        Dialect dialect = named == null ? Dialect.ofProduct(product) : named;
        // MySQL's own driver calls every server MySQL.
        boolean isMariaDb = (product + data.getDatabaseProductVersion())
                .toLowerCase(Locale.ROOT)
                .contains("mariadb");
        return new Server(dialect, isMariaDb, data.getDatabaseMajorVersion(), trustsWithoutAutoCommit);
    }

    /**
     * A connection without autocommit may be in the middle of the host's transaction, which would be committed with the
     * store's own work. Many pools hand out such connections without any transaction, too.
     *
     * @throws ForeignTransactionException if it is, or if nobody can say
     */
    void requireNoTransaction(Connection connection) throws SQLException {
        if (trustsWithoutAutoCommit) {
            return;
        }
        Optional<Boolean> isInside = switch (dialect) {
            case POSTGRESQL -> PostgreSqlDriver.isInTransaction(connection);
            case MYSQL -> isMariaDb ? isInMariaDbTransaction(connection) : Optional.empty();
            case H2 -> Optional.empty();
        };
        if (isInside.orElseThrow(ForeignTransactionException::unknown)) {
            throw ForeignTransactionException.inside();
        }
    }

    private static Optional<Boolean> isInMariaDbTransaction(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT @@in_transaction");
                ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(row.getInt(1) != 0) : Optional.empty();
        }
    }

    /**
     * What the first statement of a transaction takes along, where one round trip can hold both. All of it is for this
     * one transaction: the isolation, the bound of a statement, how long the client may be silent, and how long all may
     * take.
     */
    String beginInOne(long timeoutMillis) {
        String begin = dialect.isolation()
                + "; SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL statement_timeout = " + timeoutMillis
                + "; SET LOCAL idle_in_transaction_session_timeout = " + silenceSeconds(timeoutMillis) * 1_000L;
        return majorVersion < FIRST_POSTGRESQL_WITH_TRANSACTION_TIMEOUT
                ? begin
                : begin + "; SET LOCAL transaction_timeout = " + (timeoutMillis + GRACE_MILLIS);
    }

    /** What is sent in front of a transaction elsewhere, one after another. */
    List<String> beginOneByOne(long timeoutMillis) {
        return switch (dialect) {
            case POSTGRESQL, H2 -> List.of();
            case MYSQL -> List.of(dialect.isolation(), "SET " + boundSilence(silenceSeconds(timeoutMillis)));
        };
    }

    /** What puts back the settings of the connection after {@link #beginOneByOne}. */
    List<String> restore() {
        return switch (dialect) {
            case POSTGRESQL, H2 -> List.of();
            case MYSQL ->
                List.of(silence().stream()
                        .map(name -> "SESSION " + name + " = @curfew_" + name)
                        .collect(Collectors.joining(", ", "SET ", "")));
        };
    }

    /** The old value is kept in the session itself, which spares a round trip. */
    private String boundSilence(int seconds) {
        return silence().stream()
                .map(name -> "@curfew_" + name + " = @@SESSION." + name + ", SESSION " + name + " = " + seconds)
                .collect(Collectors.joining(", "));
    }

    private List<String> silence() {
        return isMariaDb ? MARIADB_SILENCE : MYSQL_SILENCE;
    }

    /** Whole seconds, because some servers count so. */
    private static int silenceSeconds(long timeoutMillis) {
        return (int) Math.min(MOST_SILENCE_SECONDS, Math.max(1, (timeoutMillis + 999) / 1_000));
    }
}
