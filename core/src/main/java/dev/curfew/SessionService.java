package dev.curfew;

import dev.curfew.activity.LastSeenQueue;
import dev.curfew.audit.AuditTrail;
import dev.curfew.check.TokenRevocationChecker;
import dev.curfew.meter.Meter;
import dev.curfew.node.EventDelivery;
import dev.curfew.node.OpenedStore;
import dev.curfew.node.Upkeep;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FoundSession;
import dev.curfew.store.HostTransaction;
import dev.curfew.store.ListQuery;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.PurgeResult;
import dev.curfew.store.ReencryptionResult;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.Authentic;
import dev.curfew.token.AuthenticToken;
import dev.curfew.token.Caller;
import dev.curfew.token.IssuerPolicy;
import dev.curfew.token.VerifiedToken;
import dev.curfew.watch.SessionWatches;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The entry point: begins sessions, lists them, and ends them for ever. Thread-safe; one for each application.
 *
 * <p>Calls that take a caller act only on what is the caller's: ownership is part of the store's atomic step,
 * so that no host can forget it. Every call throws {@link StoreUnavailableException} if the store does not answer in
 * time; a revocation that throws it is not known to have happened, and repeating it is safe.
 */
public final class SessionService implements AutoCloseable {

    private final OpenedStore opened;
    private final AcceptedTokens accepted;
    private final EventDelivery delivery;
    private final TokenRevocationChecker checker;
    private final Logins logins;
    private final SessionLists lists;
    private final Revocations revocations;
    private final SessionCredentials credentials;
    private final Subjects subjects;
    private final Upstreams upstreams;
    private final ServiceBasis basis;
    private final Outbox outbox;
    private final Function<HostTransaction, JoinedSessions> joining;
    private final LastSeenQueue lastSeen;
    private final Upkeep upkeep;
    private final ServiceStatus status;

    /** Null if checks are authoritative. */
    private final @Nullable SessionWatches watches;

    SessionService(ServiceAssembly parts) {
        this.opened = parts.opened();
        this.accepted = parts.accepted();
        this.delivery = parts.delivery();
        this.checker = parts.checker();
        this.logins = parts.logins();
        this.lists = parts.lists();
        this.revocations = parts.revocations();
        this.credentials = parts.credentials(revocations);
        this.subjects = parts.subjects();
        this.upstreams = parts.upstreams(revocations);
        this.basis = parts.basis();
        this.outbox = parts.outbox(revocations);
        this.joining = parts.joining(revocations);
        this.lastSeen = parts.lastSeen();
        this.upkeep = parts.upkeep();
        this.status = parts.status();
        this.watches = parts.watches().orElse(null);
    }

    /** {@return a builder that demands a store and the lifetimes} */
    public static SessionServiceBuilder builder() {
        return new SessionServiceBuilder();
    }

    /** {@return the checker for every request, the same at each call} */
    public TokenRevocationChecker checker() {
        return checker;
    }

    /** {@return what sessions are proven by: session tokens and refresh tokens; the same at each call} */
    public SessionCredentials credentials() {
        return credentials;
    }

    /**
     * {@return what people and administrators do with sessions beyond listing and ending them: names, export, erasure,
     * walks, bulk; the same at each call}
     */
    public Subjects subjects() {
        return subjects;
    }

    /**
     * {@return what identity providers say of their sessions: ends here what has ended there; the same at each call}
     */
    public Upstreams upstreams() {
        return upstreams;
    }

    /** {@return what parts that work beside this service share with it; the same at each call} */
    public ServiceBasis basis() {
        return basis;
    }

    /** {@return what {@link dev.curfew.deliver.Deliveries} work with; the same at each call} */
    public Outbox outbox() {
        return outbox;
    }

    /**
     * This node's replica of the revocations, from which checks are answered: how old it is, and a way to await what is
     * newer.
     *
     * @return the replica, or nothing if checks are authoritative
     */
    public Optional<RevocationReplica> replica() {
        return opened.replica();
    }

    /**
     * What tells connections that stay open, such as WebSockets, when their credential ends, on whatever node that
     * happens.
     *
     * @return the same at each call
     * @throws IllegalStateException if checks are authoritative: then this node does not hear what others record
     */
    public SessionWatches watches() {
        if (watches == null) {
            throw new IllegalStateException("watches() needs this node's replica of the revocations, which"
                    + " authoritativeChecks() has left out");
        }
        return watches;
    }

    /**
     * Begins a login, before its credentials are checked. One round trip.
     *
     * @param subject who claims to log in
     * @return the attempt, to be completed once the credentials were found to be right
     * @throws LoginRefusedException if {@code tokenPolicies(...)} were given and none has the subject's realm
     * @throws ServiceClosedException if this service was closed
     */
    public LoginAttempt beginLogin(SubjectId subject) {
        return logins.begin(subject);
    }

    /**
     * Begins a login whose subject is not known yet. No round trip. If a revocation overtakes it, it is refused with
     * the advice to begin again with the subject and to check the credentials again.
     *
     * @return the attempt, to be identified and completed
     * @throws ServiceClosedException if this service was closed
     */
    public LoginAttempt beginLogin() {
        return logins.begin();
    }

    /**
     * Takes up a login that was carried across a redirect. No round trip.
     *
     * @param sealed what {@link LoginAttempt#seal()} made
     * @return the attempt as it was; nothing if the text is not authentic, is older than an hour, or asks for what this
     *     service does not allow or know
     */
    public Optional<LoginAttempt> resumeLogin(String sealed) {
        return logins.resume(sealed);
    }

    /**
     * Keeps a foreign issuer's session here, so that it is listed and ended like ours. Idempotent. Two round trips, or
     * three if it is known.
     *
     * @param token of an issuer whose session ids are foreign
     * @param device what a person will recognise it by
     * @return the session, or why there is none
     * @throws LoginRefusedException if {@code tokenPolicies(...)} were given and none has the token's realm
     * @throws ServiceClosedException if this service was closed
     */
    public AdoptionResult adopt(VerifiedToken token, DeviceInfo device) {
        return logins.adopt(token, device);
    }

    /**
     * Writes that a session is in use, at most once a minute for each session. Never throws for an outage: a sign of
     * life is not worth a failed request.
     *
     * @param caller of the request
     */
    public void touch(Caller caller) {
        lastSeen.writer().touch(caller);
    }

    /**
     * The same without waiting for the store: what the endpoints and their authentication do for each request that they
     * let pass. Never throws; what could not be written is logged and counted like any other trouble with the store.
     *
     * <p>A thread of the service's own writes about a second later, for up to 500 sessions at once; what the store does
     * not answer it keeps, for up to 10,000 sessions, and tries again every few seconds. So a session in use may end
     * early by the interval between two writes, a second and the time that a call may take. A host's
     * {@link SessionServiceBuilder#eventExecutor} is handed each write by itself, and while the store does not answer,
     * one is tried every few seconds.
     *
     * @param caller of the request, who was found to be good
     */
    public void touchLater(Caller caller) {
        lastSeen.touch(caller);
    }

    /**
     * The caller's live sessions, up to 1,000, and the current one in any case, as
     * {@link #listSessions(Caller, ListQuery)} says. One round trip, or two if the current one is not among them
     * by itself.
     *
     * @param caller of the request
     * @return the sessions, the one that began last in front, the caller's own flagged
     */
    public SessionList listSessions(Caller caller) {
        return listSessions(caller, ListQuery.live(ListQuery.MAX_LIMIT));
    }

    /**
     * A part of the caller's sessions. One round trip, or two for the first part.
     *
     * <p>The current session is in the first part in any case, and in no later one. Where it is not among the sessions
     * that began last, or has been idle for so long that it is no longer live, it is looked up and stands in front, one
     * more than was asked for. (It is missing only if it is revoked, past its absolute end, not kept here, or already
     * purged.) A cursor means what the store says it means: a later part from which the current session was left out
     * has one less, and still says where the next one begins.
     *
     * @param caller of the request
     * @param query which, and from where on
     * @return the sessions, the caller's own flagged; none if the caller has no subject
     */
    public SessionList listSessions(Caller caller, ListQuery query) {
        return lists.list(caller, query);
    }

    /**
     * A part of any subject's sessions, for administrators. One round trip.
     *
     * @param subject whose
     * @param query which, and from where on
     * @return the sessions, none flagged
     */
    public SessionList listSessions(SubjectId subject, ListQuery query) {
        return lists.list(subject, query, null);
    }

    /**
     * What stands in the store for a session, live or not, for the person who asks why it ended. One round trip.
     *
     * @param session which
     * @return the row with what covers it, if it is not purged
     */
    public Optional<FoundSession> findSession(SessionRef session) {
        return lists.find(session);
    }

    /**
     * The user's own act on the current session: ends it with every token of it; without a session, ends the token. One
     * round trip.
     *
     * @param caller of the request; may be expired, because it can still end its session
     * @return revoked, or that it was before
     */
    public RevocationOutcome logout(Authentic caller) {
        return revocations.logout(caller);
    }

    /**
     * Ends one of the caller's sessions by its public handle. One round trip; none if the handle is malformed.
     *
     * @param caller of the request
     * @param handle as it stands in the URL
     * @return revoked, or not owned: for an unknown, a foreign and a malformed handle alike
     */
    public RevocationOutcome revokeSession(Caller caller, String handle) {
        return revocations.revokeOwn(caller, handle);
    }

    /**
     * Ends all of the caller's sessions but the current one, however many there are. One round trip.
     *
     * @param caller of the request; its own session and all tokens of that live on
     * @return revoked with the number of sessions ended, or why nothing was
     */
    public RevocationOutcome revokeOtherSessions(Caller caller) {
        return revokeOtherSessions(caller, RevocationCause.byUser(RevocationReason.REVOKED_BY_USER));
    }

    /**
     * Ends all of the caller's sessions but the current one, for example after a change of password. One round trip.
     *
     * @param caller of the request; its own session and all tokens of that live on
     * @param cause why and by whom
     * @return revoked with the number of sessions ended, or why nothing was
     */
    public RevocationOutcome revokeOtherSessions(Caller caller, RevocationCause cause) {
        return revocations.revokeOthers(caller, cause);
    }

    /**
     * Ends everything of a subject that began until now: its sessions, its tokens, and its logins under way. One round
     * trip.
     *
     * @param subject whose
     * @param cause why and by whom
     * @return revoked with the number of sessions ended
     */
    public RevocationOutcome revokeAllSessions(SubjectId subject, RevocationCause cause) {
        return revocations.revokeAll(subject, cause);
    }

    /**
     * Ends one session of any subject, for administrators. One round trip.
     *
     * @param subject whose, as its events will say; who owns it is not tested
     * @param handle of the session
     * @param cause why and by whom
     * @return revoked, or that tokens of some issuer name no such session
     */
    public RevocationOutcome revokeSession(SubjectId subject, SessionHandle handle, RevocationCause cause) {
        return revocations.revoke(subject, handle, cause);
    }

    /**
     * Ends sessions as part of the host's own transaction. No round trip.
     *
     * @param transaction which the store of this service has joined, for example {@code jdbcStore.join(connection)}
     * @return the calls that revoke, in that transaction
     * @throws IllegalArgumentException if another store has joined it
     */
    public JoinedSessions in(HostTransaction transaction) {
        return joining.apply(transaction);
    }

    /**
     * Revokes one token and leaves its session alone. One round trip; none if the token has expired by itself. Who
     * revokes too many is revoked in a coarser way ({@link SessionServiceBuilder#revocationsAtMost}), as the outcome
     * says.
     *
     * @param token authentic
     * @param cause why and by whom
     * @return revoked, or that it was before
     */
    public RevocationOutcome revokeToken(AuthenticToken token, RevocationCause cause) {
        return revocations.revokeToken(token, cause);
    }

    /**
     * Revokes whatever of a client began until now, of all subjects. One round trip.
     *
     * @param client whose
     * @param cause why and by whom
     * @return revoked; nobody counts what it ended; or that tokens of some issuer name no client
     */
    public RevocationOutcome revokeClient(ClientId client, RevocationCause cause) {
        return revocations.revokeClient(client, cause);
    }

    /**
     * Revokes whatever of a realm began until now: everybody has to log in again. One round trip.
     *
     * @param realm whose
     * @param cause why and by whom
     * @return revoked; nobody counts what it ended
     */
    public RevocationOutcome revokeRealm(Realm realm, RevocationCause cause) {
        return revocations.revokeRealm(realm, cause);
    }

    /**
     * Ends whatever of a subject began at or before an instant. One round trip.
     *
     * @param subject whose
     * @param issuedBefore not in the future
     * @param cause why and by whom
     * @return revoked with the number of sessions ended; {@code changed} is false if a later cut-off stands there that
     *     is remembered as long
     */
    public RevocationOutcome revokeIssuedBefore(SubjectId subject, Instant issuedBefore, RevocationCause cause) {
        return revocations.revokeUntil(RevocationTarget.subject(subject), issuedBefore, subject, cause);
    }

    /**
     * Revokes whatever of a client or a realm began at or before an instant. One round trip.
     *
     * @param target a client or a realm
     * @param issuedBefore not in the future
     * @param cause why and by whom
     * @return revoked; {@code changed} is false if a later cut-off stands there that is remembered as long
     */
    public RevocationOutcome revokeIssuedBefore(RevocationTarget target, Instant issuedBefore, RevocationCause cause) {
        if (target.kind() != RevocationTarget.Kind.CLIENT && target.kind() != RevocationTarget.Kind.REALM) {
            throw new IllegalArgumentException("a cut-off at an instant needs a client or a realm, or a SubjectId");
        }
        return revocations.revokeUntil(target, issuedBefore, null, cause);
    }

    /**
     * Revokes whatever a signing key verified, in every realm, until the key is no longer trusted. One round trip.
     *
     * @param thumbprint its RFC 7638 thumbprint, or the configured name of a symmetric key
     * @param cause why and by whom
     * @return revoked; nobody counts what it ended
     */
    public RevocationOutcome revokeKey(String thumbprint, RevocationCause cause) {
        return revocations.revokeEverywhere(RevocationTarget.signingKey(thumbprint), cause);
    }

    /**
     * Makes sure that revocations are remembered as long as the tokens of a policy can be valid. No round trip.
     *
     * @param policy by which tokens of these sessions are verified
     * @throws IllegalStateException if its tokens may live longer than this service was told
     */
    public void requireOutlives(IssuerPolicy policy) {
        accepted.requireOutlives(policy);
    }

    /**
     * Removes what has ended long enough ago, and tells of each session that time had ended; to be called every hour at
     * least, on every node if the host likes. One round trip. If it throws, the events of what it had removed by then
     * are lost.
     *
     * <p>What goes, goes by the clock, so that a wrong one would remove what is needed yet. So a clock that was set
     * ahead by more than an hour since this service was built removes nothing more than it would without that, and
     * nothing at all goes while the clocks of node and store differ.
     *
     * @param limit the most rows to remove
     * @return what went, and whether to call again
     * @throws dev.curfew.store.ClocksDifferException if the clocks of this node and of the store differ by more than
     *     the node skew
     */
    public PurgeResult purge(int limit) {
        return upkeep.purge(limit);
    }

    /**
     * Everything that this service counts and measures, to be bound to a collector of metrics once at the start. The
     * verifier has {@link dev.curfew.token.TokenVerifier#meters meters of its own}.
     *
     * @return meters of checks, events, calls of the store, the replica, the audit trail, refreshes, watches, what was
     *     purged, and the live sessions as they were counted last
     */
    public List<Meter> meters() {
        List<Meter> meters = new ArrayList<>(checker.meters());
        meters.addAll(delivery.meters());
        meters.addAll(opened.meters());
        meters.addAll(upkeep.meters());
        meters.addAll(credentials.meters());
        meters.addAll(subjects.meters());
        if (watches != null) {
            meters.addAll(watches.meters());
        }
        return meters;
    }

    /**
     * Whether this node can do its work, for a readiness probe. No round trip with a replica, which its feed keeps
     * informed; one if checks are authoritative. Never throws for an outage.
     *
     * @return ready if checks get an answer
     */
    public ServiceHealth health() {
        return status.health();
    }

    /** {@return the audit trail, to see how its sinks are doing, or nothing if it was left out} */
    public Optional<AuditTrail> auditTrail() {
        return delivery.auditTrail();
    }

    /**
     * Encrypts stored sessions with the current key that are not: with an older one, or not at all. One part of a walk,
     * to be called again from {@link ReencryptionResult#next} until there is none; safe on several nodes at once, and
     * beside everything else. A key that is readable only may leave the ring when a walk found nothing to rewrite and
     * nothing unreadable, after all nodes write with the current one; where there are
     * {@link dev.curfew.store.SharedRecords shared records}, not before their longest life has passed since then, for
     * they are not rewritten here. A few round trips.
     *
     * @param from where to go on; {@link PayloadCursor#start} at first
     * @param limit the most rows to look at, 1 to 1,000
     * @return what it did, and where to go on
     * @throws IllegalStateException if there is no {@link SessionServiceBuilder#encryption}
     * @throws UnsupportedOperationException if the store does not implement {@link dev.curfew.store.PayloadRewriting}
     * @throws IllegalArgumentException if the cursor is of another store, or the limit is out of range
     */
    public ReencryptionResult reencrypt(PayloadCursor from, int limit) {
        return upkeep.reencrypt(from, limit);
    }

    /**
     * {@return how many events listeners without a queue of their own have not seen, because they were too slow;
     * anything but 0 deserves an alarm}
     */
    public long eventsLost() {
        return delivery.publisher().lost();
    }

    /**
     * Tells watches that they are closed, delivers the events and audit records that wait, and ends the threads. The
     * store is the host's and stays open.
     *
     * <p>From then on no session begins: each login and each adoption, also one that was begun before, throws a
     * {@link ServiceClosedException}. What reads, exchanges or ends goes on, so that requests in flight come to their
     * end and a logout is never lost; but nobody is told of it here, and it is in no audit trail. Checks by a replica,
     * which is followed no more, are UNKNOWN as soon as it is too old. So close it after everything that uses it.
     */
    @Override
    public void close() {
        status.close();
        logins.close();
        if (watches != null) {
            watches.close();
        }
        opened.close();
        lastSeen.close();
        delivery.close();
    }
}
