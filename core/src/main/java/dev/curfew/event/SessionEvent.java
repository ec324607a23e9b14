package dev.curfew.event;

import dev.curfew.revocation.Actor;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.CredentialRefusal;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SubjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a session or to a revocation. Immutable.
 *
 * <p>Events are delivered at least once; the {@link #id} is the same each time, so that whoever keeps them can drop
 * duplicates. They name subjects in clear, but never a token or a secret.
 */
public sealed interface SessionEvent {
    /** {@return the stable name of this event, the same for each delivery} */
    String id();

    /** {@return when it happened: the instant of the operation} */
    Instant at();

    /**
     * Asks a visitor about this kind of event.
     *
     * @param <R> what is answered
     * @param visitor who answers
     * @return the answer
     */
    <R extends @Nullable Object> R accept(SessionEventVisitor<R> visitor);

    /**
     * Tells whether it may be lost so that others are not: it ended nothing, and anybody can cause it as often as they
     * like.
     *
     * @return false unless it is a sign of life, a refusal, or a check without an answer
     */
    default boolean isLowPriority() {
        return false;
    }

    /**
     * A session began.
     *
     * @param id stable
     * @param at when
     * @param session the new session
     */
    record SessionCreated(String id, Instant at, Session session) implements SessionEvent {
        @Override
        public <R extends @Nullable Object> R accept(SessionEventVisitor<R> visitor) {
            return visitor.created(this);
        }
    }

    /**
     * A sign of life of a session was written, at most one in a while for each session.
     *
     * @param id stable
     * @param at when
     * @param subject whose, if the token named a subject
     * @param session which
     */
    record SessionRenewed(String id, Instant at, @Nullable SubjectId subject, SessionHandle session)
            implements SessionEvent {
        @Override
        public <R extends @Nullable Object> R accept(SessionEventVisitor<R> visitor) {
            return visitor.renewed(this);
        }

        @Override
        public boolean isLowPriority() {
            return true;
        }
    }

    /**
     * Time ended a session, and no revocation did before. Nobody notices that end when it comes, so that it is told
     * when the purge removes the row: late by as long as ended sessions are kept.
     *
     * @param id stable for that session, the same as {@link SessionEnded} has
     * @param at when it ended
     * @param subject whose, if this node knows the realm's name
     * @param session which
     * @param proven false if the revocation of a session may be forgotten by now that ended before; if one did, its own
     *     event was told then, and this one is a duplicate of the same id
     */
    record SessionExpired(String id, Instant at, @Nullable SubjectId subject, SessionHandle session, boolean proven)
            implements SessionEvent {
        @Override
        public <R extends @Nullable Object> R accept(SessionEventVisitor<R> visitor) {
            return visitor.expired(this);
        }
    }

    /**
     * A login was refused although its credentials were right.
     *
     * @param id stable
     * @param at when
     * @param subject who logged in
     * @param refusal why not
     */
    record LoginRefused(String id, Instant at, SubjectId subject, LoginRefusal refusal) implements SessionEvent {
        @Override
        public <R extends @Nullable Object> R accept(SessionEventVisitor<R> visitor) {
            return visitor.loginRefused(this);
        }

        @Override
        public boolean isLowPriority() {
            return true;
        }
    }

    /** Why a login was refused. */
    enum LoginRefusal {
        /** A cut-off overtook it. */
        OVERTAKEN,
        /** The subject has as many sessions as it may. */
        LIMIT_REACHED
    }

    /**
     * A revocation was recorded by this node; exactly one for each.
     *
     * @param id stable
     * @param at when
     * @param target what was revoked
     * @param subject whose, if the act named a subject
     * @param session which session, if the act named one
     * @param entry what stands in the store
     * @param count how many live sessions it ended, if that is counted
     */
    record RevocationRecorded(
            String id,
            Instant at,
            RevocationTarget target,
            @Nullable SubjectId subject,
            @Nullable SessionHandle session,
            Revocation entry,
            OptionalLong count)
            implements SessionEvent {
        @Override
        public <R extends @Nullable Object> R accept(SessionEventVisitor<R> visitor) {
            return visitor.recorded(this);
        }
    }

    /**
     * A revocation of another node has reached this one; from now on this node refuses what it covers. It tells what to
     * end here: a connection that is held open for a token, say, whose facts {@link #covers} covers.
     *
     * <p>Of the other node's events this one alone comes here, and no audit record is written for it, since that node
     * writes its own. The feed names nobody in clear: compare by {@link TokenFacts} or lookup keys. Each is told once
     * for each node as long as that runs, except after a loss of data, or where a call of this node had no answer. Told
     * is what this node learns while its service stands; what was revoked before that is known to its checks, so
     * register first, and then check. No order is promised.
     *
     * @param id stable, the same on each node
     * @param at when it reached this node
     * @param entry what stands in the store: target, {@link Revocation#issuedBefore}, exempt session, reason, and when
     *     it was recorded
     */
    record RevocationReceived(String id, Instant at, Revocation entry) implements SessionEvent {
        /**
         * Names the event of an entry.
         *
         * @param entry what stands in the store
         * @param at when it reached this node
         * @return the event
         */
        public static RevocationReceived of(Revocation entry, Instant at) {
            String id =
                    "received:" + entry.target().key() + ":" + entry.revokedAt().toEpochMilli() + ":"
                            + entry.issuedBefore().toEpochMilli()
                            + entry.exempt().map(exempt -> ":" + exempt.key()).orElse("");
            return new RevocationReceived(id, at, entry);
        }

        /**
         * Tells whether it ends what some facts are of.
         *
         * @param facts of a token, usually the facts of a verified token
         * @return true if checks refuse them from now on
         */
        public boolean covers(TokenFacts facts) {
            return entry.covers(facts);
        }

        @Override
        public <R extends @Nullable Object> R accept(SessionEventVisitor<R> visitor) {
            return visitor.received(this);
        }
    }

    /**
     * A revocation ended a session; one for each session that a token, session or subject target ended.
     *
     * @param id stable for that session, whichever revocation is said to have ended it
     * @param at when
     * @param subject whose
     * @param session which
     * @param by the revocation
     */
    record SessionEnded(String id, Instant at, SubjectId subject, SessionHandle session, Revocation by)
            implements SessionEvent {
        @Override
        public <R extends @Nullable Object> R accept(SessionEventVisitor<R> visitor) {
            return visitor.ended(this);
        }
    }

    /**
     * Somebody tried to revoke what is not theirs, or with a token that is revoked; nothing was changed.
     *
     * @param id stable
     * @param at when
     * @param caller who, if the token named a subject
     * @param target what they tried to revoke
     * @param denial why not
     */
    record RevocationDenied(String id, Instant at, @Nullable SubjectId caller, RevocationTarget target, Denial denial)
            implements SessionEvent {
        @Override
        public <R extends @Nullable Object> R accept(SessionEventVisitor<R> visitor) {
            return visitor.denied(this);
        }

        @Override
        public boolean isLowPriority() {
            return true;
        }
    }

    /** Why a revocation was denied. */
    enum Denial {
        /** The target is another subject's, or there is none. */
        NOT_OWNED,
        /** The caller's own token or session is revoked. */
        CALLER_REVOKED
    }

    /**
     * The store did not answer, so a revocation is not known to have happened.
     *
     * @param id stable
     * @param at when
     * @param target what was to be revoked
     * @param subject whose, if the act named a subject
     * @param reason why
     * @param actor by whom
     */
    record RevocationFailed(
            String id,
            Instant at,
            RevocationTarget target,
            @Nullable SubjectId subject,
            RevocationReason reason,
            Actor actor)
            implements SessionEvent {
        @Override
        public <R extends @Nullable Object> R accept(SessionEventVisitor<R> visitor) {
            return visitor.failed(this);
        }
    }

    /**
     * A revoked token was used.
     *
     * @param id stable
     * @param at when
     * @param subject whose, if the token named a subject
     * @param session of which session, if the token named one
     * @param by what covers it
     */
    record RevokedTokenUsed(
            String id,
            Instant at,
            @Nullable SubjectId subject,
            @Nullable SessionHandle session,
            RevocationReason by) implements SessionEvent {
        @Override
        public <R extends @Nullable Object> R accept(SessionEventVisitor<R> visitor) {
            return visitor.revokedTokenUsed(this);
        }

        @Override
        public boolean isLowPriority() {
            return true;
        }
    }

    /**
     * Nobody could say whether a token is revoked.
     *
     * @param id stable
     * @param at when
     * @param allowed whether the outage policy let the token pass all the same
     */
    record CheckUnanswered(String id, Instant at, boolean allowed) implements SessionEvent {
        @Override
        public <R extends @Nullable Object> R accept(SessionEventVisitor<R> visitor) {
            return visitor.unanswered(this);
        }

        @Override
        public boolean isLowPriority() {
            return true;
        }
    }

    /**
     * A refresh token was presented that had been exchanged before, by somebody who is not known to be the same: it, or
     * its successor, is in two hands. The session is ended for it, which has events of its own.
     *
     * @param id stable
     * @param at when
     * @param subject whose
     * @param session which
     * @param generation how often the session's token had been exchanged
     * @param age how long ago the last exchange was
     */
    record RefreshTokenReused(
            String id, Instant at, SubjectId subject, SessionHandle session, int generation, Duration age)
            implements SessionEvent {
        @Override
        public <R extends @Nullable Object> R accept(SessionEventVisitor<R> visitor) {
            return visitor.refreshTokenReused(this);
        }
    }

    /**
     * A refresh was answered once more with the same successor, as the retry rule allows: an answer was lost, or
     * somebody has read the client's requests.
     *
     * @param id stable
     * @param at when
     * @param subject whose
     * @param session which
     */
    record RefreshReplayed(String id, Instant at, SubjectId subject, SessionHandle session) implements SessionEvent {
        @Override
        public <R extends @Nullable Object> R accept(SessionEventVisitor<R> visitor) {
            return visitor.refreshReplayed(this);
        }
    }

    /**
     * Somebody who holds a secret of a session was refused its refresh, and nothing changed.
     *
     * @param id stable
     * @param at when
     * @param subject whose
     * @param session which
     * @param why what was wrong
     */
    record RefreshDenied(String id, Instant at, SubjectId subject, SessionHandle session, CredentialRefusal why)
            implements SessionEvent {
        @Override
        public <R extends @Nullable Object> R accept(SessionEventVisitor<R> visitor) {
            return visitor.refreshDenied(this);
        }

        @Override
        public boolean isLowPriority() {
            return true;
        }
    }

    /**
     * The secret of a session was exchanged, because what it may do has changed; what was presented before opens
     * nothing any more.
     *
     * @param id stable
     * @param at when
     * @param subject whose
     * @param session which
     */
    record SessionCredentialRenewed(String id, Instant at, SubjectId subject, SessionHandle session)
            implements SessionEvent {
        @Override
        public <R extends @Nullable Object> R accept(SessionEventVisitor<R> visitor) {
            return visitor.credentialRenewed(this);
        }
    }

    /**
     * A subject did something too often; one for each episode. Nobody is proven to have done wrong.
     *
     * @param id stable
     * @param at when it became too much
     * @param kind what
     * @param subject who
     * @param count how many within the window: acts, attempts, uses or networks, as the kind says
     * @param since when the first of these was
     */
    record SuspicionRaised(String id, Instant at, SuspicionKind kind, SubjectId subject, int count, Instant since)
            implements SessionEvent {
        @Override
        public <R extends @Nullable Object> R accept(SessionEventVisitor<R> visitor) {
            return visitor.suspicion(this);
        }
    }

    /**
     * An identity provider said that something of its own has ended, in a message that was verified.
     *
     * @param id stable for that message
     * @param at when it came
     * @param realm of the provider
     * @param target the kind of what it is about: a foreign session, or a subject
     * @param reason why it ended
     * @param actor who ended it, by way of which provider
     * @param result what became of it
     */
    record UpstreamSignalReceived(
            String id,
            Instant at,
            Realm realm,
            RevocationTarget.Kind target,
            RevocationReason reason,
            Actor actor,
            SignalResult result)
            implements SessionEvent {
        @Override
        public <R extends @Nullable Object> R accept(SessionEventVisitor<R> visitor) {
            return visitor.upstreamSignal(this);
        }

        @Override
        public boolean isLowPriority() {
            return result == SignalResult.REPEATED || result == SignalResult.IGNORED;
        }
    }

    /** What became of a provider's message. */
    enum SignalResult {
        /** It was recorded by this message. */
        ENDED,
        /** It came before, or nothing was left to end. */
        REPEATED,
        /** It is about nothing that this provider may speak about here. */
        IGNORED,
        /** The store did not answer, so that it is not known to be recorded. */
        FAILED
    }
}
