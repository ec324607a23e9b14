package dev.curfew.redis;

import dev.curfew.redis.connection.Outage;
import dev.curfew.redis.connection.RedisConnector;
import dev.curfew.redis.connection.Server;
import dev.curfew.redis.connection.ServerSafety;
import dev.curfew.redis.feed.FeedReads;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptRunner;
import dev.curfew.redis.server.LayoutMismatchException;
import dev.curfew.redis.server.PartitionsMismatchException;
import dev.curfew.redis.server.ServerCheck;
import dev.curfew.redis.server.UnsafeServerException;
import dev.curfew.redis.verb.CheckVerbs;
import dev.curfew.redis.verb.CountLiveVerb;
import dev.curfew.redis.verb.EraseVerb;
import dev.curfew.redis.verb.OpenVerb;
import dev.curfew.redis.verb.PayloadVerbs;
import dev.curfew.redis.verb.PurgeVerb;
import dev.curfew.redis.verb.RecordVerb;
import dev.curfew.redis.verb.RevokeVerb;
import dev.curfew.redis.verb.RotateVerb;
import dev.curfew.redis.verb.ScopeVerb;
import dev.curfew.redis.verb.SessionReadVerbs;
import dev.curfew.redis.verb.SessionWriteVerbs;
import dev.curfew.redis.verb.SharedRecordVerbs;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ErasedRows;
import dev.curfew.store.FeedHints;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.NewSession;
import dev.curfew.store.PayloadChange;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.PayloadPage;
import dev.curfew.store.PayloadRewriting;
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
import dev.curfew.store.UndecodableRecordException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The store in Redis: one server, Sentinel or a cluster. Thread-safe.
 *
 * <p>A verb is one script on one partition, which is one slot; revocations of clients, realms and signing keys go to
 * all partitions. The store opens connections of its own on the host's client, and {@link #close} closes only those.
 * Each listener to {@link #hints} has a connection of its own.
 *
 * <p>What may be lost: whatever Redis itself loses after it acknowledged. A partition that comes back empty has a new
 * birth marker, which covers everything older, and positions in its feed are gaps.
 */
public final class RedisSessionStore
        implements SessionStore,
                FeedHints,
                SessionsOfTarget,
                PayloadRewriting,
                SubjectErasure,
                SessionsOfScope,
                AutoCloseable {
    private final Server server;
    private final RedisKeys keys;
    private final ServerCheck serverCheck;
    private final RevocationFeed feed = this::readAfter;
    private final SharedRecords records = new SharedRecordVerbs(() -> verbs().scripts());
    private final Set<AutoCloseable> subscriptions = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Verbs opened;

    RedisSessionStore(Server server, RedisKeys keys, ServerCheck serverCheck) {
        this.server = server;
        this.keys = keys;
        this.serverCheck = serverCheck;
    }

    /** The verbs on data whose settings are known. */
    private record Verbs(
            ScriptRunner scripts,
            CheckVerbs checks,
            SessionReadVerbs sessionReads,
            SessionWriteVerbs sessionWrites,
            RotateVerb rotate,
            RevokeVerb revoke,
            RecordVerb record,
            FeedReads feed,
            PurgeVerb purge,
            PayloadVerbs payloads,
            EraseVerb erase,
            ScopeVerb scope,
            CountLiveVerb countLive) {
        static Verbs on(ScriptRunner scripts) {
            CheckVerbs checks = new CheckVerbs(scripts);
            RecordVerb record = new RecordVerb(scripts);
            SessionReadVerbs sessionReads = new SessionReadVerbs(scripts);
            return new Verbs(
                    scripts,
                    checks,
                    sessionReads,
                    new SessionWriteVerbs(scripts, sessionReads, record),
                    new RotateVerb(scripts, sessionReads),
                    new RevokeVerb(scripts, checks, sessionReads, record),
                    record,
                    new FeedReads(scripts, record),
                    new PurgeVerb(scripts),
                    new PayloadVerbs(scripts),
                    new EraseVerb(scripts),
                    new ScopeVerb(scripts),
                    new CountLiveVerb(scripts));
        }
    }

    /**
     * A store on one server, or on the master that Sentinel names, as the client's URI says.
     *
     * @param client the host's, which stays open
     * @return a builder
     */
    public static RedisSessionStoreBuilder on(RedisClient client) {
        return new RedisSessionStoreBuilder(RedisConnector.of(client));
    }

    /**
     * A store on a cluster.
     *
     * @param client the host's, which stays open; periodic and adaptive topology refresh are recommended
     * @return a builder
     */
    public static RedisSessionStoreBuilder on(RedisClusterClient client) {
        return new RedisSessionStoreBuilder(RedisConnector.of(client));
    }

    /**
     * {@inheritDoc}
     *
     * @throws PartitionsMismatchException if the store was installed with another number of partitions
     * @throws LayoutMismatchException if another version of Curfew wrote to the store
     * @throws UnsafeServerException if the server may evict or lose revocations, and that is to be refused
     */
    @Override
    public void open(StoreSettings settings, Instant now) {
        boolean isFirst = opened == null;
        if (isFirst) {
            ServerSafety.check(serverCheck, server.port(), server.calls());
        }
        ScriptRunner scripts = new ScriptRunner(server, keys, settings);
        OpenVerb.open(scripts, now);
        if (isFirst) {
            opened = Verbs.on(scripts);
        }
    }

    @Override
    public InsertResult insert(NewSession login, Instant now) {
        return verbs().sessionWrites().insert(login, now);
    }

    @Override
    public Optional<FoundSession> find(SessionRef session, Instant now) {
        return verbs().sessionReads().find(session, now);
    }

    @Override
    public SessionPage list(SubjectId subject, ListQuery query, Instant now) {
        return verbs().sessionReads().list(subject.key(), query, now);
    }

    @Override
    public SessionPage sessionsOf(RevocationTarget target, ListQuery query, Instant now) {
        StoreArguments.requireNamesSessions(target);
        if (target.kind() == RevocationTarget.Kind.SUBJECT) {
            return verbs().sessionReads().list(target.key(), query, now);
        }
        Optional<FoundSession> found = verbs().sessionReads().findTarget(target, now);
        return new SessionPage(
                found.filter(row -> query.includes(row, now)).stream().toList(), false);
    }

    @Override
    public List<Touch> touch(Collection<Touch> batch, Instant now) {
        return verbs().sessionWrites().touch(batch, now);
    }

    @Override
    public RotateResult rotate(SessionRef session, Rotation rotation, Instant now) {
        return verbs().rotate().rotate(session, rotation, now);
    }

    @Override
    public RevokeResult revoke(RevocationRequest request, Precondition precondition, Instant now) {
        return verbs().revoke().revoke(request, precondition, now);
    }

    @Override
    public List<Revocation> revocationsCovering(TokenFacts facts, Instant now) {
        return verbs().checks().covering(facts, now);
    }

    @Override
    public Instant newestCutOff(SubjectId subject, Instant now) {
        return verbs().checks().newestCutOff(subject, now);
    }

    @Override
    public void record(Collection<Revocation> entries, Instant now) {
        Verbs verbs = verbs();
        StoreArguments.requireNoBirth(entries);
        verbs.record().record(entries, now);
    }

    @Override
    public RevocationFeed feed() {
        return feed;
    }

    /**
     * {@inheritDoc}
     *
     * @throws StoreUnavailableException if there is no connection
     */
    @Override
    public AutoCloseable hints(Runnable listener) {
        Objects.requireNonNull(listener, "listener");
        try {
            AutoCloseable listening = server.port().listen(keys.hints(), listener);
            subscriptions.add(listening);
            return () -> {
                subscriptions.remove(listening);
                listening.close();
            };
        } catch (RedisException e) {
            throw Outage.ofConnection(e);
        }
    }

    private FeedRead readAfter(FeedPosition position, int limit, Instant now) {
        return verbs().feed().readAfter(position, limit, now);
    }

    @Override
    public PurgeResult purge(Instant now, int limit) {
        return verbs().purge().purge(now, limit);
    }

    /**
     * Takes the horizon back, once all clocks are right, after one that ran ahead has raised it, so that checks are
     * UNKNOWN. What was removed too early is not known any more: whatever began before now is refused from then on, as
     * in a store that lost its data. Costs a round trip.
     *
     * @param now the instant of the operation
     * @throws StoreUnavailableException if the store does not answer; some partitions may be done then, and repeating
     *     it is safe
     */
    public void resetHorizon(Instant now) {
        verbs().purge().resetHorizon(now);
    }

    @Override
    public PayloadPage payloads(PayloadCursor from, int limit, Instant now) {
        return verbs().payloads().page(from, limit);
    }

    @Override
    public int replace(Collection<PayloadChange> batch, Instant now) {
        return verbs().payloads().replace(batch, now);
    }

    @Override
    public ErasedRows erase(SubjectId subject, Instant beganUntil, int limit, Instant now) {
        return verbs().erase().erase(subject, beganUntil, limit, now);
    }

    @Override
    public ScopePage sessionsOf(RevocationTarget clientOrRealm, ScopeCursor from, int limit, Instant now) {
        return verbs().scope().page(clientOrRealm, from, limit, now);
    }

    @Override
    public long countLive(Instant now) {
        return verbs().countLive().countLive(now);
    }

    /**
     * {@inheritDoc} Here also {@link SharedRecords}: one script a verb, in the partition of the group. Of the keys of a
     * group each knows how many records it must have; where the records themselves are lost, each verb throws an
     * {@link UndecodableRecordException}, until the last of them would have been forgotten. If all keys of a group are
     * lost together, its records are absent.
     */
    @Override
    public <T> Optional<T> ability(Class<T> type) {
        return type == SharedRecords.class ? Optional.of(type.cast(records)) : SessionStore.super.ability(type);
    }

    /** Closes the store's own connections; the client stays open. */
    @Override
    public void close() {
        for (AutoCloseable subscription : subscriptions) {
            try {
                subscription.close();
            } catch (Exception e) {
                throw new IllegalStateException("a subscription does not close", e);
            }
        }
        server.port().close();
    }

    private Verbs verbs() {
        return Objects.requireNonNullElseGet(opened, () -> {
            throw new IllegalStateException(
                    "open(settings, now) comes before every other verb of a store: SessionServiceBuilder.build()"
                            + " calls it");
        });
    }
}
