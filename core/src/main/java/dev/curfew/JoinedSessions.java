package dev.curfew;

import dev.curfew.PendingOutcome.Standing;
import dev.curfew.ended.RevocationEvents.Context;
import dev.curfew.session.ClientId;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SubjectId;
import dev.curfew.store.HostTransaction;
import dev.curfew.store.PendingRevocation;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.token.Authentic;
import dev.curfew.token.Caller;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Ends sessions as part of the host's own transaction: a change of password and the end of all sessions, say, both or
 * neither. Used by the thread that works in that transaction.
 *
 * <p>Each call is the last statement of the host before its commit: from then on, logins, refreshes and revocations of
 * that subject wait until the transaction ends, and fail if it takes too long. After the commit the host calls
 * {@link PendingOutcome#committed}.
 */
public final class JoinedSessions {
    private final HostTransaction transaction;
    private final RevocationExecutor executor;
    private final Revocations revocations;
    private final Clock clock;

    JoinedSessions(HostTransaction transaction, RevocationExecutor executor, Revocations revocations, Clock clock) {
        this.transaction = transaction;
        this.executor = executor;
        this.revocations = revocations;
        this.clock = clock;
    }

    /**
     * As {@link SessionService#logout}.
     *
     * @param caller of the request; may be expired
     * @return what will have become of it
     */
    public PendingOutcome logout(Authentic caller) {
        return pending(revoking -> revoking.logout(caller));
    }

    /**
     * As {@link SessionService#revokeSession(Caller, String)}.
     *
     * @param caller of the request
     * @param handle as it stands in the URL
     * @return what will have become of it
     */
    public PendingOutcome revokeSession(Caller caller, String handle) {
        return pending(revoking -> revoking.revokeOwn(caller, handle));
    }

    /**
     * As {@link SessionService#revokeSession(SubjectId, SessionHandle, RevocationCause)}.
     *
     * @param subject whose, as its events will say; who owns it is not tested
     * @param handle of the session
     * @param cause why and by whom
     * @return what will have become of it
     */
    public PendingOutcome revokeSession(SubjectId subject, SessionHandle handle, RevocationCause cause) {
        return pending(revoking -> revoking.revoke(subject, handle, cause));
    }

    /**
     * As {@link SessionService#revokeOtherSessions(Caller, RevocationCause)}.
     *
     * @param caller of the request; its own session and all tokens of that live on
     * @param cause why and by whom
     * @return what will have become of it
     */
    public PendingOutcome revokeOtherSessions(Caller caller, RevocationCause cause) {
        return pending(revoking -> revoking.revokeOthers(caller, cause));
    }

    /**
     * As {@link SessionService#revokeAllSessions}.
     *
     * @param subject whose
     * @param cause why and by whom
     * @return what will have become of it
     */
    public PendingOutcome revokeAllSessions(SubjectId subject, RevocationCause cause) {
        return pending(revoking -> revoking.revokeAll(subject, cause));
    }

    /**
     * As {@link SessionService#revokeClient}.
     *
     * @param client whose
     * @param cause why and by whom
     * @return what will have become of it
     */
    public PendingOutcome revokeClient(ClientId client, RevocationCause cause) {
        return pending(revoking -> revoking.revokeClient(client, cause));
    }

    /**
     * As {@link SessionService#revokeRealm}.
     *
     * @param realm whose
     * @param cause why and by whom
     * @return what will have become of it
     */
    public PendingOutcome revokeRealm(Realm realm, RevocationCause cause) {
        return pending(revoking -> revoking.revokeRealm(realm, cause));
    }

    private PendingOutcome pending(Function<Revocations, RevocationOutcome> wish) {
        Step step = new Step();
        RevocationOutcome outcome = wish.apply(revocations.with(step));
        return new PendingOutcome(outcome, step.standing);
    }

    /** One call of the store, in the transaction. Confined to one thread. */
    private final class Step implements Revocations.Executor {
        private @Nullable Standing standing;

        @Override
        public RevocationOutcome revoke(
                RevocationRequest request, Precondition precondition, Context context, Instant now) {
            PendingRevocation pending = transaction.revoke(request, precondition, now);
            if (pending.result() instanceof RevokeResult.Recorded recorded) {
                standing = new Standing(pending, request, context, executor, clock);
                return RevocationExecutor.outcome(recorded);
            }
            return executor.refused(pending.result(), request, context, now);
        }
    }
}
