package dev.curfew;

import dev.curfew.audit.AuditLog;
import dev.curfew.audit.AuditTrail;
import dev.curfew.check.OutagePolicy;
import dev.curfew.crypto.KeyRing;
import dev.curfew.crypto.Sealer;
import dev.curfew.event.SessionEventListener;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SessionLimit;
import dev.curfew.store.SessionStore;
import dev.curfew.suspicion.SuspicionHandler;
import dev.curfew.suspicion.SuspicionRules;
import dev.curfew.token.IssuerPolicy;
import dev.curfew.token.TokenPolicies;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * The settings of a {@link SessionService}. Confined to one thread.
 *
 * <p>A store, the sessions' lifetimes and the tokens' longest lifetime have no default: each is a decision.
 */
public final class SessionServiceBuilder {
    private static final Duration MAX_TOKEN_SKEW = Duration.ofMinutes(5);

    private final ServiceSettings settings = new ServiceSettings();

    SessionServiceBuilder() {}

    /**
     * Sets where sessions and revocations are kept. Required.
     *
     * @param value the store
     * @return this
     */
    public SessionServiceBuilder store(SessionStore value) {
        settings.storage.store = Objects.requireNonNull(value, "store");
        return this;
    }

    /**
     * Encrypts what a store keeps of a session in clear: subject, client, device and attributes. This, or
     * {@link #storeSessionsUnencrypted}, is required for a store that leaves the process.
     *
     * <p>Sessions that are not encrypted are refused from now on: they are listed without their device, and can be
     * ended. For a store that has some, see {@link #acceptUnencryptedSessions}.
     *
     * @param value the keys, the same on every node
     * @return this
     */
    public SessionServiceBuilder encryption(KeyRing value) {
        settings.storage.encryption.ring = Objects.requireNonNull(value, "encryption");
        return this;
    }

    /**
     * Reads sessions that are not encrypted, too: only while a store from before {@link #encryption} is migrated. Until
     * then, whoever can write to the store can put a device and attributes of their own in the place of encrypted ones;
     * building logs a warning. To be removed once {@link SessionService#reencrypt} has walked through the store, and
     * what was written unencrypted to {@link dev.curfew.store.SharedRecords shared records} is forgotten.
     *
     * @return this
     */
    public SessionServiceBuilder acceptUnencryptedSessions() {
        settings.storage.encryption.acceptsUnencrypted = true;
        return this;
    }

    /**
     * Leaves subjects, clients, devices and attributes in clear in a store outside of this process; building logs a
     * warning. Whoever can read the store, a backup or a replica of it can read who is signed in with what.
     *
     * @return this
     */
    public SessionServiceBuilder storeSessionsUnencrypted() {
        settings.storage.encryption.storesUnencrypted = true;
        return this;
    }

    /**
     * Sets how long a session may last. Required.
     *
     * @param value for example {@link SessionLifetimes#aal2()}
     * @return this
     */
    public SessionServiceBuilder lifetimes(SessionLifetimes value) {
        settings.sessions.lifetimes = Objects.requireNonNull(value, "lifetimes");
        return this;
    }

    /**
     * Takes the tokens' longest lifetime and skew from the policies by which they are verified. This, or {@link
     * #maxTokenLifetime} or {@link #withoutAccessTokens}, is required: a revocation is remembered until no token of it
     * can be valid. From then on, logins in a realm of no policy are refused, and a revocation that reaches no token
     * says so.
     *
     * @param first a policy
     * @param more the others, if there are several issuers
     * @return this
     * @throws IllegalArgumentException if two policies conflict, see {@link TokenPolicies#of}
     */
    public SessionServiceBuilder tokenPolicies(IssuerPolicy first, IssuerPolicy... more) {
        return tokenPolicies(TokenPolicies.of(first, more));
    }

    /**
     * The same for policies that may change while the service works. One that is added later must not allow tokens to
     * live longer than those that are here now, or than {@link #maxTokenLifetime} and {@link #tokenSkew} say if these
     * are more: adding it is refused then.
     *
     * @param value the very object that the verifier has
     * @return this
     */
    public SessionServiceBuilder tokenPolicies(TokenPolicies value) {
        settings.tokens.policies = Objects.requireNonNull(value, "tokenPolicies");
        return this;
    }

    /**
     * Sets how long an access token may live, for hosts that verify tokens by other means, or that will add policies
     * whose tokens live longer. The longest of this and of all policies counts.
     *
     * @param value at least the longest lifetime of any token that is accepted
     * @return this
     */
    public SessionServiceBuilder maxTokenLifetime(Duration value) {
        settings.tokens.maxLifetime = requirePositive(value, "maxTokenLifetime");
        return this;
    }

    /**
     * Declares that there are no access tokens at all: the application's credentials are session tokens, and nothing is
     * remembered for any longer than a session. In place of {@link #tokenPolicies} and {@link #maxTokenLifetime}.
     *
     * @return this
     */
    public SessionServiceBuilder withoutAccessTokens() {
        settings.tokens.hasNone = true;
        return this;
    }

    /**
     * Sets how far an issuer's clock may be off. The largest of this and of all policies counts.
     *
     * @param value at least the largest skew that a verifier allows; without it, that of the policies, else 10 seconds;
     *     at most 5 minutes
     * @return this
     */
    public SessionServiceBuilder tokenSkew(Duration value) {
        if (value.isNegative() || value.compareTo(MAX_TOKEN_SKEW) > 0) {
            throw new IllegalArgumentException("tokenSkew must be 0 to 5 minutes, and is " + value);
        }
        settings.tokens.skew = value;
        return this;
    }

    /**
     * Lets logins hand out refresh tokens, and says how these are exchanged.
     *
     * <p>Clients with an attempt key need {@link #encryption}, unless the store stays in the process, because what
     * their answer can be made of again stands in the store; {@link RefreshPolicy#withKey} can do without.
     *
     * @param value no refresh tokens by default
     * @return this
     */
    public SessionServiceBuilder refreshTokens(RefreshPolicy value) {
        settings.sessions.refresh = Objects.requireNonNull(value, "refreshTokens");
        return this;
    }

    /**
     * Sets how many sessions a subject may have.
     *
     * @param value unlimited by default
     * @return this
     */
    public SessionServiceBuilder sessionLimit(SessionLimit value) {
        settings.sessions.limit = Objects.requireNonNull(value, "limit");
        return this;
    }

    /**
     * Sets how many revocations that are still remembered one session and one subject may cause, so that nobody can
     * fill the store by making and revoking tokens without end. Beyond it the session is revoked in place of its next
     * token, and the subject in place of its next token or session; nothing is refused. Counted on each node, since it
     * started; acts of the host count like the subject's own.
     *
     * @param ofSession tokens of one session; 100 by default
     * @param ofSubject tokens and sessions of one subject; 1,000 by default
     * @return this
     */
    public SessionServiceBuilder revocationsAtMost(int ofSession, int ofSubject) {
        if (ofSession < 1 || ofSubject < 1) {
            throw new IllegalArgumentException(
                    "revocationsAtMost must be positive, and is " + ofSession + " and " + ofSubject);
        }
        settings.quota.ofSession = ofSession;
        settings.quota.ofSubject = ofSubject;
        return this;
    }

    /**
     * Sets how long cut-offs and revocations of foreign sessions are remembered; stored with the data.
     *
     * @param value at least the absolute lifetime of sessions, the longest token lifetime and the skews; 100 days by
     *     default
     * @return this
     */
    public SessionServiceBuilder retention(Duration value) {
        settings.storage.retention = requirePositive(value, "retention");
        return this;
    }

    /**
     * Sets how far the clocks of two nodes may be apart. A larger value costs nothing but that tokens of foreign
     * issuers must be so much younger than a cut-off.
     *
     * @param value 2 seconds by default
     * @return this
     */
    public SessionServiceBuilder nodeSkew(Duration value) {
        settings.storage.nodeSkew = Objects.requireNonNull(value, "nodeSkew");
        return this;
    }

    /**
     * Sets how long a session that has ended can still be looked up.
     *
     * @param value 7 days by default
     * @return this
     */
    public SessionServiceBuilder keepEndedSessions(Duration value) {
        settings.storage.endedSessionsKept = requirePositive(value, "keepEndedSessions");
        return this;
    }

    /**
     * Sets the least time between two writes of a session's last activity.
     *
     * @param value one minute by default
     * @return this
     */
    public SessionServiceBuilder lastSeenEvery(Duration value) {
        settings.sessions.lastSeenInterval = Objects.requireNonNull(value, "lastSeenEvery");
        return this;
    }

    /**
     * Sets how much memory a node may take to remember the sessions whose tokens it has seen within ten minutes: of
     * these it need not ask the store for each request. Only with a replica; what was exchanged or revoked elsewhere is
     * never older here than the replica.
     *
     * @param bytes 64 MiB by default, which is room for some 75,000 sessions; 0 to remember none
     * @return this
     * @throws IllegalArgumentException if it is negative
     */
    public SessionServiceBuilder sessionCache(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("sessionCache must not be negative: " + bytes);
        }
        settings.sessions.cacheBytes = bytes;
        return this;
    }

    /**
     * Trusts tokens that are older than the store: only for adopting Curfew under living tokens. A store that lost its
     * data then revives what was revoked; building logs a warning.
     *
     * @return this
     */
    public SessionServiceBuilder trustTokensOlderThanStore() {
        settings.storage.trustsOlderTokens = true;
        return this;
    }

    /**
     * Sets what checks answer while the store is down.
     *
     * @param value {@link OutagePolicy#DENY} by default
     * @return this
     */
    public SessionServiceBuilder duringOutages(OutagePolicy value) {
        settings.checks.outagePolicy = Objects.requireNonNull(value, "outagePolicy");
        return this;
    }

    /**
     * Changes how this node's replica of the revocations is kept, from which checks are answered by default.
     *
     * @param value for example {@code replica -> replica.staleness(Duration.ofSeconds(2), Duration.ofMillis(500))}
     * @return this
     */
    public SessionServiceBuilder replica(UnaryOperator<RevocationReplica.Builder> value) {
        settings.checks.replica = Objects.requireNonNull(value, "settings");
        return this;
    }

    /**
     * Lets each check ask the store, at one round trip each, in place of a replica on this node.
     *
     * @return this
     */
    public SessionServiceBuilder authoritativeChecks() {
        settings.checks.replica = null;
        return this;
    }

    /**
     * Sets how many connections this node may watch at a time ({@link SessionService#watches}). One takes less than
     * half a kilobyte, apart from what the host keeps with it.
     *
     * @param value positive; 100,000 by default. Beyond it a watch is refused
     * @return this
     */
    public SessionServiceBuilder watchesAtMost(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("watchesAtMost must be positive, and is " + value);
        }
        settings.watches.most = value;
        return this;
    }

    /**
     * Adds a listener. It is told of everything that this node does or refuses, and of each revocation of another node
     * when that reaches this one ({@link dev.curfew.event.SessionEvent.RevocationReceived}; not with
     * {@link #authoritativeChecks}, where nothing reaches this node by itself). It is not told which sessions a
     * revocation of another node ended, nor of other nodes' logins.
     *
     * @param listener told of what happens
     * @return this
     */
    public SessionServiceBuilder listener(SessionEventListener listener) {
        settings.events.listener(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    /**
     * Leaves out the {@link AuditLog}, which is there by default. Without it and without another sink there is no audit
     * trail.
     *
     * @return this
     */
    public SessionServiceBuilder withoutAuditLog() {
        settings.events.withoutAuditLog();
        return this;
    }

    /**
     * Adds sinks to the audit trail, or changes how it is kept. It begins with the {@link AuditLog} under the name
     * {@code log}, unless that is left out, and with this service's clock and event executor.
     *
     * @param value adds at least one sink if the log is left out; for example {@code trail -> trail.sink("table",
     *     table)}
     * @return this
     */
    public SessionServiceBuilder audit(UnaryOperator<AuditTrail.Builder> value) {
        settings.events.audit(Objects.requireNonNull(value, "settings"));
        return this;
    }

    /**
     * Watches for subjects that do too often what is suspicious, tells all listeners of each episode, and lets the host
     * decide what follows.
     *
     * @param rules how much of what, for example {@link SuspicionRules#defaults()}
     * @param handler asked once for each episode, on a thread of its own (or on the host's executor, if it chose one);
     *     for example {@code suspicion -> SuspicionAction.NONE}, if the event is enough
     * @return this
     */
    public SessionServiceBuilder suspicions(SuspicionRules rules, SuspicionHandler handler) {
        settings.events.suspicions(Objects.requireNonNull(rules, "rules"), Objects.requireNonNull(handler, "handler"));
        return this;
    }

    /**
     * Sets where listeners run, the sinks of the audit trail unless {@link #audit} says otherwise, the handler of
     * {@link #suspicions}, the watchers of {@link SessionService#watches}, and {@link SessionService#touchLater}. The
     * executor stays the host's: it is never shut down. What it refuses of events is lost and counted
     * ({@link SessionService#eventsLost}); watchers that it refuses are told all the same, and their watches are
     * closed; a session whose sign of life it refuses asks again with its next request. One that runs work on its
     * caller when it is full lets listeners delay what happened; watchers never do.
     *
     * @param value threads of the service's own by default; {@code Runnable::run} in tests
     * @return this
     */
    public SessionServiceBuilder eventExecutor(Executor value) {
        settings.events.executor(Objects.requireNonNull(value, "eventExecutor"));
        return this;
    }

    /**
     * Sets the key that seals logins and step-ups across redirects, the same on every node.
     *
     * @param key 32 random bytes, copied; drawn anew for each service by default, so that only the node that began a
     *     login or a step-up can take it up again
     * @return this
     */
    public SessionServiceBuilder loginSealingKey(byte[] key) {
        settings.sessions.loginSealer = Sealer.withKey(key);
        return this;
    }

    /**
     * Sets the clock, read once for each operation.
     *
     * @param value the system's by default
     * @return this
     */
    public SessionServiceBuilder clock(Clock value) {
        settings.time.clock = Objects.requireNonNull(value, "clock");
        return this;
    }

    /**
     * Sets the clock, read once for each operation, and what measures elapsed time. Only tests have a reason to set the
     * latter: what the service forgets, it forgets by the slower of both.
     *
     * @param value the system's by default
     * @param nanos {@link System#nanoTime} by default
     * @return this
     */
    public SessionServiceBuilder clock(Clock value, LongSupplier nanos) {
        settings.time.ticker = Objects.requireNonNull(nanos, "nanos");
        return clock(value);
    }

    /**
     * Makes the service, opens the store, and loads all revocations unless checks are authoritative.
     *
     * @return the service, to be closed when the application ends
     * @throws IllegalStateException if a required setting is missing, two contradict each other, or lifetimes exceed
     *     the retention
     * @throws dev.curfew.store.StoreSettingsMismatchException if the store was installed with another retention
     * @throws dev.curfew.store.StoreUnavailableException if the store does not answer
     */
    public SessionService build() {
        return new SessionService(new ServiceAssembly(settings));
    }

    private static Duration requirePositive(Duration value, String name) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, and is " + value);
        }
        return value;
    }
}
