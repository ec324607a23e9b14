package dev.curfew.event;

import dev.curfew.event.SessionEvent.CheckUnanswered;
import dev.curfew.event.SessionEvent.LoginRefused;
import dev.curfew.event.SessionEvent.RefreshDenied;
import dev.curfew.event.SessionEvent.RefreshReplayed;
import dev.curfew.event.SessionEvent.RefreshTokenReused;
import dev.curfew.event.SessionEvent.RevocationDenied;
import dev.curfew.event.SessionEvent.RevocationFailed;
import dev.curfew.event.SessionEvent.RevocationReceived;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.RevokedTokenUsed;
import dev.curfew.event.SessionEvent.SessionCreated;
import dev.curfew.event.SessionEvent.SessionCredentialRenewed;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.event.SessionEvent.SessionExpired;
import dev.curfew.event.SessionEvent.SessionRenewed;
import dev.curfew.event.SessionEvent.SuspicionRaised;
import dev.curfew.event.SessionEvent.UpstreamSignalReceived;
import org.jspecify.annotations.Nullable;

/**
 * Answers for each kind of event, so that the compiler finds whoever forgets one.
 *
 * @param <R> what is answered
 */
public interface SessionEventVisitor<R extends @Nullable Object> {
    /**
     * Answers for a session that began.
     *
     * @param event what happened
     * @return the answer
     */
    R created(SessionCreated event);

    /**
     * Answers for a sign of life.
     *
     * @param event what happened
     * @return the answer
     */
    R renewed(SessionRenewed event);

    /**
     * Answers for a session that time ended.
     *
     * @param event what happened
     * @return the answer
     */
    R expired(SessionExpired event);

    /**
     * Answers for a session that a revocation ended.
     *
     * @param event what happened
     * @return the answer
     */
    R ended(SessionEnded event);

    /**
     * Answers for a login that was refused.
     *
     * @param event what happened
     * @return the answer
     */
    R loginRefused(LoginRefused event);

    /**
     * Answers for a revocation of this node.
     *
     * @param event what happened
     * @return the answer
     */
    R recorded(RevocationRecorded event);

    /**
     * Answers for a revocation of another node.
     *
     * @param event what happened
     * @return the answer
     */
    R received(RevocationReceived event);

    /**
     * Answers for a revocation that was denied.
     *
     * @param event what happened
     * @return the answer
     */
    R denied(RevocationDenied event);

    /**
     * Answers for a revocation that is not known to have happened.
     *
     * @param event what happened
     * @return the answer
     */
    R failed(RevocationFailed event);

    /**
     * Answers for the use of a revoked token.
     *
     * @param event what happened
     * @return the answer
     */
    R revokedTokenUsed(RevokedTokenUsed event);

    /**
     * Answers for a check without an answer.
     *
     * @param event what happened
     * @return the answer
     */
    R unanswered(CheckUnanswered event);

    /**
     * Answers for a refresh token that was used twice.
     *
     * @param event what happened
     * @return the answer
     */
    R refreshTokenReused(RefreshTokenReused event);

    /**
     * Answers for a refresh that was answered once more.
     *
     * @param event what happened
     * @return the answer
     */
    R refreshReplayed(RefreshReplayed event);

    /**
     * Answers for a refresh that was refused.
     *
     * @param event what happened
     * @return the answer
     */
    R refreshDenied(RefreshDenied event);

    /**
     * Answers for the exchange of a session's secret.
     *
     * @param event what happened
     * @return the answer
     */
    R credentialRenewed(SessionCredentialRenewed event);

    /**
     * Answers for an episode of suspicious activity.
     *
     * @param event what happened
     * @return the answer
     */
    R suspicion(SuspicionRaised event);

    /**
     * Answers for what an identity provider said.
     *
     * @param event what happened
     * @return the answer
     */
    R upstreamSignal(UpstreamSignalReceived event);
}
