package dev.curfew.jdbc;

import dev.curfew.crypto.SecretHash;
import dev.curfew.jdbc.database.ForeignTransactionException;
import dev.curfew.jdbc.database.SqlDialect;
import dev.curfew.jdbc.feed.Feed;
import dev.curfew.jdbc.feed.FeedSource;
import dev.curfew.jdbc.feed.HintSource;
import dev.curfew.jdbc.feed.Hints;
import dev.curfew.jdbc.purge.Purge;
import dev.curfew.jdbc.sql.ConnectionSource;
import dev.curfew.jdbc.sql.Database;
import dev.curfew.jdbc.sql.DetectedServer;
import dev.curfew.jdbc.sql.Dialect;
import dev.curfew.jdbc.sql.Schema;
import dev.curfew.jdbc.sql.ServerClock;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.TableNames;
import dev.curfew.jdbc.step.CloseStep;
import dev.curfew.jdbc.step.InsertStep;
import dev.curfew.jdbc.step.ListStep;
import dev.curfew.jdbc.step.Payloads;
import dev.curfew.jdbc.step.RecordStep;
import dev.curfew.jdbc.step.RevokeStep;
import dev.curfew.jdbc.step.RotateStep;
import dev.curfew.jdbc.step.TouchStep;
import dev.curfew.jdbc.table.BirthMarker;
import dev.curfew.jdbc.table.CandidateRows;
import dev.curfew.jdbc.table.CutOffs;
import dev.curfew.jdbc.table.FindQuery;
import dev.curfew.jdbc.table.Horizon;
import dev.curfew.jdbc.table.SharedNumbers;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FeedHints;
import dev.curfew.store.FoundSession;
import dev.curfew.store.HostTransaction;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
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
import dev.curfew.store.SessionPage;
import dev.curfew.store.SessionStore;
import dev.curfew.store.SessionsOfTarget;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreSettingsMismatchException;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.StoredSession;
import dev.curfew.store.Touch;
import java.io.IOException;
import java.io.Writer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Sessions and revocations in PostgreSQL, MySQL, MariaDB or H2, over the host's {@link DataSource}. Thread-safe.
 *
 * <p>The store owns its transactions: each verb takes one connection, never two, sets what it needs, commits, and puts
 * back what the pool had set. What {@link #revoke} acknowledged is committed. A verb that cannot be answered within the
 * call timeout throws {@link StoreUnavailableException}.
 */
public final class JdbcSessionStore
        implements SessionStore, FeedHints, SessionsOfTarget, PayloadRewriting, AutoCloseable {
    private static final String RETENTION = "retention";
    private static final Duration MIGRATION = Duration.ofMinutes(10);
    private static final int RECORDED_AT_ONCE = 200;
    private static final int REPLACED_AT_ONCE = 200;

    private final Database database;
    private final Feed feed;
    private final Purge purge;
    private final Hints hints;

    private volatile @Nullable StoreSettings opened;

    private JdbcSessionStore(Builder builder) {
        TableNames names = new TableNames(builder.schema, builder.prefix);
        ConnectionSource connections = new ConnectionSource(builder.dataSource);
        this.database = new Database(
                connections,
                names,
                builder.callTimeout,
                builder.attempts,
                new DetectedServer(Dialect.named(builder.dialect), builder.trustsWithoutAutoCommit),
                builder.clock);
        FeedSource source = new FeedSource(database, this::settings);
        this.feed = new Feed(source, builder.ticker);
        this.purge = new Purge(source);
        this.hints = new Hints(database, builder.hintSource(connections));
    }

    /**
     * Starts a store over a pool of connections.
     *
     * @param dataSource the host's; its settings are respected and restored
     * @return a builder
     */
    public static Builder on(DataSource dataSource) {
        return new Builder(dataSource);
    }

    /**
     * Creates or updates the tables. Nothing is ever created without this call.
     *
     * @throws StoreUnavailableException if the database does not answer
     */
    public void migrate() {
        database.within(MIGRATION).write("the migration", connection -> {
            Schema.STORE.migrate(connection);
            return true;
        });
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

    @Override
    public void open(StoreSettings settings, Instant now) {
        Objects.requireNonNull(settings, "settings");
        StoreSettings first = opened == null ? settings : opened;
        long retention = database.write("open", connection -> {
            SharedNumbers.create(connection, RETENTION, settings.retention().toMillis());
            CandidateRows.readOrCreateBirth(connection, Set.of(BirthMarker.KEY), first, now);
            return SharedNumbers.read(connection, RETENTION).orElseThrow();
        });
        if (retention != settings.retention().toMillis()) {
            throw new StoreSettingsMismatchException(Duration.ofMillis(retention), settings.retention());
        }
        opened = first;
    }

    @Override
    public InsertResult insert(StoredSession session, SessionLimit limit, Instant now) {
        StoreSettings settings = settings();
        return database.write("insert", connection -> new InsertStep(connection, settings, now).insert(session, limit));
    }

    @Override
    public Optional<FoundSession> find(SessionRef session, Instant now) {
        LookupKey key = session.key();
        return withBirth("find", now, connection -> FindQuery.one(connection, key, now))
                .readable()
                .first();
    }

    @Override
    public SessionPage list(SubjectId subject, ListQuery query, Instant now) {
        return list(subject.key(), subject.realm().key(), query, now);
    }

    @Override
    public SessionPage sessionsOf(RevocationTarget target, ListQuery query, Instant now) {
        return switch (target.kind()) {
            case SUBJECT -> list(target.key(), target.realm(), query, now);
            case SESSION, FOREIGN_SESSION ->
                ListStep.page(
                        withBirth("find", now, connection -> FindQuery.one(connection, target.key(), now)), query, now);
            case TOKEN, CLIENT, REALM, SIGNING_KEY, BIRTH ->
                throw new IllegalArgumentException("a " + target.kind() + " names no sessions");
        };
    }

    private SessionPage list(LookupKey subject, LookupKey realm, ListQuery query, Instant now) {
        FindQuery.Found found =
                withBirth("list", now, connection -> new ListStep(connection, now).read(subject, realm, query));
        SessionPage page = ListStep.page(found, query, now);
        return ListStep.onward(found, page, query)
                .map(onward -> list(subject, realm, onward, now))
                .orElse(page);
    }

    @Override
    public int touch(Collection<Touch> batch, Instant now) {
        settings();
        return batch.isEmpty() ? 0 : database.write("touch", connection -> new TouchStep(connection, now).touch(batch));
    }

    @Override
    public RotateResult rotate(SessionRef session, SecretHash expected, SecretHash next, Instant now) {
        StoreSettings settings = settings();
        LookupKey key = session.key();
        return database.write(
                "rotate", connection -> new RotateStep(connection, settings, now).rotate(key, expected, next));
    }

    @Override
    public RevokeResult revoke(RevocationRequest request, Precondition precondition, Instant now) {
        StoreSettings settings = settings();
        requireNoBirth(request.target());
        long begin = System.nanoTime();
        RevokeStep.Outcome outcome = database.write(
                "revoke", connection -> new RevokeStep(connection, settings, request, precondition, now).revoke());
        return outcome.isOpen()
                ? close(request.act(), outcome.result(), now.plusNanos(System.nanoTime() - begin))
                : outcome.result();
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
        requireTransaction(connection);
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
        StoreSettings settings = settings();
        requireNoBirth(request.target());
        Dialect dialect = database.dialect();
        requireTransaction(connection);
        try {
            SqlConnection joined = new SqlConnection(connection, dialect, database.names(), database.clock(), null);
            RevokeResult result = new RevokeStep(joined, settings, request, precondition, now, true)
                    .revoke()
                    .result();
            return new JoinedRevocation(result, later -> close(request.act(), result, later));
        } catch (SQLException e) {
            throw StoreUnavailableException.ofWrite("revokeIn", e);
        }
    }

    @Override
    public List<Revocation> revocationsCovering(TokenFacts facts, Instant now) {
        Set<LookupKey> keys = CandidateRows.keysOf(facts);
        StoreSettings settings = settings();
        CandidateRows candidates =
                database.read("revocationsCovering", connection -> CandidateRows.read(connection, keys));
        if (!candidates.hasBirth()) {
            createBirth(settings, now);
            candidates = database.read("revocationsCovering", connection -> CandidateRows.read(connection, keys));
        }
        if (!candidates.hasBirth()) {
            throw new StoreUnavailableException("revocationsCovering", null);
        }
        return candidates
                .behindHorizon("revocationsCovering", now)
                .covering(facts, now, now.plus(settings.retention()));
    }

    @Override
    public Instant newestCutOff(SubjectId subject, Instant now) {
        StoreSettings settings = settings();
        LookupKey key = subject.key();
        LookupKey realm = subject.realm().key();
        Optional<Instant> newest =
                database.read("newestCutOff", connection -> CutOffs.forLogin(connection, key, realm));
        if (newest.isEmpty()) {
            createBirth(settings, now);
            newest = database.read("newestCutOff", connection -> CutOffs.forLogin(connection, key, realm));
        }
        return newest.orElseThrow(() -> new StoreUnavailableException("newestCutOff", null));
    }

    @Override
    public void record(Collection<Revocation> entries, Instant now) {
        StoreSettings settings = settings();
        entries.forEach(entry -> requireNoBirth(entry.target()));
        List<Revocation> all = List.copyOf(entries);
        for (int from = 0; from < all.size(); from += RECORDED_AT_ONCE) {
            List<Revocation> some = all.subList(from, Math.min(all.size(), from + RECORDED_AT_ONCE));
            database.write("record", connection -> {
                new RecordStep(connection, settings, now).record(some);
                return true;
            });
        }
    }

    @Override
    public RevocationFeed feed() {
        return feed;
    }

    @Override
    public PurgeResult purge(Instant now, int limit) {
        StoreSettings settings = settings();
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be positive");
        }
        return purge.purge(settings, now, limit);
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
        settings();
        return database.read("payloads", connection -> Payloads.page(connection, from, limit));
    }

    @Override
    public int replace(Collection<PayloadChange> batch, Instant now) {
        settings();
        List<PayloadChange> all = List.copyOf(batch);
        int replaced = 0;
        for (int from = 0; from < all.size(); from += REPLACED_AT_ONCE) {
            List<PayloadChange> some = all.subList(from, Math.min(all.size(), from + REPLACED_AT_ONCE));
            replaced += database.write("replace", connection -> Payloads.replace(connection, some));
        }
        return replaced;
    }

    /**
     * Calls a listener soon after any node recorded something, so that it can read the feed before its next poll. On
     * PostgreSQL a thread borrows one connection, for 1.5 seconds at a time, and gives it back at once if somebody else
     * has to wait for one; behind a pooler it takes none unless {@link Builder#hintsFrom} names a way past it. On other
     * databases nothing happens, and polling alone bounds the delay. A hint that is lost costs only that delay.
     *
     * @param listener must not block; called on a thread of the store, also after each reconnection
     * @return ends the listening
     */
    @Override
    public AutoCloseable hints(Runnable listener) {
        return hints.listen(Objects.requireNonNull(listener, "listener"));
    }

    /** Ends the listening and the watch over waiting callers; the host's pool stays open. */
    @Override
    public void close() {
        hints.close();
        database.close();
    }

    private StoreSettings settings() {
        StoreSettings settings = opened;
        if (settings == null) {
            throw new IllegalStateException("open(settings, now) comes before every other verb of a store");
        }
        return settings;
    }

    private FindQuery.Found withBirth(String operation, Instant now, Database.Step<FindQuery.Found> step) {
        StoreSettings settings = settings();
        FindQuery.Found found = database.read(operation, step);
        if (!found.hasBirth()) {
            createBirth(settings, now);
            found = database.read(operation, step);
        }
        if (!found.hasBirth()) {
            throw new StoreUnavailableException(operation, null);
        }
        return found.behindHorizon(operation, now);
    }

    private void createBirth(StoreSettings settings, Instant now) {
        database.write("the birth of the store", connection -> {
            BirthMarker.create(connection, settings, now);
            return true;
        });
    }

    /** Gives an act that joined a transaction its instants; an act that wrote nothing has none to be given. */
    private RevokeResult close(LookupKey act, RevokeResult result, Instant now) {
        if (!(result instanceof RevokeResult.Recorded pending)) {
            return result;
        }
        StoreSettings settings = settings();
        Optional<CloseStep.Closing> closing =
                database.write("committed", connection -> new CloseStep(connection, settings, now).close(act));
        if (closing.isEmpty() && pending.changed()) {
            throw new IllegalStateException("the transaction of this revocation is not committed");
        }
        return closing.<RevokeResult>map(done ->
                        new RevokeResult.Recorded(done.row().required(), pending.newlyCovered(), done.closedHere()))
                .orElse(pending);
    }

    private static void requireTransaction(Connection connection) {
        try {
            if (connection.getAutoCommit()) {
                throw new IllegalArgumentException("joining a transaction needs one: the connection is in autocommit");
            }
            if (connection.getTransactionIsolation() != Connection.TRANSACTION_READ_COMMITTED) {
                throw new IllegalArgumentException("joining a transaction needs READ COMMITTED: another isolation"
                        + " would judge by what was committed earlier");
            }
        } catch (SQLException e) {
            throw StoreUnavailableException.ofWrite("join", e);
        }
    }

    private static void requireNoBirth(RevocationTarget target) {
        if (target.kind() == RevocationTarget.Kind.BIRTH) {
            throw new IllegalArgumentException("a birth is created by the store, never revoked or recorded");
        }
    }

    /** The settings of a store. Confined to one thread. */
    public static final class Builder {
        private static final int MOST_ATTEMPTS = 20;
        private static final Duration LEAST_TIMEOUT = Duration.ofMillis(10);

        /** The feed relies on every transaction being over within two minutes. */
        private static final Duration MOST_TIMEOUT = Duration.ofMinutes(1);

        private final DataSource dataSource;
        private @Nullable SqlDialect dialect;
        private boolean trustsWithoutAutoCommit;
        private @Nullable DataSource ofHints;
        private boolean isHinted = true;
        private String schema = "";
        private String prefix = "curfew_";
        private Duration callTimeout = Duration.ofSeconds(2);
        private int attempts = 5;
        private ServerClock clock = ServerClock.ofServer();
        private LongSupplier ticker = System::nanoTime;

        private Builder(DataSource dataSource) {
            this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        }

        /**
         * Names the dialect, for a database that calls itself something else.
         *
         * @param value found out at the first connection if this is not set
         * @return this
         */
        public Builder dialect(SqlDialect value) {
            this.dialect = Objects.requireNonNull(value, "dialect");
            return this;
        }

        /**
         * Says that no connection of the pool is ever in the middle of a transaction when it is lent, also those
         * without autocommit. Only then may the store begin and commit on them. PostgreSQL's driver and MariaDB say
         * that by themselves; MySQL and H2 do not, so that a connection without autocommit is refused there with a
         * {@link ForeignTransactionException}. Connections in autocommit need no such trust.
         *
         * @return this
         */
        public Builder trustConnectionsWithoutAutoCommit() {
            this.trustsWithoutAutoCommit = true;
            return this;
        }

        /**
         * Sets where the tables are.
         *
         * @param value letters, digits and underscores; the connection's own schema if this is not set
         * @return this
         */
        public Builder schema(String value) {
            this.schema = TableNames.requireIdentifier(value, "schema");
            return this;
        }

        /**
         * Sets with what the names of all tables and indexes begin.
         *
         * @param value letters, digits and underscores; {@code curfew_} by default
         * @return this
         */
        public Builder prefix(String value) {
            this.prefix = TableNames.requireIdentifier(value, "prefix");
            return this;
        }

        /**
         * Gives the hints on PostgreSQL a source of connections of their own, of which one at a time is in use, for
         * some seconds each. Needed where a pooler in transaction mode (PgBouncer, say) stands before the store's own:
         * give a source that leads past it. Also good for a pool that is small.
         *
         * @param value leads to the same database
         * @return this
         */
        public Builder hintsFrom(DataSource value) {
            this.ofHints = Objects.requireNonNull(value, "hintsFrom");
            this.isHinted = true;
            return this;
        }

        /**
         * Does without hints, and without the connection that they take on PostgreSQL: other nodes learn with their
         * next poll what was revoked.
         *
         * @return this
         */
        public Builder withoutHints() {
            this.isHinted = false;
            return this;
        }

        private HintSource hintSource(ConnectionSource source) {
            DataSource own = ofHints;
            if (!isHinted) {
                return HintSource.NONE;
            }
            return own == null ? HintSource.shared(dataSource, source::isStarving) : HintSource.own(own);
        }

        /**
         * Sets how long one call may take, the wait for a connection and all repetitions included.
         *
         * <p>The server itself ends a transaction of the store whose process has fallen silent for so long, or for 5
         * seconds if that is shorter.
         *
         * @param value 10 milliseconds to 1 minute; 2 seconds by default
         * @return this
         */
        public Builder callTimeout(Duration value) {
            if (value.compareTo(LEAST_TIMEOUT) < 0 || value.compareTo(MOST_TIMEOUT) > 0) {
                throw new IllegalArgumentException("callTimeout must be 10 ms to 1 minute");
            }
            this.callTimeout = value;
            return this;
        }

        /**
         * Sets how often a step is tried that the database refuses because of another one (serialization failure,
         * deadlock).
         *
         * @param value 1 to 20; 5 by default
         * @return this
         */
        public Builder attempts(int value) {
            if (value < 1 || value > MOST_ATTEMPTS) {
                throw new IllegalArgumentException("attempts must be 1 to " + MOST_ATTEMPTS);
            }
            this.attempts = value;
            return this;
        }

        /** For tests: what the server's clock is taken to say. */
        Builder serverClock(ServerClock value) {
            this.clock = value;
            return this;
        }

        /** For tests: elapsed time in nanoseconds. */
        Builder ticker(LongSupplier value) {
            this.ticker = value;
            return this;
        }

        /**
         * Makes the store; nothing is asked of the database yet.
         *
         * @return a store that must be opened
         */
        public JdbcSessionStore build() {
            return new JdbcSessionStore(this);
        }
    }
}
