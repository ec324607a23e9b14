package dev.curfew;

import dev.curfew.activity.LastSeenQueue;
import dev.curfew.activity.LastSeenWriter;
import dev.curfew.admin.Bulks;
import dev.curfew.admin.Erasures;
import dev.curfew.admin.ListenersReached;
import dev.curfew.admin.Renames;
import dev.curfew.admin.ScopeWalks;
import dev.curfew.admin.SubjectExports;
import dev.curfew.atrest.Reencryption;
import dev.curfew.atrest.SealedRecords;
import dev.curfew.atrest.SessionRows;
import dev.curfew.atrest.StoredCredentials;
import dev.curfew.atrest.StoredPayloads;
import dev.curfew.check.TokenRevocationChecker;
import dev.curfew.credential.CredentialReader;
import dev.curfew.credential.Exchanges;
import dev.curfew.credential.LivenessCheck;
import dev.curfew.credential.RefreshEvents;
import dev.curfew.credential.Refreshes;
import dev.curfew.credential.Renewals;
import dev.curfew.credential.SessionCache;
import dev.curfew.credential.SessionTokens;
import dev.curfew.credential.TokenHolders;
import dev.curfew.ended.ErasedSessions;
import dev.curfew.ended.EventReplay;
import dev.curfew.ended.ExpiredSessions;
import dev.curfew.ended.RevocationEvents;
import dev.curfew.event.EventPublisher;
import dev.curfew.meter.DamagedRows;
import dev.curfew.node.EventDelivery;
import dev.curfew.node.NewSessions;
import dev.curfew.node.OpenedStore;
import dev.curfew.node.Upkeep;
import dev.curfew.quota.RevocationQuota;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.refresh.RetryRule.Holder;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SlowerClock;
import dev.curfew.store.HostTransaction;
import dev.curfew.store.RevocationFeed;
import dev.curfew.store.SessionStore;
import dev.curfew.store.SessionsOfTarget;
import dev.curfew.store.SharedRecords;
import dev.curfew.upstream.Links;
import dev.curfew.watch.SessionWatches;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the objects of a service out of its settings, in the order in which they need each other. Confined to one
 * thread.
 */
final class ServiceAssembly {
    private static final Logger LOG = LoggerFactory.getLogger(SessionServiceBuilder.class);

    private final ServiceSettings settings;
    private final Clock clock;
    private final AcceptedTokens accepted;
    private final OpenedStore opened;
    private final StoredPayloads payloads;
    private final LoginRules loginRules;
    private final SessionRows rows;
    private final Reencryption reencryption;
    private final EventDelivery delivery;
    private final RevocationEvents revocationEvents;
    private final RevocationExecutor executor;
    private final TokenRevocationChecker checker;
    private final SessionTokens.@Nullable Near near;

    /** Null if the store keeps none. */
    private final @Nullable SealedRecords records;

    private final UpstreamRealms realms = new UpstreamRealms();

    /** Null if the store keeps no shared records. */
    private final @Nullable Links links;

    /** Null if the store does not list what a revocation ends. */
    private final @Nullable EventReplay replay;

    /**
     * Checks the settings against each other, opens the store and starts the threads.
     *
     * @throws IllegalStateException if a required setting is missing, two contradict each other, or lifetimes exceed
     *     the retention
     */
    ServiceAssembly(ServiceSettings settings) {
        this.settings = settings;
        this.clock = settings.time.clock;
        SessionStore store = required(
                settings.storage.store,
                "store(...): a JdbcSessionStore or a RedisSessionStore, or InMemorySessionStore.create() for one"
                        + " process that may forget at a restart");
        SessionLifetimes lifetimes = required(
                settings.sessions.lifetimes,
                "lifetimes(...): how long a session may last, for example SessionLifetimes.aal2()");
        this.accepted = AcceptedTokens.of(settings.tokens);
        Duration tokensOutlive = accepted.lifetime().plus(settings.storage.nodeSkew);
        requireRetention(lifetimes, tokensOutlive);
        this.payloads = settings.storage.encryption.payloads(store);
        this.loginRules = loginRules(settings, lifetimes, store);
        DamagedRows unreadable = new DamagedRows(SessionRows.class, settings.time.ticker);
        this.rows = new SessionRows(lifetimes, tokensOutlive, payloads, unreadable);
        accepted.tellRealms(rows.realms());
        this.delivery = settings.events.start(clock);
        // After everything that may refuse the settings: this begins threads that nobody would end.
        this.opened = open(store);
        this.records = opened.store()
                .ability(SharedRecords.class)
                .map(behind -> new SealedRecords(behind, payloads.records()))
                .orElse(null);
        this.links = records == null ? null : new Links(records);
        this.reencryption = new Reencryption(opened.store(), payloads, unreadable);
        this.revocationEvents = new RevocationEvents(opened.store(), rows, events(), settings.storage.nodeSkew);
        this.checker = opened.checker()
                .clock(clock)
                .sessionLifetime(lifetimes.absolute())
                .duringOutages(settings.checks.outagePolicy)
                .events(events())
                .build();
        this.near = near(opened, settings);
        this.replay = opened.store()
                .ability(SessionsOfTarget.class)
                .map(named -> new EventReplay(named, rows, revocationEvents, events()))
                .orElse(null);
        opened.replica().ifPresent(this::hearOf);
        this.executor = new RevocationExecutor(
                new RevocationQuota(opened.store(), settings.quota.ofSession, settings.quota.ofSubject),
                revocationEvents);
    }

    OpenedStore opened() {
        return opened;
    }

    AcceptedTokens accepted() {
        return accepted;
    }

    EventDelivery delivery() {
        return delivery;
    }

    TokenRevocationChecker checker() {
        return checker;
    }

    Logins logins() {
        NewSessions sessions =
                new NewSessions(opened.store(), rows, settings.sessions.limit, events(), revocationEvents);
        return new Logins(
                opened.store(),
                sessions,
                accepted,
                new SealedLogins(settings.sessions.loginSealer),
                loginRules,
                realms,
                links,
                clock);
    }

    SessionCredentials credentials(Revocations revocations) {
        StoredCredentials stored = payloads.credentials();
        CredentialReader reader = new CredentialReader(opened.store(), rows, stored);
        Exchanges exchanges = new Exchanges(opened.store(), reader, stored, settings.storage.nodeSkew);
        LivenessCheck liveness = new LivenessCheck(checker);
        RefreshPolicy policy = loginRules.refresh();
        return new SessionCredentials(
                new SessionTokens(reader, checker, near, settings.storage.nodeSkew, clock),
                new Renewals(reader, exchanges, liveness, rows, events(), clock),
                policy == null
                        ? null
                        : new Refreshes(
                                reader,
                                exchanges,
                                liveness,
                                policy,
                                new RefreshEvents(events()),
                                session -> endReused(session, revocations),
                                clock),
                new TokenHolders(reader),
                checker,
                loginRules,
                new SealedStepUps(settings.sessions.loginSealer),
                revocations,
                clock);
    }

    private static void endReused(Session session, Revocations revocations) {
        revocations.revoke(
                session.subject(), session.handle(), RevocationCause.of(RevocationReason.TOKEN_REUSE, Actor.system()));
    }

    SessionLists lists() {
        return new SessionLists(opened.store(), rows, clock);
    }

    /** Made once: the response to suspicions ends sessions by it, too. */
    Revocations revocations() {
        Revocations revocations = new Revocations(executor, rows, accepted, clock);
        delivery.endBy(revocations);
        return revocations;
    }

    Upstreams upstreams(Revocations revocations) {
        return new Upstreams(executor, accepted, realms, events(), linked(revocations), clock);
    }

    Outbox outbox(Revocations revocations) {
        RevocationFeed feed = opened.store().feed();
        Consumer<List<Revocation>> closed =
                replay == null ? entries -> {} : entries -> replay.replay(entries, clock.instant());
        boolean isOnlyReader = opened.replica().isEmpty();
        return new Outbox(() -> new OutboxReader(feed.follower(), isOnlyReader, closed), linked(revocations));
    }

    private @Nullable LinkedSessions linked(Revocations revocations) {
        return links == null ? null : new LinkedSessions(links, revocations, opened.store(), clock);
    }

    ServiceBasis basis() {
        return new ServiceBasis(records, clock, settings.time.ticker, settings.storage.nodeSkew, accepted.lifetime());
    }

    Subjects subjects() {
        SessionStore store = opened.store();
        SubjectCutOffs cutOffs = new SubjectCutOffs(executor, accepted, clock);
        ErasedSessions ended =
                new ErasedSessions(store, rows, revocationEvents, new ExpiredSessions(rows, events()), events());
        return new Subjects(
                new Renames(store, rows, checker, clock),
                new SubjectExports(store, rows, clock),
                new Erasures(store, cutOffs, ended, settings.storage.nodeSkew, clock),
                new ScopeWalks(store, rows, clock),
                new Bulks(cutOffs, new ListenersReached(events()), settings.storage.nodeSkew, clock),
                settings.storage.nodeSkew,
                clock);
    }

    /** The same revocations as part of a host's transaction. */
    Function<HostTransaction, JoinedSessions> joining(Revocations revocations) {
        OpenedStore store = opened;
        RevocationExecutor events = executor;
        Clock time = clock;
        return transaction -> new JoinedSessions(store.join(transaction), events, revocations, time);
    }

    LastSeenQueue lastSeen() {
        LastSeenWriter writer =
                new LastSeenWriter(opened.store(), rows.realms(), events(), settings.sessions.lastSeenInterval, clock);
        return new LastSeenQueue(writer, settings.time.ticker, settings.events.executor());
    }

    Upkeep upkeep() {
        return new Upkeep(
                opened.store(),
                clock,
                SlowerClock.start(clock, settings.time.ticker),
                new ExpiredSessions(rows, events()),
                reencryption);
    }

    /** Nothing if checks are authoritative. */
    Optional<SessionWatches> watches() {
        return opened.replica().map(replica -> {
            SessionWatches.Builder watches = SessionWatches.of(replica, checker)
                    .clock(clock)
                    .nodeSkew(settings.storage.nodeSkew)
                    .watchesAtMost(settings.watches.most);
            Executor hosts = settings.events.executor();
            return (hosts == null ? watches : watches.executor(hosts)).build();
        });
    }

    ServiceStatus status() {
        return new ServiceStatus(opened, delivery, clock);
    }

    private EventPublisher events() {
        return delivery.publisher();
    }

    private OpenedStore open(SessionStore store) {
        OpenedStore answered = OpenedStore.open(
                store, settings.storage.settings(), clock, settings.time.ticker, settings.checks.replica);
        if (settings.storage.trustsOlderTokens) {
            LOG.warn("tokens older than the store are trusted: if the store loses its data, revoked tokens "
                    + "are valid again");
        }
        return answered;
    }

    private static SessionTokens.@Nullable Near near(OpenedStore opened, ServiceSettings settings) {
        RevocationReplica replica = opened.replica().orElse(null);
        if (replica == null || settings.sessions.cacheBytes == 0) {
            return null;
        }
        SessionCache cache = new SessionCache(settings.sessions.cacheBytes, settings.time.ticker);
        replica.listen(cache.listener());
        return new SessionTokens.Near(cache, replica);
    }

    /** What other nodes have recorded is told, and what this one recorded before it crashed. */
    private void hearOf(RevocationReplica replica) {
        EventReplay told = replay;
        if (told != null) {
            Instant now = clock.instant();
            told.replay(replica.recent(), now);
            replica.whenConfirmed(entries -> told.replay(entries, clock.instant()));
        }
        replica.whenReceived(events()::publishReceived);
    }

    private static LoginRules loginRules(ServiceSettings settings, SessionLifetimes lifetimes, SessionStore store) {
        RefreshPolicy refresh = settings.sessions.refresh;
        if (refresh != null && settings.tokens.hasNone) {
            throw new IllegalStateException(
                    "withoutAccessTokens() and refreshTokens(...) contradict each other: a refresh"
                            + " hands out an access token");
        }
        LoginRules rules = new LoginRules(
                lifetimes,
                settings.sessions.lastSeenInterval,
                refresh,
                store.keepsInProcess() || settings.storage.encryption.ring != null);
        requireSeen(rules, lifetimes);
        if (refresh != null) {
            rules.requireStorable(refresh.keyed());
            rules.requireStorable(refresh.keyless());
            if (refresh.keyless().holder() == Holder.ANYBODY) {
                LOG.warn(
                        "refresh tokens answer any holder of the previous one ({}): a thief that refreshes in time is"
                                + " not detected",
                        refresh.keyless());
            }
        }
        return rules;
    }

    private static void requireSeen(LoginRules rules, SessionLifetimes lifetimes) {
        try {
            rules.requireSeen(lifetimes);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private void requireRetention(SessionLifetimes lifetimes, Duration tokensOutlive) {
        Duration retention = settings.storage.retention;
        Duration needed = lifetimes.absolute().plus(tokensOutlive);
        if (needed.compareTo(retention) > 0) {
            throw new IllegalStateException("retention " + retention + " is shorter than " + needed
                    + ", which is lifetimes.absolute + maxTokenLifetime + tokenSkew + nodeSkew: raise retention(...),"
                    + " which is fixed when a store is installed, or shorten lifetimes(...)");
        }
    }

    private static <T> T required(@Nullable T value, String setting) {
        if (value == null) {
            throw new IllegalStateException("SessionService needs " + setting);
        }
        return value;
    }
}
