package dev.curfew.redis;

import dev.curfew.crypto.SecretHash;
import dev.curfew.redis.Partitions.Step;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FeedHints;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
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
import dev.curfew.store.SessionPage;
import dev.curfew.store.SessionStore;
import dev.curfew.store.SessionsOfTarget;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreSettingsMismatchException;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.StoredSession;
import dev.curfew.store.Touch;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;
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
        implements SessionStore, FeedHints, SessionsOfTarget, PayloadRewriting, AutoCloseable {
    private final Server server;
    private final RedisKeys keys;
    private final ServerCheck serverCheck;
    private final RevocationFeed feed = this::readAfter;
    private final Set<AutoCloseable> subscriptions = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Verbs opened;

    RedisSessionStore(Server server, RedisKeys keys, ServerCheck serverCheck) {
        this.server = server;
        this.keys = keys;
        this.serverCheck = serverCheck;
    }

    /** The verbs on data whose settings are known. */
    private record Verbs(
            Partitions partitions,
            Checks checks,
            Sessions sessions,
            Listing listing,
            Revocations revocations,
            Recorder recorder,
            RedisFeed feed,
            Reload reload,
            Purge purge,
            Payloads payloads) {
        static Verbs on(Partitions partitions) {
            Checks checks = new Checks(partitions);
            Recorder recorder = new Recorder(partitions);
            Spreading spreading = new Spreading(partitions.keys().partitions(), recorder);
            Sessions sessions = new Sessions(partitions, recorder);
            Listing listing = new Listing(partitions);
            return new Verbs(
                    partitions,
                    checks,
                    sessions,
                    listing,
                    new Revocations(partitions, checks, listing, recorder),
                    recorder,
                    new RedisFeed(partitions, spreading),
                    new Reload(partitions, spreading),
                    new Purge(partitions),
                    new Payloads(partitions));
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
        Verbs before = opened;
        if (before == null) {
            ServerSafety.check(serverCheck, server.port(), server.calls());
        }
        Partitions partitions = new Partitions(server, keys, settings);
        requireInstalled(0, partitions.run("open", new Step(LuaScript.OPEN, 0, List.of(), List.of()), now), settings);
        List<List<Object>> answers = partitions.runAll(
                "open", partitions.everywhere(at -> new Step(LuaScript.OPEN, at, List.of(), List.of())), now);
        for (int partition = 0; partition < answers.size(); partition++) {
            requireInstalled(partition, answers.get(partition), settings);
            requireLayout(partitions, partition, Reply.text(answers.get(partition), 2), now);
        }
        if (before == null) {
            opened = Verbs.on(partitions);
        }
    }

    /** What an older version has written is converted once; the store is refused until that is done. */
    private void requireLayout(Partitions partitions, int partition, String stored, Instant now) {
        String layout = stored.isEmpty() || stored.equals(Company.LAYOUT_BEFORE)
                ? Reply.text(
                        partitions.run(
                                "open",
                                new Step(LuaScript.CONVERT_LAYOUT, partition, keys.containersOf(partition), List.of()),
                                now),
                        0)
                : stored;
        if (!layout.equals(Company.LAYOUT)) {
            throw new LayoutMismatchException(layout);
        }
    }

    private void requireInstalled(int partition, List<Object> answer, StoreSettings settings) {
        int stored = (int) installed(partition, answer, 0);
        if (stored != keys.partitions()) {
            throw new PartitionsMismatchException(stored, keys.partitions());
        }
        Duration retention = Duration.ofMillis(installed(partition, answer, 1));
        if (retention.toMillis() != settings.retention().toMillis()) {
            throw new StoreSettingsMismatchException(retention, settings.retention());
        }
    }

    private long installed(int partition, List<Object> answer, int index) {
        try {
            return Reply.number(answer, index);
        } catch (NumberFormatException e) {
            throw Outage.of(
                    "open",
                    new DamagedKeyException(
                            keys.part(partition), "no number of partitions or no retention", "what open wrote"));
        }
    }

    @Override
    public InsertResult insert(StoredSession session, SessionLimit limit, Instant now) {
        return verbs().sessions().insert(session, limit, now);
    }

    @Override
    public Optional<FoundSession> find(SessionRef session, Instant now) {
        Verbs verbs = verbs();
        int bucket = verbs.sessions().bucketOf(session, now);
        return bucket == SessionRef.UNROUTED
                ? Optional.empty()
                : verbs.listing().find(session.key(), bucket, now);
    }

    @Override
    public SessionPage list(SubjectId subject, ListQuery query, Instant now) {
        return verbs().listing().list(subject.key(), query, now);
    }

    @Override
    public SessionPage sessionsOf(RevocationTarget target, ListQuery query, Instant now) {
        return switch (target.kind()) {
            case SUBJECT -> verbs().listing().list(target.key(), query, now);
            case SESSION, FOREIGN_SESSION ->
                target.bucket() < 0
                        ? new SessionPage(List.of(), false)
                        : new SessionPage(
                                verbs()
                                        .listing()
                                        .find(target.key(), target.bucket(), now)
                                        .filter(found -> !query.liveOnly() || found.isLive(now))
                                        .stream()
                                        .toList(),
                                false);
            case TOKEN, CLIENT, REALM, SIGNING_KEY, BIRTH ->
                throw new IllegalArgumentException("a " + target.kind() + " names no sessions");
        };
    }

    @Override
    public int touch(Collection<Touch> batch, Instant now) {
        return verbs().sessions().touch(batch, now);
    }

    @Override
    public RotateResult rotate(SessionRef session, SecretHash expected, SecretHash next, Instant now) {
        return verbs().sessions().rotate(session, expected, next, now);
    }

    @Override
    public RevokeResult revoke(RevocationRequest request, Precondition precondition, Instant now) {
        return verbs().revocations().revoke(request, precondition, now);
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
        if (entries.stream().anyMatch(entry -> entry.target().kind() == RevocationTarget.Kind.BIRTH)) {
            throw new IllegalArgumentException("a birth is never recorded again");
        }
        verbs.recorder().record(entries, now);
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
        Verbs verbs = verbs();
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be positive");
        }
        int marks = position.marks().size();
        if (marks == 0) {
            return verbs.reload().begin(limit, now);
        }
        if (marks == keys.partitions() + 2) {
            return verbs.reload().goOn(position, limit, now);
        }
        return marks == keys.partitions() ? verbs.feed().readOn(position, limit, now) : new FeedRead.Gap();
    }

    @Override
    public PurgeResult purge(Instant now, int limit) {
        Verbs verbs = verbs();
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be positive");
        }
        return verbs.purge().purge(now, limit);
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
        Partitions partitions = verbs().partitions();
        partitions.writeAll(
                "resetHorizon",
                partitions.everywhere(at -> new Step(LuaScript.RESET_HORIZON, at, List.of(), List.of())),
                now);
    }

    @Override
    public PayloadPage payloads(PayloadCursor from, int limit, Instant now) {
        return verbs().payloads().page(from, limit);
    }

    @Override
    public int replace(Collection<PayloadChange> batch, Instant now) {
        return verbs().payloads().replace(batch, now);
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
            throw new IllegalStateException("open(settings, now) comes before every other verb of a store");
        });
    }
}
