package dev.curfew;

import dev.curfew.CredentialHolder.Worth;
import dev.curfew.check.TokenRevocationChecker;
import dev.curfew.credential.Refreshes;
import dev.curfew.credential.Renewals;
import dev.curfew.credential.SessionTokens;
import dev.curfew.credential.TokenHolders;
import dev.curfew.meter.Meter;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.refresh.RefreshRequest;
import dev.curfew.refresh.RefreshResult;
import dev.curfew.refresh.RetryRule;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.ClientId;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SessionRef;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.Caller;
import dev.curfew.token.RenewResult;
import dev.curfew.token.SessionAuthentication;
import dev.curfew.token.SessionRenewal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What sessions of ours are proven by: session tokens and refresh tokens. Thread-safe; to be had from
 * {@link SessionService#credentials()}.
 *
 * <p>A login hands one out, see {@link LoginAttempt#withSessionToken} and {@link LoginAttempt#withRefreshToken}. Only
 * hashes are stored. Who knows the public id of a session and no secret of it learns nothing here: an unknown, a
 * foreign, an ended and a live session are refused alike.
 */
public final class SessionCredentials {
    private final SessionTokens tokens;
    private final Renewals renewals;
    private final @Nullable Refreshes refreshes;
    private final TokenHolders holders;
    private final TokenRevocationChecker checker;
    private final LoginRules rules;
    private final SealedStepUps sealedStepUps;
    private final Revocations revocations;
    private final Clock clock;

    SessionCredentials(
            SessionTokens tokens,
            Renewals renewals,
            @Nullable Refreshes refreshes,
            TokenHolders holders,
            TokenRevocationChecker checker,
            LoginRules rules,
            SealedStepUps sealedStepUps,
            Revocations revocations,
            Clock clock) {
        this.tokens = tokens;
        this.renewals = renewals;
        this.refreshes = refreshes;
        this.holders = holders;
        this.checker = checker;
        this.rules = rules;
        this.sealedStepUps = sealedStepUps;
        this.revocations = revocations;
        this.clock = clock;
    }

    /**
     * Tells whose session token this is, and whether it may be used. No round trip if this node has seen the session
     * within ten minutes and nothing has changed its secret since, else one, which all share who ask for that session
     * meanwhile. None for a text that is no session token, or of a session that is older than any may be. Never throws
     * for an outage.
     *
     * <p>It is never older than the replica's staleness, and never older than what this node itself has recorded or
     * exchanged: neither what has revoked the session nor what has exchanged its secret. The session is answered as it
     * stood when it was read last, with the secret that was presented.
     *
     * <p>Of a token that is bound to a key ({@link LoginAttempt#withSessionToken(dev.curfew.session.SenderKey)}) ask
     * {@link Caller#isUsableWith}, too; the endpoints do.
     *
     * @param realm in which the token is looked up; a token of another one is unknown
     * @param token as it came, of any form
     * @return the caller, or why there is none
     */
    public SessionAuthentication authenticate(Realm realm, String token) {
        return tokens.authenticate(realm, token);
    }

    /**
     * The same without waiting, for event loops: what this node cannot say by itself is {@code Unanswered}. Who can
     * ask on a worker then calls {@link #tryAuthenticate}.
     *
     * @param realm in which the token is looked up; a token of another one is unknown
     * @param token as it came, of any form
     * @return the caller, or why there is none
     * @throws IllegalStateException if checks are authoritative, or {@link SessionServiceBuilder#sessionCache} is 0
     */
    public SessionAuthentication authenticateNow(Realm realm, String token) {
        return tokens.authenticateNow(realm, token);
    }

    /**
     * The same if this node can say it by itself, for event loops that ask a worker for the rest by
     * {@link #authenticate}. No I/O.
     *
     * @param realm in which the token is looked up; a token of another one is unknown
     * @param token as it came, of any form
     * @return the caller, or why there is none; nothing if the store has to be asked, as it always has to be if checks
     *     are authoritative, or {@link SessionServiceBuilder#sessionCache} is 0
     */
    public Optional<SessionAuthentication> tryAuthenticate(Realm realm, String token) {
        return tokens.tryAuthenticate(realm, token);
    }

    /**
     * The same by what the store knows after this call began, for what must not be done with a token that was exchanged
     * or revoked elsewhere a moment ago. One read of the row, and one of the feed, each shared with all who ask
     * meanwhile; authoritative, one of the row. Never throws for an outage.
     *
     * @param realm in which the token is looked up; a token of another one is unknown
     * @param token as it came, of any form
     * @return the caller, or why there is none; unanswered without a permission, whatever the outage policy is
     */
    public SessionAuthentication authenticateFresh(Realm realm, String token) {
        return tokens.authenticateFresh(realm, token);
    }

    /**
     * Exchanges a refresh token for its successor. Two round trips, three if it ends the session; none for a text that
     * is no token.
     *
     * @param request what the client asks for
     * @return the successor, or why there is none
     * @throws IllegalStateException if the service has no {@link SessionServiceBuilder#refreshTokens}
     * @throws StoreUnavailableException if the store does not answer; the exchange may have happened, and a client with
     *     an attempt key repeats it
     * @throws dev.curfew.session.CurfewException if this node cannot read the session of a right token, for want of a
     *     key, say, or a revocation that may cover it
     */
    public RefreshResult refresh(RefreshRequest request) {
        if (refreshes == null) {
            throw new IllegalStateException("refresh(...) needs SessionServiceBuilder.refreshTokens(...)");
        }
        return refreshes.refresh(request);
    }

    /**
     * Exchanges the secret of a session when what it may do changes: at a change of privileges, of a role, say, or
     * after a step-up. What was presented opens nothing any more, so that a secret that somebody else knows gains
     * nothing. The public id and the absolute end stay. Two round trips; none for a text that is no token.
     *
     * <p>A request that is under way with the old secret is refused as superseded, which ends nothing: it is repeated
     * with the new one.
     *
     * @param realm in which the token is looked up
     * @param token the current session token or refresh token, as it came
     * @param renewal what changes
     * @return the new token, or why there is none
     * @throws IllegalStateException if the renewal has an attempt key and the store is outside of the process without
     *     {@link SessionServiceBuilder#encryption}
     * @throws IllegalArgumentException if attributes are no well-formed Unicode, too many or too long
     * @throws StoreUnavailableException if the store does not answer; the exchange may have happened
     * @throws dev.curfew.session.CurfewException if this node cannot read the session of a right token, or a revocation
     *     that may cover it
     */
    public RenewResult renew(Realm realm, String token, SessionRenewal renewal) {
        if (renewal.attempt().isPresent()) {
            rules.requireStorable(RetryRule.sameAttempt());
        }
        return renewals.renew(realm, token, renewal);
    }

    /**
     * Begins a step-up: the caller is about to prove more of who they are, and this fixes the instant before that proof
     * is checked. No round trip.
     *
     * @param caller of the request
     * @return the step-up, to be completed once the proof was found to be right
     * @throws IllegalArgumentException if the caller has no session
     */
    public StepUp beginStepUp(Caller caller) {
        return new StepUp(this, sessionOf(caller), clock.instant());
    }

    /**
     * Takes up a step-up that comes back from a redirect. No round trip.
     *
     * @param caller of the request that brings it back
     * @param sealed what {@link StepUp#seal} wrote, or any other text
     * @return the step-up, to be completed once the proof was found to be right; or why there is none
     * @throws IllegalArgumentException if the caller has no session
     */
    public StepUpResult resumeStepUp(Caller caller, String sealed) {
        return sealedStepUps.open(sealed, sessionOf(caller), this, clock.instant());
    }

    String seal(SessionRef session, Instant begun) {
        return sealedStepUps.seal(session, begun);
    }

    private static SessionRef sessionOf(Caller caller) {
        return caller.session().orElseThrow(() -> new IllegalArgumentException("the caller has no session"));
    }

    /** {@return how refresh tokens are exchanged, or nothing if the service hands out none} */
    public Optional<RefreshPolicy> refreshPolicy() {
        return Optional.ofNullable(refreshes).map(Refreshes::policy);
    }

    List<Meter> meters() {
        List<Meter> meters = new ArrayList<>(tokens.meters());
        if (refreshes != null) {
            meters.addAll(refreshes.meters());
        }
        return meters;
    }

    /**
     * Ends the session of a credential, also with one that was exchanged since or whose time is over: for logout with
     * nothing else at hand, and for token revocation by RFC 7009. Two round trips, one if it had ended before.
     *
     * @param realm in which the token is looked up
     * @param token as it came, of any form
     * @param client that presents it; a session that has a client is that one's only; null if the host does not tell
     *     clients apart
     * @return revoked, or not owned: for an unknown token, a wrong secret and another client alike
     * @throws StoreUnavailableException if the store does not answer; repeating the call is safe
     */
    public RevocationOutcome revokeByToken(Realm realm, String token, @Nullable ClientId client) {
        return findHolder(realm, token)
                .filter(holder -> client == null || holder.mayBeOf(client))
                .map(this::revoke)
                .orElseGet(RevocationOutcome.NotOwned::new);
    }

    /**
     * Whose credential a text is, also one that was exchanged since or whose session is over: for token revocation and
     * introspection (RFC 7009, RFC 7662). One round trip; none for what is no token. Who holds no secret of the session
     * is answered as for an unknown one.
     *
     * @param realm in which the token is looked up
     * @param token as it came, of any form
     * @return the holder, who may be of another client than who asks; see {@link CredentialHolder#mayBeOf}
     * @throws StoreUnavailableException if the store does not answer
     * @throws dev.curfew.session.CurfewException if this node cannot read the session of a right token
     */
    public Optional<CredentialHolder> findHolder(Realm realm, String token) {
        return holders.find(realm, token, clock.instant()).map(CredentialHolder::new);
    }

    /**
     * Ends the session of a credential, as {@link #revokeByToken} does. One round trip; none if it had ended before.
     *
     * @param holder found a moment ago
     * @return revoked
     * @throws StoreUnavailableException if the store does not answer; repeating the call is safe
     */
    public RevocationOutcome revoke(CredentialHolder holder) {
        if (holder.holder().isRevoked()) {
            return new RevocationOutcome.Revoked(RevocationTarget.Kind.SESSION, OptionalLong.of(0), false);
        }
        Session session = holder.session();
        return revocations.revoke(
                session.subject(), session.handle(), RevocationCause.byUser(RevocationReason.USER_LOGOUT));
    }

    /**
     * Tells what a credential is worth, by what the store has said of it and what this node knows besides. No round
     * trip, unless the replica is too old.
     *
     * @param holder found a moment ago
     * @return never ACTIVE by an outage policy alone
     */
    public CredentialHolder.Worth worthOf(CredentialHolder holder) {
        TokenHolders.Holder held = holder.holder();
        if (held.endedByTime().isPresent()) {
            return Worth.OVER;
        }
        return switch (checker.check(held.caller(), held.coveredBy()).outcome()) {
            case REVOKED -> Worth.OVER;
            case UNKNOWN -> Worth.UNANSWERED;
            case ACTIVE -> held.isCurrent() ? Worth.ACTIVE : Worth.SUPERSEDED;
        };
    }
}
