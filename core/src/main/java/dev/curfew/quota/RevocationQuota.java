package dev.curfew.quota;

import dev.curfew.ended.RevocationEvents;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.session.CurfewException;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.BeforeHorizonException;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreUnavailableException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds how many entries one session and one subject cause in the store, whatever store it is. Thread-safe.
 *
 * <p>A session that has caused as many as it may is revoked in place of the next token, and a subject in place of the
 * next token or session. Nothing is refused, and nothing less is revoked: the coarser target covers the finer one. A
 * realm is never revoked for this, because that would be at the expense of others.
 *
 * <p>Not counted is what the limit of sessions ends in the step of a login: each such entry takes a login.
 *
 * <p>What may be lost: the counts are this node's own, and gone when it ends. So the bound holds for each node and its
 * lifetime.
 *
 * <p>The cut-off in place of the finer targets means "now", not the instant at which the finer one began: it covers all
 * that the subject has, so that none of that needs an entry any more.
 */
public final class RevocationQuota {
    private static final Logger LOG = LoggerFactory.getLogger(RevocationQuota.class);
    private static final int MAX_ENTRIES = 100_000;

    private final SessionStore store;
    private final int maxOfSession;
    private final int maxOfSubject;
    private final EntryCounts counts = new EntryCounts(MAX_ENTRIES);

    public RevocationQuota(SessionStore store, int maxOfSession, int maxOfSubject) {
        this.store = store;
        this.maxOfSession = maxOfSession;
        this.maxOfSubject = maxOfSubject;
    }

    /**
     * Revokes, in a coarser way if a share is used up. One call of the store; one more for a session that the caller's
     * token does not prove to be the subject's, and only once the share is used up.
     */
    public RevokeResult revoke(
            RevocationRequest request, Precondition precondition, RevocationEvents.Context context, Instant now) {
        RevocationTarget fitting = fit(request, precondition, context, now);
        if (fitting.equals(request.target())) {
            return counted(request, ask(request, precondition, now), now);
        }
        try {
            return counted(request, store.revoke(request.on(fitting), precondition, now), now);
        } catch (StoreUnavailableException e) {
            // A node goes on recording a caller's own token or session, but not what is coarser: so that one is asked
            // for after all.
            return heard(fitting, request, counted(request, ask(request, precondition, now), now));
        }
    }

    /**
     * Before its horizon a store does not know whether a caller is revoked, and refuses whoever is to be tested. The
     * caller's own token or session may be ended whatever the store remembers: so a person can leave where this node's
     * clock is behind, too.
     */
    private RevokeResult ask(RevocationRequest request, Precondition precondition, Instant now) {
        try {
            return store.revoke(request, precondition, now);
        } catch (BeforeHorizonException e) {
            if (!isOwn(request.target(), precondition)) {
                throw e;
            }
            return store.revoke(request, Precondition.none(), now);
        }
    }

    private static boolean isOwn(RevocationTarget target, Precondition precondition) {
        return precondition
                .caller()
                .filter(caller ->
                        target.key().equals(caller.tokenKey()) || target.key().equals(caller.sessionKey()))
                .isPresent();
    }

    /**
     * If the coarser act had come to pass, and only its answer was lost, the finer one meets a caller whom that has
     * revoked.
     */
    private static RevokeResult heard(RevocationTarget fitting, RevocationRequest request, RevokeResult result) {
        return result instanceof RevokeResult.CallerRevoked refused
                        && refused.by().target().equals(fitting)
                        && refused.by().reason() == request.reason()
                        && refused.by().actor().equals(request.actor())
                ? new RevokeResult.Recorded(refused.by(), RevokeResult.Recorded.UNCOUNTED, false)
                : result;
    }

    private RevocationTarget fit(
            RevocationRequest request, Precondition precondition, RevocationEvents.Context context, Instant now) {
        RevocationTarget target = request.target();
        RevocationTarget session = sessionAbove(request);
        RevocationTarget subject = above(request, Kind.SUBJECT);
        if (subject != null && isUsedUp(subject, maxOfSubject, target, now)) {
            return isProvenOwn(target, precondition, context, now) ? subject : target;
        }
        return session != null && isUsedUp(session, maxOfSession, target, now) ? session : target;
    }

    /** A target that was counted already is no new entry; a repeat of its act must stay the same act. */
    private boolean isUsedUp(RevocationTarget owner, int max, RevocationTarget target, Instant now) {
        return counts.countUpTo(max, owner.key(), now) >= max && !counts.contains(owner.key(), target.key());
    }

    /**
     * Whether the target is the subject's and not revoked yet, so that a cut-off is right. The caller's own token or
     * session is tested in the store's step; the owner of another session stands in its row.
     */
    private boolean isProvenOwn(
            RevocationTarget target, Precondition precondition, RevocationEvents.Context context, Instant now) {
        if (isOwn(target, precondition)) {
            return true;
        }
        SubjectId subject = Objects.requireNonNull(context.subject(), "whoever has a share is known");
        SessionHandle session = Objects.requireNonNull(context.session(), "only a session is named by others");
        try {
            return store.find(SessionRef.ofClaimed(subject, session), now)
                    .filter(found ->
                            found.isLive(now) && found.session().subjectKey().equals(subject.key()))
                    .isPresent();
        } catch (CurfewException e) {
            // Nobody can say, so the finer target is revoked: a share must keep nothing from being revoked.
            return false;
        }
    }

    /** Counts what was recorded, which for want of room in the store may be coarser than what was asked for. */
    private RevokeResult counted(RevocationRequest request, RevokeResult result, Instant now) {
        if (result instanceof RevokeResult.Recorded recorded
                && recorded.changed()
                && !recorded.entry().target().kind().isCutOff()) {
            Revocation entry = recorded.entry();
            count(entry, above(request, Kind.SUBJECT), maxOfSubject, now);
            if (entry.target().kind() == Kind.TOKEN) {
                count(entry, sessionAbove(request), maxOfSession, now);
            }
        }
        return result;
    }

    private void count(Revocation entry, @Nullable RevocationTarget owner, int max, Instant now) {
        if (owner == null) {
            return;
        }
        counts.add(owner.key(), entry.target().key(), entry.forgetAfter());
        if (counts.countUpTo(max, owner.key(), now) == max) {
            LOG.warn(
                    "{} {} has caused {} revocations: it is revoked in place of the next",
                    owner.kind(),
                    owner.key(),
                    max);
        }
    }

    private static @Nullable RevocationTarget sessionAbove(RevocationRequest request) {
        RevocationTarget ours = above(request, Kind.SESSION);
        return ours == null ? above(request, Kind.FOREIGN_SESSION) : ours;
    }

    private static @Nullable RevocationTarget above(RevocationRequest request, Kind kind) {
        for (RevocationTarget coarser : request.coarser()) {
            if (coarser.kind() == kind) {
                return coarser;
            }
        }
        return null;
    }
}
