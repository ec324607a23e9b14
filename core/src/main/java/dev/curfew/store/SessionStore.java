package dev.curfew.store;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Keeps sessions and revocations. Implementations are thread-safe and pass the store contract.
 *
 * <p>A session row is never marked. It is live while it is not expired and no recorded revocation covers it, and every
 * verb applies exactly that in its own atomic step, so that nothing can slip in between. No verb reads a clock. Every
 * verb throws {@link StoreUnavailableException} if the store does not answer in time; a write that throws it is not
 * known to have happened and is safe to repeat.
 *
 * <p><b>What covers.</b> An entry may cover facts only if the key of its target is one of theirs (token, session,
 * subject, client, realm, signing key), or if it is a birth. A store finds the entries by these keys, leaves out
 * what {@linkplain Revocation#isForgotten is forgotten} at {@code now}, and lets {@link Revocation#covers} judge: the
 * rule is spelled once. What covers is answered in the order of {@link Revocation#recordedFirst}.
 *
 * <p><b>Failures.</b> Whatever keeps a store from answering is a {@link StoreUnavailableException}, with what is wrong
 * as its cause: no connection, a lock that is held for too long, a full disk, damage, tables of another version. Only
 * that type is an outage. After it a check is UNKNOWN, and a revocation refuses on this node at once and is sent again;
 * anything else that a verb throws reaches the caller as a mistake. A store gives up after a bound of its own, which is
 * best not above the 2 seconds that a check waits by default. {@link #open} may throw what its store likes about
 * mistakes that no waiting mends, because the host is just being started.
 *
 * <p><b>What cannot be read.</b> A row that is damaged or that a newer version wrote is no reason to fail for others. A
 * session whose row cannot be read is answered by no verb, as if none stood there; it can be revoked, and keeps its id
 * until it is purged. An entry that cannot be read makes whomever it may cover not known to be active: a call about
 * that one alone throws an {@link UndecodableRevocationException}, lists and walks leave the session out, signs of life
 * do not move it, and whoever ends sessions is not hindered. {@link dev.curfew.meter.DamagedRows} says it in the log.
 *
 * <p><b>Birth.</b> The birth marker is more than an entry: a store whose data were lost has none. So each verb that
 * judges or writes, and each read of the feed, finds out in its own step whether the marker is there. If not, the store
 * creates another one that lies at the instant of the operation, or does not answer until it is opened again; it never
 * judges without one.
 *
 * <p><b>Horizon.</b> What a store removes for good, it removes up to an instant that it remembers: its horizon. At an
 * instant before it nobody can say what was revoked. So {@link #find}, {@link #list}, {@link #insert}, {@link #touch},
 * {@link #rotate}, {@link #revocationsCovering}, and a {@link #revoke} that tests a caller, read the horizon in the
 * statement that answers, and throw a {@link BeforeHorizonException} if {@code now} lies before it; nothing is written
 * then. The other verbs judge nobody and work before it, too. A server's own clock is read in statements that are made
 * anyway: a cut-off that means "now" takes the later of both clocks.
 */
public interface SessionStore {
    /**
     * Begins to use the store: creates its birth marker if there is none, and compares the settings that are stored
     * with it. Every other verb demands that this was called, and throws an {@link IllegalStateException} if not; of
     * the settings, those of the first call ever win. Safe to repeat.
     *
     * @param settings of the host
     * @param now the instant of the operation
     * @throws StoreSettingsMismatchException if the store was installed with another retention; nothing was changed
     * @throws StoreUnavailableException if the store does not answer
     */
    void open(StoreSettings settings, Instant now);

    /**
     * Adds a session, unless its id is known, a revocation covers it, or it is one too many; in the same step it ends
     * the session that this one replaces, and the oldest ones if they must make room. Exact under parallel logins. One
     * round trip, or one short transaction. The oldest sessions, which a limit may end, are the last ones of
     * {@link #list}.
     *
     * <p>What ends has an entry of its own, {@link RevocationRequest#replaced} or {@link RevocationRequest#overLimit},
     * which goes to the feed as every revocation does. A session that is replaced and is unknown, over, or of another
     * subject changes nothing, and the login stands.
     *
     * <p>A foreign id may be used again once the session that had it is not live any more.
     *
     * <p>Of several reasons to refuse a login, the first of these is answered: another row has that id
     * ({@link InsertResult.AlreadyKnown}), something covers the new row ({@link InsertResult.Covered}, by the entry
     * recorded first), there is one too many ({@link InsertResult.OverLimit}).
     *
     * <p>A login whose answer was lost may be sent again, at the same instant: the same row is an answer like the
     * first, with the same ended sessions (and those that another login of this subject ended in that very
     * millisecond). If the session was revoked in between, it is covered.
     *
     * <p>A login that is refused ends nothing: neither what it replaces nor the oldest ones.
     *
     * @param login the new row, the limit and what it replaces
     * @param now the instant of the operation
     * @return what became of it
     * @throws StoreFullException if a bounded store has no room
     * @throws UndecodableRevocationException if an entry that may cover the new row cannot be read; nothing was changed
     */
    InsertResult insert(NewSession login, Instant now);

    /**
     * Adds a session that replaces none, see {@link #insert(NewSession, Instant)}, to which this passes it on; who
     * wraps a store overrides that one.
     *
     * @param session the new row
     * @param limit how many live sessions its subject may have
     * @param now the instant of the operation
     * @return what became of it
     * @throws StoreFullException if a bounded store has no room
     */
    default InsertResult insert(StoredSession session, SessionLimit limit, Instant now) {
        return insert(NewSession.of(session, limit), now);
    }

    /**
     * What stands there, live or not. One round trip.
     *
     * @param session which
     * @param now the instant of the operation
     * @return the row with what covers it, if it is not purged; nothing if it cannot be read
     * @throws UndecodableRevocationException if an entry that may cover it cannot be read
     */
    Optional<FoundSession> find(SessionRef session, Instant now);

    /**
     * The sessions of a subject, the one that began last in front, in the order of {@link SessionCursor}. One round
     * trip a page. Rows that cannot be read, and sessions that an entry may cover which cannot be read, are left out.
     * Rows that are not asked for are passed over: a page that has more behind it is not empty, because its last row is
     * the place where the next one begins.
     *
     * @param subject whose
     * @param query which, and from where on
     * @param now the instant of the operation
     * @return a page
     */
    SessionPage list(SubjectId subject, ListQuery query, Instant now);

    /**
     * Writes signs of life: forwards only, for live sessions only. Atomic for each entry, not for the batch; a row that
     * cannot be read, or of which nobody can say that it is live, does not move and hinders no other. A batch that is
     * sent again because its answer was lost names only what the first try did not move. One round trip for each bucket
     * in it, all sent at once, or one short transaction.
     *
     * @param batch at most one for each session
     * @param now the instant of the operation
     * @return the signs of life that moved a row, in the order of the batch
     */
    List<Touch> touch(Collection<Touch> batch, Instant now);

    /**
     * Exchanges the secret of a live session, its payload, or both, by comparing and setting; if it is told to, it puts
     * a notice on the feed in the same step. The beginning and the absolute end never move. One round trip, or one
     * short transaction.
     *
     * <p>In one atomic step, which a revocation does not interrupt: a session that is not live is answered as such,
     * whatever stands there. An exchange that is sent again because its answer was lost ({@link Rotation#isDone}) is
     * answered as the first was, writes nothing and leaves no second notice. A row that is not the expected one
     * ({@link Rotation#expects}) stays and is answered. Else {@link Rotation#applyTo} says what stands from now on.
     *
     * @param session which
     * @param rotation what is expected, and what shall stand there
     * @param now the instant of the operation
     * @return what became of it
     * @throws UndecodableRevocationException if an entry that may cover it cannot be read; nothing was exchanged
     */
    RotateResult rotate(SessionRef session, Rotation rotation, Instant now);

    /**
     * Revokes: the only way by which a session ends before its time. One atomic step, serialised for each subject, one
     * round trip or one short transaction.
     *
     * <p>The step tests the precondition, fixes the instants ({@link RevocationRequest#fix}), records the entry,
     * appends it to the feed, and counts what it newly covers. Repeating an act ({@link RevocationRequest#act}) within
     * {@link StoreSettings#PURGE_DELAY} changes nothing and answers what the first call did. Revoking what such an
     * entry covers already writes nothing, and neither does revoking what has expired by itself. All of that is decided
     * by {@link RevokeRule}. An entry beside the new one that cannot be read does not hinder it, unless it may cover
     * the caller.
     *
     * @param request what, why and by whom
     * @param precondition what must hold
     * @param now the instant of the operation
     * @return what became of it
     * @throws UndecodableRevocationException if an entry that may cover the caller cannot be read; nothing was changed
     */
    RevokeResult revoke(RevocationRequest request, Precondition precondition, Instant now);

    /**
     * The authoritative check: everything recorded that covers a token or session. One round trip.
     *
     * @param facts of the token or session
     * @param now the instant of the operation
     * @return the entries, the one recorded first in front; none if it may be used
     * @throws UndecodableRevocationException if an entry that may cover it cannot be read
     */
    List<Revocation> revocationsCovering(TokenFacts facts, Instant now);

    /**
     * The cut-offs that a login must begin after. One round trip.
     *
     * @param subject who logs in
     * @param now the instant of the operation
     * @return the newest {@code issuedBefore} of that subject, its realm, any client of the realm, and the births, of
     *     all that stands there: forgotten or superseded entries may count, because later is safer
     */
    Instant newestCutOff(SubjectId subject, Instant now);

    /**
     * Joins entries verbatim: no precondition, no instant is fixed anew, and what is covered already is not written.
     * Not written is an entry that one standing there {@linkplain Revocation#replaces replaces}; one that is only
     * superseded and was recorded earlier is, so that it stays known what came first. An entry that is forgotten at
     * {@code now} may be left out only if another clock than this node's says so too; it may always be written.
     *
     * @param entries as a feed brought them; births are refused
     * @param now the instant of the operation
     */
    void record(Collection<Revocation> entries, Instant now);

    /**
     * The stream of what is recorded.
     *
     * @return the same feed at each call
     */
    RevocationFeed feed();

    /**
     * Removes what has ended long enough ago: sessions after {@link StoreSettings#endedSessionsKept()}, revocations
     * {@link StoreSettings#PURGE_DELAY} after they are forgotten or after the entry that supersedes them was written.
     * Births and the newest entry of the feed stay. Notices of exchanges and the names of acts go {@link
     * StoreSettings#PURGE_DELAY} after they were written; nobody counts them. Safe on every node at once. Raises the
     * horizon to {@code now - PURGE_DELAY} in the same step as the first removal of a forgotten revocation; what is
     * only superseded raises none.
     *
     * <p>A session has ended at the earlier of its end by time and the {@code revokedAt} of the first entry that covers
     * it.
     *
     * @param now the instant of the operation
     * @param limit the most rows to remove, positive
     * @return how many went, and which of these time had ended
     * @throws ClocksDifferException if this node's clock and the server's differ by more than the node skew; nothing
     *     was removed
     */
    PurgeResult purge(Instant now, int limit);

    /**
     * Tells whether everything stays in the memory of this process. Whatever leaves it needs the host's decision about
     * encryption.
     *
     * @return false unless a store says otherwise; who wraps a store answers what that one does
     */
    default boolean keepsInProcess() {
        return false;
    }

    /**
     * Finds an extra ability of this store, which not every store has: {@link FeedHints}, {@link SessionsOfTarget},
     * {@link PayloadRewriting}, {@link SubjectErasure}, {@link SessionsOfScope} or {@link SharedRecords}. Whoever needs
     * one asks here and not by {@code instanceof}, so that a store keeps its abilities behind a
     * {@link ForwardingSessionStore}. A store may answer with itself, which is what this method does, or with an object
     * beside it. Joining a
     * {@link HostTransaction} is no ability: a store that can do it has a method of its own, which the host calls. No
     * round trip.
     *
     * @param type of the ability
     * @param <T> of the ability
     * @return the ability, if this store or one behind it has it
     */
    default <T> Optional<T> ability(Class<T> type) {
        return type.isInstance(this) ? Optional.of(type.cast(this)) : Optional.empty();
    }
}
