package dev.curfew;

import dev.curfew.atrest.SessionRows;
import dev.curfew.ended.RevocationEvents.Context;
import dev.curfew.node.SuspicionResponse;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.ClientId;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.OperationId;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.token.Authentic;
import dev.curfew.token.Caller;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns each wish to revoke into the request, the precondition and the context that it means. Thread-safe. */
final class Revocations implements SuspicionResponse.Ending {
    private final Executor executor;
    private final SessionRows rows;
    private final AcceptedTokens accepted;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** Where and when a request is carried out. */
    interface Executor {
        RevocationOutcome revoke(RevocationRequest request, Precondition precondition, Context context, Instant now);
    }

    Revocations(Executor executor, SessionRows rows, AcceptedTokens accepted, Clock clock) {
        this.executor = executor;
        this.rows = rows;
        this.accepted = accepted;
        this.clock = clock;
    }

    /** The same, carried out elsewhere. */
    Revocations with(Executor other) {
        return new Revocations(other, rows, accepted, clock);
    }

    RevocationOutcome logout(Authentic caller) {
        RevocationCause cause = RevocationCause.byUser(RevocationReason.USER_LOGOUT);
        return caller.session()
                .map(session -> revokeOwn(caller, session, cause))
                .orElseGet(() -> revokeToken(caller, cause));
    }

    RevocationOutcome revokeOwn(Caller caller, String handle) {
        RevocationCause cause = RevocationCause.byUser(RevocationReason.REVOKED_BY_USER);
        return caller.sessionNamed(handle)
                .map(session -> revokeOwn(caller, session, cause))
                .orElseGet(RevocationOutcome.NotOwned::new);
    }

    private RevocationOutcome revokeOwn(Authentic caller, SessionRef session, RevocationCause cause) {
        return revoke(session, caller.subject().orElse(null), Precondition.ownedBy(caller.facts()), cause);
    }

    /** One of any subject, for administrators; who owns it is not tested. */
    RevocationOutcome revoke(SubjectId subject, SessionHandle handle, RevocationCause cause) {
        return revoke(SessionRef.of(subject, handle), subject, Precondition.none(), cause);
    }

    private RevocationOutcome revoke(
            SessionRef session, @Nullable SubjectId subject, Precondition precondition, RevocationCause cause) {
        RevocationRequest.Builder request = request(RevocationTarget.session(session), cause)
                .coarser(above(null, isOwn(session, precondition) ? subject : null, session.realm()));
        if (session.handle() instanceof SessionId ours) {
            request.forgetAfter(rows.forgetAfter(ours.authenticatedAt()));
        }
        Context context = new Context(subject, session.handle());
        return accepted.judge(
                executor.revoke(request.build(), precondition, context, clock.instant()),
                session.realm(),
                precondition.caller().isPresent());
    }

    RevocationOutcome revokeOthers(Caller caller, RevocationCause cause) {
        Optional<SessionRef> current = caller.session();
        Optional<SubjectId> subject = caller.subject();
        if (current.isEmpty() || subject.isEmpty()) {
            return new RevocationOutcome.NoCurrentSession();
        }
        RevocationRequest request = request(RevocationTarget.subject(subject.get()), cause)
                .exempt(ExemptSession.of(current.get()))
                .coarser(List.of(RevocationTarget.realm(caller.realm())))
                .build();
        Context context = new Context(subject.get(), current.get().handle());
        return accepted.judge(
                executor.revoke(request, Precondition.ownedBy(caller.facts()), context, clock.instant()),
                caller.realm(),
                true);
    }

    RevocationOutcome revokeAll(SubjectId subject, RevocationCause cause) {
        RevocationRequest.Builder request = request(RevocationTarget.subject(subject), cause)
                .coarser(List.of(RevocationTarget.realm(subject.realm())));
        return accepted.judge(unconditionally(request, subject, clock.instant()), subject.realm(), false);
    }

    RevocationOutcome revokeToken(Authentic token, RevocationCause cause) {
        Instant now = clock.instant();
        RevocationTarget target = RevocationTarget.token(token.facts());
        SubjectId subject = token.subject().orElse(null);
        SessionRef session = token.session().orElse(null);
        RevocationRequest request = request(target, cause)
                .forgetAfter(token.forgetAfter())
                .coarser(above(session, subject, token.realm()))
                .build();
        Context context = new Context(subject, session == null ? null : session.handle());
        return executor.revoke(request, Precondition.ownedBy(token.facts()), context, now);
    }

    /**
     * Whether the named subject is proven to be the owner: a foreign handle that an administrator names proves nothing.
     */
    private static boolean isOwn(SessionRef session, Precondition precondition) {
        return !session.isForeign() || precondition.caller().isPresent();
    }

    RevocationOutcome revokeClient(ClientId client, RevocationCause cause) {
        return accepted.judge(revokeEverywhere(RevocationTarget.client(client), cause), client.realm(), false);
    }

    RevocationOutcome revokeRealm(Realm realm, RevocationCause cause) {
        return accepted.judge(revokeEverywhere(RevocationTarget.realm(realm), cause), realm, false);
    }

    /** A client, a realm or a signing key: whatever of it began until now. */
    RevocationOutcome revokeEverywhere(RevocationTarget target, RevocationCause cause) {
        return unconditionally(request(target, cause), null, clock.instant());
    }

    RevocationOutcome revokeUntil(
            RevocationTarget target, Instant issuedBefore, @Nullable SubjectId subject, RevocationCause cause) {
        Instant now = clock.instant();
        if (issuedBefore.isAfter(now)) {
            throw new IllegalArgumentException(
                    "issuedBefore is in the future: tokens that do not exist cannot be revoked");
        }
        RevocationOutcome outcome = unconditionally(request(target, cause).issuedBefore(issuedBefore), subject, now);
        return rows.realms()
                .find(target.realm())
                .map(realm -> accepted.judge(outcome, realm, false))
                .orElse(outcome);
    }

    @Override
    public void endAll(SubjectId subject, Actor actor) {
        revokeAll(subject, RevocationCause.of(RevocationReason.SUSPICIOUS_ACTIVITY, actor));
    }

    @Override
    public void endUntil(SubjectId subject, Instant issuedBefore, Actor actor) {
        revokeUntil(
                RevocationTarget.subject(subject),
                issuedBefore,
                subject,
                RevocationCause.of(RevocationReason.SUSPICIOUS_ACTIVITY, actor));
    }

    private RevocationOutcome unconditionally(
            RevocationRequest.Builder request, @Nullable SubjectId subject, Instant now) {
        return executor.revoke(request.build(), Precondition.none(), new Context(subject, null), now);
    }

    private RevocationRequest.Builder request(RevocationTarget target, RevocationCause cause) {
        return RevocationRequest.of(target, cause.operation().orElseGet(() -> OperationId.random(random)))
                .because(cause.reason(), cause.actor());
    }

    /** What may be revoked instead, for want of room, from finer to coarser. */
    private static List<RevocationTarget> above(
            @Nullable SessionRef session, @Nullable SubjectId subject, Realm realm) {
        List<RevocationTarget> targets = new ArrayList<>();
        if (session != null) {
            targets.add(RevocationTarget.session(session));
        }
        if (subject != null) {
            targets.add(RevocationTarget.subject(subject));
        }
        targets.add(RevocationTarget.realm(realm));
        return targets;
    }
}
