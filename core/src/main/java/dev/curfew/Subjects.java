package dev.curfew;

import dev.curfew.admin.Bulks;
import dev.curfew.admin.Erasures;
import dev.curfew.admin.Renames;
import dev.curfew.admin.ScopeWalks;
import dev.curfew.admin.SubjectExports;
import dev.curfew.meter.Meter;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.ClientId;
import dev.curfew.session.Realm;
import dev.curfew.session.SubjectId;
import dev.curfew.store.OperationId;
import dev.curfew.store.ScopeCursor;
import dev.curfew.store.SessionCursor;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.subject.BulkPlan;
import dev.curfew.subject.BulkProgress;
import dev.curfew.subject.BulkResult;
import dev.curfew.subject.Erasure;
import dev.curfew.subject.ErasureCursor;
import dev.curfew.subject.RenameOutcome;
import dev.curfew.subject.ScopedSessions;
import dev.curfew.subject.SubjectExport;
import dev.curfew.token.Caller;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What people and administrators do with sessions beyond listing and ending them: names for them, what is held on
 * somebody, its removal, the sessions of a client or a realm, and the end of many subjects' sessions. Thread-safe; to
 * be had from {@link SessionService#subjects()}.
 *
 * <p>What takes a {@link Caller} acts on the caller's own sessions only. All else is for administrators: whether
 * somebody is one is the host's to know.
 */
public final class Subjects {
    private final Renames renames;
    private final SubjectExports exports;
    private final Erasures erasures;
    private final ScopeWalks walks;
    private final Bulks bulks;
    private final Duration nodeSkew;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Subjects(
            Renames renames,
            SubjectExports exports,
            Erasures erasures,
            ScopeWalks walks,
            Bulks bulks,
            Duration nodeSkew,
            Clock clock) {
        this.renames = renames;
        this.exports = exports;
        this.erasures = erasures;
        this.walks = walks;
        this.bulks = bulks;
        this.nodeSkew = nodeSkew;
        this.clock = clock;
    }

    /**
     * Names one of the caller's sessions, for people: {@link dev.curfew.session.Session#label}. Other nodes that keep
     * the session in memory drop it. It is no event and no sign of life. Two round trips, and those of a check of the
     * caller: none with a replica, one without. None if the handle is malformed.
     *
     * @param caller of the request
     * @param handle of the session as it stands in the URL: an id of ours, or an issuer's own
     * @param label at most 64 characters, without controls, line breaks and characters that turn the direction of other
     *     text; an empty one takes the name away
     * @return renamed, or not owned: for an unknown, a foreign, an ended and a malformed handle alike; or that the
     *     caller is revoked
     * @throws dev.curfew.session.InvalidIdentifierException if the label breaks a rule
     * @throws StoreUnavailableException if the store does not answer, if nobody can say whether the caller is revoked,
     *     or if others change the session all the time; repeating the call is safe
     * @throws dev.curfew.session.CurfewException if the session is the caller's and this node cannot read it, for want
     *     of a key, say
     */
    public RenameOutcome rename(Caller caller, String handle, String label) {
        Objects.requireNonNull(handle, "handle");
        Objects.requireNonNull(label, "label");
        return renames.rename(caller, handle, label);
    }

    /**
     * The first page of all that the store holds on a subject, without secrets: up to 500 sessions, live and ended
     * until they are purged. One round trip.
     *
     * <p>It is not all that there is: cut-offs and revocations name the subject by a lookup key, audit records by a
     * pseudonym, and each host keeps more. {@code docs/administration.md} says what, and how to find it.
     *
     * @param subject on whom
     * @return the page; a row that not even the store can read is in none, and stands in the store's log
     * @throws StoreUnavailableException if the store does not answer
     */
    public SubjectExport exportSubject(SubjectId subject) {
        return exports.export(Objects.requireNonNull(subject, "subject"), null);
    }

    /**
     * A later page. One round trip.
     *
     * @param subject on whom
     * @param from where the page before said that this one begins
     * @return the page
     * @throws StoreUnavailableException if the store does not answer
     */
    public SubjectExport exportSubject(SubjectId subject, SessionCursor from) {
        return exports.export(Objects.requireNonNull(subject, "subject"), Objects.requireNonNull(from, "from"));
    }

    /**
     * Ends everything of a subject and removes it, because the account is gone: as
     * {@link #eraseSubject(SubjectId, RevocationCause, int)} does, with {@link RevocationReason#ACCOUNT_DISABLED} by
     * the system.
     *
     * @param subject whose
     * @param limit the most sessions to remove by this call, 1 to 1,000
     * @return how many it removed, and with what to go on
     */
    public Erasure eraseSubject(SubjectId subject, int limit) {
        return eraseSubject(subject, RevocationCause.of(RevocationReason.ACCOUNT_DISABLED, Actor.system()), limit);
    }

    /**
     * Begins to erase a subject: ends everything that began until now, as {@link SessionService#revokeAllSessions}
     * does, tells how its sessions ended, and then removes the first of them. Two round trips, in SQL stores one
     * short transaction for the cut-off and one for each 200 rows, and one round trip for each thousand sessions of the
     * subject if there is a listener or an audit trail. A bounded store records the cut-off beyond its bound rather
     * than one of the realm.
     *
     * <p>To be gone on with {@link Erasure#next} until there is none. A login that begins after this call survives it
     * and all that follow. If the call throws, nothing is known to be complete; a cause with a
     * {@linkplain RevocationCause#named name} makes a repeat within the hour the same act.
     *
     * <p>What stays is the cut-off, under a lookup key, until it is forgotten, because tokens of the subject may be in
     * circulation; and the audit records, under a pseudonym if the trail has a key for that.
     *
     * @param subject whose
     * @param cause why and by whom
     * @param limit the most sessions to remove by this call, 1 to 1,000
     * @return how many it removed, and with what to go on
     * @throws IllegalStateException if the store cannot erase ({@link dev.curfew.store.SubjectErasure}); nothing has
     *     happened
     * @throws IllegalArgumentException if the limit is out of range
     * @throws StoreUnavailableException if the store does not answer; repeating the call is safe
     */
    public Erasure eraseSubject(SubjectId subject, RevocationCause cause, int limit) {
        return erasures.begin(
                Objects.requireNonNull(subject, "subject"), operation(cause), cause.reason(), cause.actor(), limit);
    }

    /**
     * Goes on erasing a subject, on whatever node and after any time. What began after the erasure did stays. Two round
     * trips: the cut-off is recorded again, which changes nothing as long as it stands, and the rows go, in SQL stores
     * by one short transaction for each 200. Where the store has lost the cut-off, it costs what the first call did.
     *
     * <p>The cursor is not to come from untrusted hands: it says up to when everything ends and goes.
     *
     * @param subject whose
     * @param from what the call before said
     * @param limit the most sessions to remove by this call, 1 to 1,000
     * @return how many it removed, and with what to go on
     * @throws IllegalArgumentException if the erasure is of another subject, if its instant lies further ahead of this
     *     node's clock than clocks explain, or if the limit is out of range
     * @throws IllegalStateException if the store cannot erase
     * @throws StoreUnavailableException if the store does not answer; repeating the call is safe
     */
    public Erasure eraseSubject(SubjectId subject, ErasureCursor from, int limit) {
        return erasures.goOn(Objects.requireNonNull(subject, "subject"), from, limit);
    }

    /**
     * A part of a walk through the sessions of a client, live and ended. SQL stores take one round trip, by an index;
     * the one for Redis looks into all of its 4,096 buckets, 64 a round trip, and into the rows of those that have some
     * in further ones, whatever is asked for.
     *
     * @param client whose
     * @param from {@link ScopeCursor#start}, or where the part before said that this one begins
     * @param limit the most rows, 1 to 1,000
     * @return the part; a row that not even the store can read is in none
     * @throws IllegalStateException if the store cannot walk ({@link dev.curfew.store.SessionsOfScope})
     * @throws IllegalArgumentException if the limit is out of range, or the cursor of another store
     * @throws StoreUnavailableException if the store does not answer
     */
    public ScopedSessions sessionsOf(ClientId client, ScopeCursor from, int limit) {
        return walks.sessionsOf(RevocationTarget.client(client), client.realm(), from, limit);
    }

    /**
     * A part of a walk through the sessions of a realm, live and ended. SQL stores take two round trips, and read
     * the rows of other realms as well; the one for Redis looks into its 4,096 buckets as for a client.
     *
     * @param realm whose
     * @param from {@link ScopeCursor#start}, or where the part before said that this one begins
     * @param limit the most rows, 1 to 1,000
     * @return the part; a row that not even the store can read is in none
     * @throws IllegalStateException if the store cannot walk ({@link dev.curfew.store.SessionsOfScope})
     * @throws IllegalArgumentException if the limit is out of range, or the cursor of another store
     * @throws StoreUnavailableException if the store does not answer
     */
    public ScopedSessions sessionsOf(Realm realm, ScopeCursor from, int limit) {
        return walks.sessionsOf(RevocationTarget.realm(realm), realm, from, limit);
    }

    /**
     * Begins to end the sessions of many subjects: fixes the instant up to which, once and for all its runs. No round
     * trip.
     *
     * <p>That instant lies ahead by twice the node skew and a second, 5 seconds by default, so that whatever began
     * before this call is covered, on nodes whose clocks differ. Who signs in within these seconds and before their
     * turn has to do so again.
     *
     * <p>After another bulk over the same subjects, wait until the instant of that one has passed
     * ({@link BulkPlan#issuedBefore}), on the slowest clock, and longer if a realm or client was revoked meanwhile: a
     * login right behind a cut-off that lies ahead begins behind that, and so may begin behind the instant of the new
     * plan, if the other bulk was begun on a node whose clock is ahead. {@link BulkResult#overtaken} counts subjects
     * whose own cut-off did so; of one of their realm or client the result cannot tell.
     *
     * @param cause why and by whom
     * @return the plan; its text may be kept to go on with after a crash
     */
    public BulkPlan beginBulk(RevocationCause cause) {
        return BulkPlan.begin(operation(cause), cause.reason(), cause.actor(), clock.instant(), nodeSkew);
    }

    /**
     * Ends everything of many subjects that began before the plan's instant. One round trip for each, one after the
     * other: about a thousand a second where a round trip takes a millisecond.
     *
     * <p>It may be stopped, and resumed with the same plan at {@link BulkResult#position}, or from the start: repeating
     * a subject is harmless on any node and after any time. An outage interrupts it; nothing is told to be done that
     * the store did not confirm. Now and then it waits for listeners, half a minute at most, so that none of them
     * misses an end. A subject that cannot be dealt with for another reason is named in the result, and hinders no
     * other one, as long as the library knows the reason; else, and at a null, the run is interrupted there
     * ({@link BulkResult.State#INTERRUPTED}).
     *
     * @param plan as {@link #beginBulk} made it
     * @param subjects whose; read once, one by one, so that they may come from a cursor
     * @param progress told now and then
     * @return how far it came
     * @throws IllegalArgumentException if the plan lies further ahead of this node's clock than clocks explain, or if
     *     {@link BulkProgress#every} is less than 1; nothing has happened
     */
    public BulkResult revokeAll(BulkPlan plan, Iterable<SubjectId> subjects, BulkProgress progress) {
        return bulks.run(plan, subjects, progress);
    }

    /**
     * Counts the live sessions of the whole store, all realms together, and shows the number in the gauge
     * {@code curfew.sessions.live} of this node until the next count. It reads every row once: seconds for a million.
     * To be scheduled by the host, on one node.
     *
     * @return 0 or more; what begins or ends meanwhile may be counted or not
     * @throws IllegalStateException if the store cannot count ({@link dev.curfew.store.SessionsOfScope})
     * @throws StoreUnavailableException if the store does not answer
     */
    public long countLive() {
        return walks.countLive();
    }

    /** The gauge of what was counted last. */
    List<Meter> meters() {
        return walks.meters();
    }

    private OperationId operation(RevocationCause cause) {
        return cause.operation().orElseGet(() -> OperationId.random(random));
    }
}
