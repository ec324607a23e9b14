package dev.curfew.jdbc;

import dev.curfew.jdbc.database.SchemaException;
import dev.curfew.jdbc.feed.Feed;
import dev.curfew.jdbc.feed.HintSource;
import dev.curfew.jdbc.feed.Hints;
import dev.curfew.jdbc.purge.Purge;
import dev.curfew.jdbc.sql.Batches;
import dev.curfew.jdbc.sql.Database;
import dev.curfew.jdbc.sql.Schema;
import dev.curfew.jdbc.step.EraseStep;
import dev.curfew.jdbc.step.InsertStep;
import dev.curfew.jdbc.step.LiveCount;
import dev.curfew.jdbc.step.Payloads;
import dev.curfew.jdbc.step.RecordStep;
import dev.curfew.jdbc.step.RecordVerbs;
import dev.curfew.jdbc.step.RotateStep;
import dev.curfew.jdbc.step.ScopePages;
import dev.curfew.jdbc.step.SessionPages;
import dev.curfew.jdbc.step.TouchStep;
import dev.curfew.jdbc.table.CandidateRows;
import dev.curfew.jdbc.table.CutOffs;
import dev.curfew.jdbc.table.Horizon;
import dev.curfew.jdbc.table.KeyPlace;
import dev.curfew.jdbc.table.OpenedDatabase;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ErasedRows;
import dev.curfew.store.FeedHints;
import dev.curfew.store.FoundSession;
import dev.curfew.store.HostTransaction;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.NewSession;
import dev.curfew.store.PayloadChange;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.PayloadPage;
import dev.curfew.store.PayloadRewriting;
import dev.curfew.store.PendingRevocation;
import dev.curfew.store.Precondition;
import dev.curfew.store.PurgeResult;
import dev.curfew.store.RevocationFeed;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.ScopeCursor;
import dev.curfew.store.ScopePage;
import dev.curfew.store.SessionPage;
import dev.curfew.store.SessionStore;
import dev.curfew.store.SessionsOfScope;
import dev.curfew.store.SessionsOfTarget;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.StoreArguments;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.SubjectErasure;
import dev.curfew.store.Touch;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import javax.sql.DataSource;

/**
 * Sessions and revocations in PostgreSQL, MySQL, MariaDB or H2, over the host's {@link DataSource}. Thread-safe.
 *
 * <p>The store owns its transactions: each verb takes one connection, never two, sets what it needs, commits, and puts
 * back what the pool had set. What {@link #revoke} acknowledged is committed. A verb that cannot be answered within the
 * call timeout throws {@link StoreUnavailableException}.
 */
public final class JdbcSessionStore
        implements SessionStore,
                FeedHints,
                SessionsOfTarget,
                PayloadRewriting,
                SubjectErasure,
                SessionsOfScope,
                AutoCloseable {
    private static final Duration MIGRATION = Duration.ofMinutes(10);
    private static final int RECORDED_AT_ONCE = 200;
    private static final int REPLACED_AT_ONCE = 200;
    private static final int ERASED_AT_ONCE = 200;

    private final Database database;
    private final OpenedDatabase opened;
    private final SessionPages pages;
    private final ScopePages scopes;
    private final SharedRecords records;
    private final RevokeTransactions revocations;
    private final Feed feed;
    private final Purge purge;
    private final Hints hints;

    JdbcSessionStore(Database database, HintSource hints, LongSupplier ticker) {
        this.database = database;
        this.opened = new OpenedDatabase(database);
        this.pages = new SessionPages(opened);
        this.scopes = new ScopePages(opened);
        this.records = new RecordVerbs(opened);
        this.revocations = new RevokeTransactions(opened);
        this.feed = new Feed(opened, ticker);
        this.purge = new Purge(opened);
        this.hints = new Hints(database, hints);
    }

    /**
     * Starts a store over a pool of connections.
     *
     * @param dataSource the host's; its settings are respected and restored
     * @return a builder
     */
    public static JdbcSessionStoreBuilder on(DataSource dataSource) {
        return new JdbcSessionStoreBuilder(dataSource);
    }

    /**
     * Creates or updates the tables. Nothing is ever created without this call. It may run while nodes of the version
     * before are at work: they go on, and wait for a moment at most.
     *
     * @throws StoreUnavailableException if the database does not answer, or if a long transaction of somebody else uses
     *     a table that is to be changed
     */
    public void migrate() {
        Schema.STORE.migrate(database.within(MIGRATION), "the migration");
    }

    /**
     * Prints the statements that {@link #migrate} executes, for those who apply them by hand.
     *
     * @param target where to
     * @throws IOException if it cannot be written
     */
    public void writeSchema(Writer target) throws IOException {
        target.write(Schema.STORE.text(database.dialect(), database.names()));
    }

    /**
     * Writes the scripts that {@link #migrate} applies, for tools that keep a history of their own, such as Flyway and
     * Liquibase: one file for each, {@code V1__curfew.sql} and so on, with this store's schema and prefix in it. Later
     * versions write the same files again, byte for byte, and more. One round trip, unless the dialect is known.
     *
     * @param directory where to; made if it is missing. A file of such a name is replaced
     * @throws IOException if it cannot be written
     * @throws StoreUnavailableException if the database does not answer
     */
    public void writeMigrations(Path directory) throws IOException {
        Schema.STORE.write(database.dialect(), database.names(), directory);
    }

    /**
     * {@inheritDoc}
     *
     * @throws SchemaException if the tables are missing or older than this version; the sentence names what to apply
     */
    @Override
    public void open(StoreSettings settings, Instant now) {
        opened.open(Objects.requireNonNull(settings, "settings"), now);
    }

    @Override
    public InsertResult insert(NewSession login, Instant now) {
        StoreSettings settings = opened.settings();
        return database.write("insert", connection -> new InsertStep(connection, settings, now).insert(login));
    }

    @Override
    public Optional<FoundSession> find(SessionRef session, Instant now) {
        return pages.find(session.key(), now).readable().first();
    }

    @Override
    public SessionPage list(SubjectId subject, ListQuery query, Instant now) {
        return pages.ofSubject(subject.key(), subject.realm().key(), query, now);
    }

    @Override
    public SessionPage sessionsOf(RevocationTarget target, ListQuery query, Instant now) {
        StoreArguments.requireNamesSessions(target);
        return target.kind().isSession()
                ? pages.ofSession(target.key(), query, now)
                : pages.ofSubject(target.key(), target.realm(), query, now);
    }

    @Override
    public List<Touch> touch(Collection<Touch> batch, Instant now) {
        opened.settings();
        return batch.isEmpty()
                ? List.of()
                : database.write("touch", connection -> new TouchStep(connection, now).touch(batch));
    }

    /**
     * {@inheritDoc}
     *
     * <p>On PostgreSQL two round trips, a third one if it leaves a notice: the lock with the row, and the update with
     * the commit. On other databases each of these and the beginning of the transaction are one.
     */
    @Override
    public RotateResult rotate(SessionRef session, Rotation rotation, Instant now) {
        StoreSettings settings = opened.settings();
        LookupKey key = session.key();
        return database.write("rotate", connection -> new RotateStep(connection, settings, now).rotate(key, rotation));
    }

    @Override
    public RevokeResult revoke(RevocationRequest request, Precondition precondition, Instant now) {
        StoreArguments.requireNoBirth(request.target());
        return revocations.revoke(request, precondition, now);
    }

    /**
     * Whether this store works on a pool, for those who find the host's connection there and must not join a
     * transaction of another database.
     *
     * @param dataSource compared as an object: a proxy in front of the store's own is another one
     * @return whether it is what {@link #on} was given
     */
    public boolean isOn(DataSource dataSource) {
        return database.isOn(Objects.requireNonNull(dataSource, "dataSource"));
    }

    /**
     * Joins the transaction that the host has begun on a connection, to revoke in it. No round trip.
     *
     * @param connection the host's, without autocommit, at READ COMMITTED; it is neither committed nor closed here
     * @return the transaction, to be used before the host ends it
     * @throws IllegalArgumentException if the connection is in autocommit or at another isolation
     * @throws StoreUnavailableException if the connection is broken
     */
    public HostTransaction join(Connection connection) {
        RevokeTransactions.requireTransaction(connection);
        return new JoinedTransaction(this, connection);
    }

    /**
     * Revokes as part of the host's own transaction: a password change and the end of all sessions, say, both or
     * neither.
     *
     * <p>The host commits, and then calls {@link PendingRevocation#committed}. Until it commits, logins of that subject
     * wait. Keep the transaction short.
     *
     * @param connection the host's, without autocommit, at READ COMMITTED; it is neither committed nor closed here
     * @param request what, why and by whom
     * @param precondition what must hold
     * @param now the instant of the operation
     * @return what will have become of it once the host has committed
     * @throws IllegalArgumentException if the connection is in autocommit or at another isolation
     * @throws StoreUnavailableException if the database refuses; the host should roll back
     */
    public PendingRevocation revokeIn(
            Connection connection, RevocationRequest request, Precondition precondition, Instant now) {
        StoreArguments.requireNoBirth(request.target());
        return revocations.revokeIn(connection, request, precondition, now);
    }

    @Override
    public List<Revocation> revocationsCovering(TokenFacts facts, Instant now) {
        Set<LookupKey> keys = CandidateRows.keysOf(facts);
        return opened.read(
                        "revocationsCovering",
                        now,
                        connection -> CandidateRows.read(connection, keys).besideBirth())
                .behindHorizon("revocationsCovering", now)
                .covering(facts, now, now.plus(opened.settings().retention()));
    }

    @Override
    public Instant newestCutOff(SubjectId subject, Instant now) {
        LookupKey key = subject.key();
        LookupKey realm = subject.realm().key();
        return opened.read("newestCutOff", now, connection -> CutOffs.forLogin(connection, key, realm));
    }

    @Override
    public void record(Collection<Revocation> entries, Instant now) {
        StoreSettings settings = opened.settings();
        StoreArguments.requireNoBirth(entries);
        Database steps = database;
        for (List<Revocation> some : Batches.of(List.copyOf(entries), RECORDED_AT_ONCE)) {
            steps.execute("record", connection -> new RecordStep(connection, settings, now).record(some));
            steps = database.midway();
        }
    }

    @Override
    public RevocationFeed feed() {
        return feed;
    }

    @Override
    public PurgeResult purge(Instant now, int limit) {
        opened.settings();
        StoreArguments.requireLimit(limit);
        return purge.purge(now, limit);
    }

    /**
     * Moves the store's horizon, for an administrator: after a purge by a node whose clock ran far ahead, checks stay
     * UNKNOWN and logins fail until clocks arrive at the horizon, or until it is set back here.
     *
     * <p>That purge has removed revocations that were not forgotten yet, and nothing brings them back. From the reset
     * on, what they covered is ACTIVE again. So first set all clocks right, and, unless it is certain that nothing was
     * removed too early, revoke every realm ({@link RevocationTarget#realm}), or rotate the signing keys, before this
     * call. A cut-off of the realm asks everybody to sign in again and leaves nothing to be revived. Nodes learn the
     * new horizon with their next read of the feed.
     *
     * @param horizon the new one, earlier or later than what stands there; {@link Instant#EPOCH} for a store that never
     *     forgot
     * @throws IllegalStateException if the store has no birth marker, so that {@link #open} must create it first
     * @throws StoreUnavailableException if the database does not answer
     */
    public void resetHorizon(Instant horizon) {
        Objects.requireNonNull(horizon, "horizon");
        if (!database.write("resetHorizon", connection -> Horizon.reset(connection, horizon))) {
            throw new IllegalStateException("the store has no birth marker: open it first");
        }
    }

    @Override
    public PayloadPage payloads(PayloadCursor from, int limit, Instant now) {
        opened.settings();
        return database.read("payloads", connection -> Payloads.page(connection, from, limit));
    }

    @Override
    public int replace(Collection<PayloadChange> batch, Instant now) {
        opened.settings();
        int replaced = 0;
        Database steps = database;
        for (List<PayloadChange> some : Batches.of(List.copyOf(batch), REPLACED_AT_ONCE)) {
            replaced += steps.write("replace", connection -> Payloads.replace(connection, some));
            steps = database.midway();
        }
        return replaced;
    }

    /**
     * {@inheritDoc}
     *
     * <p>A short transaction for each 200 rows: a look-up in the index of the subject, and one batch. Signs of life and
     * exchanges of the rows that go wait for it, logins of the subject do not.
     */
    @Override
    public ErasedRows erase(SubjectId subject, Instant beganUntil, int limit, Instant now) {
        opened.settings();
        SubjectErasure.requireLimit(limit);
        LookupKey key = subject.key();
        int removed = 0;
        int left = limit;
        boolean hasMore = true;
        Database steps = database;
        while (hasMore && left > 0) {
            int some = Math.min(left, ERASED_AT_ONCE);
            ErasedRows rows =
                    steps.write("erase", connection -> new EraseStep(connection).erase(key, beganUntil, some));
            removed += rows.removed();
            left -= some;
            hasMore = rows.hasMore();
            steps = database.midway();
        }
        return new ErasedRows(removed, hasMore);
    }

    /**
     * {@inheritDoc}
     *
     * <p>A page of a client is one round trip, found by an index; before the migration {@code V3__client} there is
     * none, and the database reads the whole table. One of a realm takes two round trips, and looks at 5,000 rows at
     * most, those of other realms included, in the order of the primary key.
     */
    @Override
    public ScopePage sessionsOf(RevocationTarget clientOrRealm, ScopeCursor from, int limit, Instant now) {
        opened.settings();
        SessionsOfScope.requireScope(clientOrRealm);
        SessionsOfScope.requireLimit(limit);
        return scopes.page(clientOrRealm, from.key().orElse(KeyPlace.START), limit, now);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Two round trips for each 5,000 rows, one after another, in none of which a lock is held; each has the call
     * timeout for itself. What covers a row is searched for in the index of targets, five keys a row, so that a million
     * rows may take half a minute. A row that cannot be read may be counted.
     */
    @Override
    public long countLive(Instant now) {
        opened.settings();
        return new LiveCount(opened).count(now);
    }

    /**
     * Calls a listener soon after any node recorded something, so that it can read the feed before its next poll. On
     * PostgreSQL a thread borrows one connection, for 1.5 seconds at a time, and gives it back at once if somebody else
     * has to wait for one; behind a pooler it takes none unless {@link JdbcSessionStoreBuilder#hintsFrom} names a way
     * past it. On other databases nothing happens, and polling alone bounds the delay. A hint that is lost costs only
     * that delay.
     *
     * @param listener must not block; called on a thread of the store, also after each reconnection
     * @return ends the listening
     */
    @Override
    public AutoCloseable hints(Runnable listener) {
        return hints.listen(Objects.requireNonNull(listener, "listener"));
    }

    /**
     * {@inheritDoc} Here also {@link SharedRecords}: each verb is one statement, and so one round trip. A write or a
     * removal that does not win takes a second one, which looks for the reason, and one that finds a forgotten record
     * in its way a third.
     */
    @Override
    public <T> Optional<T> ability(Class<T> type) {
        return type == SharedRecords.class ? Optional.of(type.cast(records)) : SessionStore.super.ability(type);
    }

    /**
     * Ends the listening and the watch over waiting callers; the host's pool stays open. If other nodes were not hinted
     * at the last revocations yet, they are now, which takes the call timeout at most.
     */
    @Override
    public void close() {
        hints.close();
        database.close();
    }
}
