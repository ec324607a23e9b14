package dev.curfew.jdbc.sql;

import dev.curfew.jdbc.database.SqlDialect;
import dev.curfew.jdbc.database.UnsupportedDatabaseException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The databases that the store speaks to, as answers to the few questions in which they differ. */
public enum Dialect {
    /** PostgreSQL 12 and newer. */
    POSTGRESQL(
            "postgresql",
            "postgresql",
            true,
            " ON CONFLICT DO NOTHING",
            "CAST(FLOOR(EXTRACT(EPOCH FROM clock_timestamp()) * 1000) AS BIGINT)"),
    /** MySQL 8.0.1, MariaDB 10.6, and newer. */
    MYSQL(
            "mysql",
            "mysql|mariadb",
            true,
            " ON DUPLICATE KEY UPDATE %1$s = %1$s",
            "TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000"),
    /** H2 2.2.220 and newer, in a file or in memory. */
    H2("h2", "h2", false, "", "CAST(FLOOR(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP(3)) * 1000) AS BIGINT)");

    private static final int MYSQL_DEADLOCK = 1213;
    private static final int MYSQL_LOCK_WAIT_TIMEOUT = 1205;

    /** A column, an index. */
    private static final Set<Integer> MYSQL_DUPLICATES = Set.of(1060, 1061);

    /** Less than a call of another node may take by default. */
    private static final int MOST_LOCK_WAIT_SECONDS = 1;

    /** Of PostgreSQL, which is asked for it in migrations only. */
    private static final String LOCK_TIMEOUT_STATE = "55P03";

    /** Said by PostgreSQL, and by the store itself. */
    static final String READ_ONLY_STATE = "25006";

    /** {@code --read-only} or another such option, a read-only transaction, a read-only InnoDB. */
    private static final Set<Integer> MYSQL_READ_ONLY = Set.of(1290, 1792, 1874);

    private static final int H2_READ_ONLY = 90097;

    private final String folder;
    private final String products;
    private final boolean setsIsolationInTransaction;
    private final String ifAbsent;
    private final String clock;

    Dialect(String folder, String products, boolean setsIsolationInTransaction, String ifAbsent, String clock) {
        this.folder = folder;
        this.products = products;
        this.setsIsolationInTransaction = setsIsolationInTransaction;
        this.ifAbsent = ifAbsent;
        this.clock = clock;
    }

    public static Dialect ofProduct(String product) {
        return Arrays.stream(values())
                .filter(dialect -> product.toLowerCase(Locale.ROOT).matches(".*(" + dialect.products + ").*"))
                .findFirst()
                .orElseThrow(() -> new UnsupportedDatabaseException(product));
    }

    /** The one that the host names, if it names one. */
    public static @Nullable Dialect named(@Nullable SqlDialect name) {
        return name == null ? null : valueOf(name.name());
    }

    /** Where the migrations are. */
    String folder() {
        return folder;
    }

    /** What makes the next transaction, or the one that begins with it, READ COMMITTED; where it is so. */
    String isolation() {
        return "SET TRANSACTION ISOLATION LEVEL READ COMMITTED";
    }

    /**
     * Whether the server bounds the statements of a transaction. Elsewhere the driver does it for each statement, which
     * costs an alarm; a reading statement alone waits for no lock, and the bound of the socket is enough for it.
     */
    boolean boundsStatements() {
        return this == POSTGRESQL;
    }

    /** Whether the server ends transactions of ours whose client is silent or slow, so that none lasts for minutes. */
    public boolean boundsTransactions() {
        return this != H2;
    }

    /** Whether there is an isolation at which a statement reads what is not committed. */
    boolean readsUncommitted() {
        return this != POSTGRESQL;
    }

    /** Whether one round trip can carry several statements, each with its own rows. */
    boolean takesSeveralStatements() {
        return this == POSTGRESQL;
    }

    /** Whether {@code SET TRANSACTION ISOLATION LEVEL} is for the one transaction, so that nothing must be restored. */
    boolean setsIsolationInTransaction() {
        return setsIsolationInTransaction;
    }

    /**
     * Puts in what reads the server's clock, in milliseconds since 1970 whatever the time zone of the session is. H2
     * says the same instant throughout a transaction.
     */
    String withClock(String sql) {
        return sql.replace("{clock}", clock);
    }

    /** What makes an INSERT leave a row alone that stands already; where there is nothing, the step is repeated. */
    public String ifAbsent(String keyColumn) {
        return String.format(Locale.ROOT, ifAbsent, keyColumn);
    }

    /**
     * Whether it ends a deadlock at once. Elsewhere each must wait for its lock timeout, so that locks are taken in one
     * order.
     */
    public boolean findsDeadlocks() {
        return this != H2;
    }

    /**
     * Whether a database has an encoding of its own, which may lack characters; elsewhere the columns say theirs, or
     * have all.
     */
    boolean hasEncodings() {
        return this == POSTGRESQL;
    }

    /** Whether listeners can be woken in the same transaction. */
    public boolean notifies() {
        return this == POSTGRESQL;
    }

    /** What bounds the wait for a table, where it is not short already. */
    List<String> boundLocks() {
        return switch (this) {
            case POSTGRESQL -> List.of("SET LOCAL lock_timeout = " + MOST_LOCK_WAIT_SECONDS * 1_000);
            case MYSQL ->
                List.of("SET @curfew_lock_wait_timeout = @@SESSION.lock_wait_timeout, SESSION lock_wait_timeout = "
                        + MOST_LOCK_WAIT_SECONDS);
            case H2 -> List.of();
        };
    }

    /** What undoes that; on PostgreSQL it ends with the transaction, which nothing else of it waits for. */
    List<String> unboundLocks() {
        return this == MYSQL ? List.of("SET SESSION lock_wait_timeout = @curfew_lock_wait_timeout") : List.of();
    }

    /** Whether a lock was held by others for longer than the statement was to wait. */
    boolean isLockTimeout(SQLException failure) {
        return LOCK_TIMEOUT_STATE.equals(failure.getSQLState())
                || this == MYSQL && failure.getErrorCode() == MYSQL_LOCK_WAIT_TIMEOUT;
    }

    /** Whether the whole step may succeed if it is run again at once. */
    boolean isConflict(SQLException failure) {
        String state = failure.getSQLState();
        int code = failure.getErrorCode();
        return state != null && (state.startsWith("40") || state.equals("23505"))
                || this == MYSQL
                        && (code == MYSQL_DEADLOCK || code == MYSQL_LOCK_WAIT_TIMEOUT || isDuplicate(state, code));
    }

    /** Whether the server is no primary any more, or refuses to write for another such reason. */
    boolean isReadOnly(SQLException failure) {
        return READ_ONLY_STATE.equals(failure.getSQLState())
                || this == MYSQL && MYSQL_READ_ONLY.contains(failure.getErrorCode())
                || this == H2 && failure.getErrorCode() == H2_READ_ONLY;
    }

    /** Whether it is the schema that is wrong, not the moment. */
    boolean isMistake(SQLException failure) {
        String state = failure.getSQLState();
        return state != null && state.startsWith("42") && !Explanations.isPooler(failure);
    }

    /** Whether a table is missing, or the schema in which it is looked for. */
    boolean isMissingTable(SQLException failure) {
        String state = failure.getSQLState();
        return this == POSTGRESQL ? "42P01".equals(state) : state != null && state.matches("42S0[234]");
    }

    /** Whether a column is missing, as in tables of an earlier version. */
    boolean isUnknownColumn(SQLException failure) {
        return (this == POSTGRESQL ? "42703" : "42S22").equals(failure.getSQLState());
    }

    /** Whether what is to be added to a table stands there already, where no statement can say "unless it does". */
    boolean isThereAlready(SQLException failure) {
        return this == MYSQL && MYSQL_DUPLICATES.contains(failure.getErrorCode());
    }

    /** Whether a row of that primary key stands there already. */
    public boolean isDuplicate(SQLException failure) {
        String state = failure.getSQLState();
        return "23505".equals(state) || this == MYSQL && isDuplicate(state, failure.getErrorCode());
    }

    /** Whether {@link #ifAbsent} leaves a count that tells whether the row is a new one. */
    public boolean countsIfAbsent() {
        return this == POSTGRESQL;
    }

    private static boolean isDuplicate(@Nullable String state, int code) {
        return code == 1062 && state != null && state.startsWith("23");
    }
}
