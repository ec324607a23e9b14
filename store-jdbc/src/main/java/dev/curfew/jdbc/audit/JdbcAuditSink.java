package dev.curfew.jdbc.audit;

import dev.curfew.audit.AuditRecord;
import dev.curfew.audit.AuditSink;
import dev.curfew.jdbc.JdbcSessionStore;
import dev.curfew.jdbc.database.SchemaException;
import dev.curfew.jdbc.sql.Database;
import dev.curfew.jdbc.sql.Encoding;
import dev.curfew.jdbc.sql.Schema;
import dev.curfew.store.StoreUnavailableException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The audit trail in a table of PostgreSQL, MySQL, MariaDB or H2, over the host's {@link DataSource}. Thread-safe.
 *
 * <p>It needs no {@link JdbcSessionStore}: its tables may lie beside that one's or in another database, and a host
 * without it never gets them. A batch is one transaction, all or nothing, and a record that stands there already
 * changes nothing: the first one stays. Every call ends within the call timeout, with {@link StoreUnavailableException}
 * if the database does not answer; writing the same records again is safe. U+0000 and half a surrogate pair become
 * U+FFFD, and texts longer than 256 characters are cut, on all databases alike. A PostgreSQL database must have the
 * encoding UTF8.
 *
 * <p><b>Chained</b> ({@link JdbcAuditSinkBuilder#chained}), each row carries a number without a gap and an HMAC over
 * all its columns and the row before it, and {@link #verify()} finds what somebody did who can write to the table but
 * does not have the key:
 *
 * <ul>
 *   <li>Found: any column changed; a row removed, inserted, moved or exchanged, wherever it stands; the end cut off;
 *       the beginning cut off by anybody but {@link #purge}, which leaves a signed place behind and removes only rows
 *       that are intact.
 *   <li>Found only with an {@link #anchor()} that was kept elsewhere: the end cut off <em>and</em> its place set back
 *       to what it was then, which takes somebody who copied that place in time; the whole trail emptied or set back to
 *       an old backup.
 *   <li>Never found: what was removed after the last kept anchor by somebody who set everything back to one state in
 *       which it once was; what was never written, because events were lost or writing was prevented; what somebody did
 *       who has the key.
 * </ul>
 *
 * <p>Find answers what stands in the table; only a verification says whether it is genuine.
 */
public final class JdbcAuditSink implements AuditSink, AutoCloseable {
    private static final Duration MIGRATION = Duration.ofMinutes(10);
    private static final int PURGED_AT_ONCE = 500;

    private final Encoding encoding = new Encoding();
    private final Database database;
    private final @Nullable AuditChain chain;
    private final Duration retention;

    JdbcAuditSink(Database database, @Nullable AuditChain chain, Duration retention) {
        this.database = database;
        this.chain = chain;
        this.retention = retention;
    }

    /**
     * Starts a sink over a pool of connections.
     *
     * @param dataSource the host's; its settings are respected and restored
     * @return a builder
     */
    public static JdbcAuditSinkBuilder on(DataSource dataSource) {
        return new JdbcAuditSinkBuilder(dataSource);
    }

    /**
     * Creates or updates the tables of the audit trail, and no others. Nothing is ever created without this call.
     *
     * @throws SchemaException if a PostgreSQL database has another encoding than UTF8; nothing was created
     * @throws StoreUnavailableException if the database does not answer
     */
    public void migrate() {
        Database patient = database.within(MIGRATION);
        patient.execute("the migration of the audit trail", encoding::requireUnicode);
        Schema.AUDIT.migrate(patient, "the migration of the audit trail");
    }

    /**
     * Prints the statements that {@link #migrate} executes, for those who apply them by hand.
     *
     * @param target where to
     * @throws IOException if it cannot be written
     */
    public void writeSchema(Writer target) throws IOException {
        target.write(Schema.AUDIT.text(database.dialect(), database.names()));
    }

    /**
     * Writes the scripts that {@link #migrate} applies, for tools that keep a history of their own, such as Flyway and
     * Liquibase: one file for each, {@code A1__audit.sql} and so on, with this sink's schema and prefix in it. Later
     * versions write the same files again, byte for byte, and more. One round trip, unless the dialect is known.
     *
     * @param directory where to; made if it is missing. A file of such a name is replaced
     * @throws IOException if it cannot be written
     * @throws StoreUnavailableException if the database does not answer
     */
    public void writeMigrations(Path directory) throws IOException {
        Schema.AUDIT.write(database.dialect(), database.names(), directory);
    }

    /**
     * Writes records, all or none. Two round trips and a commit, two more if chained and two more if some records stand
     * in the chain already, where the driver sends a batch in one; the first write on PostgreSQL asks for the encoding.
     * Nodes that write to one chain wait for each other.
     *
     * @param records in the order in which they are kept; those that stand there already are left out. On H2, unless
     *     chained, those of one instant are in the order of their names
     * @throws StoreUnavailableException if the database does not answer; nothing is known to have been written
     * @throws AuditChainException if the table is chained with another key, or chained and this sink is not, or the
     *     other way round; or if a row of the chain has a record's name but is not genuine
     * @throws SchemaException if the tables are missing, or a PostgreSQL database has another encoding than UTF8
     */
    @Override
    public void write(List<AuditRecord> records) {
        List<AuditRow> rows = records.stream().map(AuditRow::of).toList();
        if (!rows.isEmpty()) {
            database.execute("the audit trail", connection -> {
                encoding.requireUnicode(connection);
                new AuditAppend(connection, chain).append(rows);
            });
        }
    }

    /**
     * Reads a page of the trail, the newest record in front. One round trip.
     *
     * @param query which records
     * @return the page
     * @throws StoreUnavailableException if the database does not answer
     */
    public AuditPage find(AuditQuery query) {
        Objects.requireNonNull(query, "query");
        return database.read("a search in the audit trail", query::read);
    }

    /**
     * Removes what is older than the retention, in small transactions. Call it now and then, on one node or on all. A
     * chained trail loses its rows from the beginning on, up to the first that is not old enough, so that a row with an
     * instant in the future holds up those behind it.
     *
     * @param now the instant of the operation
     * @param limit the most rows to remove
     * @return how many went; as many as the limit: call again
     * @throws StoreUnavailableException if the database does not answer; some batches may be gone
     * @throws AuditChainException if a row that should go is not what was written; it stays, and so does everything
     *     after it
     */
    public int purge(Instant now, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be positive");
        }
        long until = now.minus(retention).toEpochMilli();
        int removed = 0;
        Database steps = database;
        for (int last = PURGED_AT_ONCE; last == PURGED_AT_ONCE && removed < limit; removed += last) {
            int most = Math.min(PURGED_AT_ONCE, limit - removed);
            last = steps.write(
                    "a purge of the audit trail", connection -> new AuditPurge(connection, chain).remove(until, most));
            steps = database.midway();
        }
        return removed;
    }

    /**
     * The end of a chained trail as it is now, to be kept elsewhere: in another database, on paper, in another team's
     * log. One round trip.
     *
     * @return the end, number 0 if nothing was written yet
     * @throws AuditChainException if the end is not genuine
     * @throws IllegalStateException if the trail is not chained
     * @throws StoreUnavailableException if the database does not answer
     */
    public AuditAnchor anchor() {
        AuditChain key = requireChain();
        AuditChainEnds places = new AuditChainEnds(key);
        Optional<AuditChainEnds.Place> end = database.read(
                "the anchor of the audit trail", connection -> places.find(connection, AuditChainEnds.END));
        return end.isEmpty() ? key.beginning() : AuditChainEnds.genuine(end);
    }

    /**
     * Reads a whole chained trail and looks for tampering, while others write and purge. Locks nothing; three round
     * trips for each 1,000 rows.
     *
     * @return intact, or the first row that is not
     * @throws IllegalStateException if the trail is not chained
     * @throws StoreUnavailableException if the database does not answer
     */
    public AuditVerification verify() {
        return new AuditVerifier(database, requireChain(), null).verify();
    }

    /**
     * The same, and the trail must continue from an anchor that was kept. An anchor that a purge has passed since
     * proves nothing any more.
     *
     * @param kept the newest that is at hand
     * @return intact, or the first row that is not
     * @throws IllegalStateException if the trail is not chained
     * @throws StoreUnavailableException if the database does not answer
     */
    public AuditVerification verify(AuditAnchor kept) {
        return new AuditVerifier(database, requireChain(), Objects.requireNonNull(kept, "kept")).verify();
    }

    /** Ends the watch over waiting callers; the host's pool stays open. */
    @Override
    public void close() {
        database.close();
    }

    private AuditChain requireChain() {
        if (chain == null) {
            throw new IllegalStateException("only a trail that is built with chained(key) can be verified");
        }
        return chain;
    }
}
