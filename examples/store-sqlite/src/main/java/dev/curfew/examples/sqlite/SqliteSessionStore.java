package dev.curfew.examples.sqlite;

import dev.curfew.meter.DamagedRows;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.NewSession;
import dev.curfew.store.Precondition;
import dev.curfew.store.PurgeResult;
import dev.curfew.store.RevocationFeed;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.SessionPage;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreArguments;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.Touch;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Keeps sessions and revocations in a file of SQLite, which several processes of one machine may share, or in memory.
 * Thread-safe.
 *
 * <p>Each verb is one transaction. What was acknowledged is on the disk. A verb that has to wait for the locks of
 * others for longer than the call timeout throws {@link StoreUnavailableException}; its cause is a {@link
 * SqliteFileException}, which says what is wrong with the file, or an {@link InterruptedException}.
 */
public final class SqliteSessionStore implements SessionStore, AutoCloseable {
    /** How long a verb waits for others: no longer than a check waits for its store. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(2);

    private final Database database;
    private final DamagedRows damaged = new DamagedRows(SqliteSessionStore.class, System::nanoTime);
    private final RevocationFeed feed = new SqliteFeed(this::opened);
    private final SqliteAbilities abilities = new SqliteAbilities(this::opened, damaged);
    private volatile boolean isOpened;

    SqliteSessionStore(Place place, Duration callTimeout) {
        this.database = new Database(place, callTimeout);
    }

    /**
     * Uses a file, which {@link #open} makes if it is not there. Its directory must be there, on a local disk.
     *
     * @param file of the store, and of nothing else
     * @return the store; a host closes it at its end
     */
    public static SqliteSessionStore inFile(Path file) {
        return inFile(file, CALL_TIMEOUT);
    }

    /**
     * As {@link #inFile(Path)}, with another call timeout.
     *
     * @param file of the store, and of nothing else
     * @param callTimeout how long a verb waits for the locks of others, positive
     * @return the store; a host closes it at its end
     */
    public static SqliteSessionStore inFile(Path file, Duration callTimeout) {
        if (callTimeout.isNegative() || callTimeout.isZero()) {
            throw new IllegalArgumentException("callTimeout: " + callTimeout + " was given, and must be positive");
        }
        return new SqliteSessionStore(new FilePlace(file, "FULL", 0), callTimeout);
    }

    /**
     * Keeps everything in memory, for this process alone and until the store is closed.
     *
     * @return the store
     */
    public static SqliteSessionStore inMemory() {
        return new SqliteSessionStore(new MemoryPlace(), CALL_TIMEOUT);
    }

    /**
     * {@inheritDoc}
     *
     * @throws SqliteFileException if the file is damaged, not a store, of a later version, or on a file system without
     *     shared memory
     */
    @Override
    public void open(StoreSettings settings, Instant now) {
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(now, "now");
        try {
            database.create("open", transaction -> {
                Schema.open(transaction, settings, now);
                return isOpened;
            });
        } catch (StoreUnavailableException e) {
            if (e.getCause() instanceof SqliteFileException problem
                    && problem.problem().isMistake()) {
                throw problem;
            }
            throw e;
        }
        isOpened = true;
    }

    private Database opened() {
        if (!isOpened) {
            throw new IllegalStateException("the store was not opened: call open first");
        }
        return database;
    }

    @Override
    public InsertResult insert(NewSession login, Instant now) {
        Objects.requireNonNull(login, "login");
        return opened().write("insert", transaction -> {
            transaction.state().requireBehindHorizon("insert", now);
            return new InsertStep(sessions(transaction), login, now).run();
        });
    }

    @Override
    public Optional<FoundSession> find(SessionRef session, Instant now) {
        LookupKey key = session.key();
        return opened().read("find", transaction -> {
            transaction.state().requireBehindHorizon("find", now);
            return sessions(transaction).find(key).map(row -> FoundSessions.one(transaction, row, now));
        });
    }

    @Override
    public SessionPage list(SubjectId subject, ListQuery query, Instant now) {
        Objects.requireNonNull(query, "query");
        LookupKey key = subject.key();
        return opened().read("list", transaction -> {
            transaction.state().requireBehindHorizon("list", now);
            return ListStep.page(sessions(transaction), key, query, now);
        });
    }

    @Override
    public List<Touch> touch(Collection<Touch> batch, Instant now) {
        Database opened = opened();
        if (batch.isEmpty()) {
            return List.of();
        }
        return opened.write("touch", transaction -> {
            transaction.state().requireBehindHorizon("touch", now);
            return new TouchStep(sessions(transaction), now).run(batch);
        });
    }

    @Override
    public RotateResult rotate(SessionRef session, Rotation rotation, Instant now) {
        Objects.requireNonNull(rotation, "rotation");
        LookupKey key = session.key();
        return opened().write("rotate", transaction -> {
            transaction.state().requireBehindHorizon("rotate", now);
            return new RotateStep(sessions(transaction), now).run(key, rotation);
        });
    }

    @Override
    public RevokeResult revoke(RevocationRequest request, Precondition precondition, Instant now) {
        Objects.requireNonNull(precondition, "precondition");
        StoreArguments.requireNoBirth(request.target());
        return opened().write(
                        "revoke", transaction -> new RevokeStep(sessions(transaction), request, now).run(precondition));
    }

    @Override
    public List<Revocation> revocationsCovering(TokenFacts facts, Instant now) {
        Objects.requireNonNull(facts, "facts");
        return opened().read("check", transaction -> {
            transaction.state().requireBehindHorizon("revocationsCovering", now);
            return Coverage.of(transaction, List.of(facts)).covering(facts, now);
        });
    }

    @Override
    public Instant newestCutOff(SubjectId subject, Instant now) {
        LookupKey key = subject.key();
        LookupKey realm = subject.realm().key();
        return opened().read("newestCutOff", transaction -> new FeedTable(transaction).newestCutOff(key, realm));
    }

    @Override
    public void record(Collection<Revocation> entries, Instant now) {
        StoreArguments.requireNoBirth(entries);
        Database opened = opened();
        if (!entries.isEmpty()) {
            opened.write("record", transaction -> {
                new RecordStep(transaction, now).run(entries);
                return entries;
            });
        }
    }

    @Override
    public RevocationFeed feed() {
        return feed;
    }

    @Override
    public PurgeResult purge(Instant now, int limit) {
        StoreArguments.requireLimit(limit);
        return opened().write("purge", transaction -> new PurgeStep(sessions(transaction), now, limit).run());
    }

    @Override
    public boolean keepsInProcess() {
        return database.isMemory();
    }

    @Override
    public <T> Optional<T> ability(Class<T> type) {
        return type.isInstance(abilities) ? Optional.of(type.cast(abilities)) : Optional.empty();
    }

    /**
     * Waits for the calls that are running, and closes the file; what runs longer than the call timeout closes its part
     * itself at its end. An interruption does not keep it from that. Every later call fails.
     */
    @Override
    public void close() {
        database.close();
    }

    private SessionTable sessions(Transaction transaction) {
        return new SessionTable(transaction, damaged);
    }
}
