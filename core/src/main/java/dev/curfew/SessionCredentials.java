package dev.curfew;

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
    private final LoginRules rules;
    private final Revocations revocations;
    private final Clock clock;

    SessionCredentials(
            SessionTokens tokens,
            Renewals renewals,
            @Nullable Refreshes refreshes,
            TokenHolders holders,
            LoginRules rules,
            Revocations revocations,
            Clock clock) {
        this.tokens = tokens;
        this.renewals = renewals;
        this.refreshes = refreshes;
        this.holders = holders;
        this.rules = rules;
        this.revocations = revocations;
        this.clock = clock;
    }

    /**
     * Tells whose session token this is, and whether it may be used. One round trip; none for a text that is no token,
     * or of a session that is older than any may be. Never throws for an outage.
     *
     * @param realm in which the token is looked up; a token of another one is unknown
     * @param token as it came, of any form
     * @return the caller, or why there is none
     */
    public SessionAuthentication authenticate(Realm realm, String token) {
        return tokens.authenticate(realm, token);
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
        SessionRef session =
                caller.session().orElseThrow(() -> new IllegalArgumentException("the caller has no session"));
        return new StepUp(this, session, clock.instant());
    }

    /** {@return how refresh tokens are exchanged, or nothing if the service hands out none} */
    public Optional<RefreshPolicy> refreshPolicy() {
        return Optional.ofNullable(refreshes).map(Refreshes::policy);
    }

    List<Meter> meters() {
        return refreshes == null ? List.of() : refreshes.meters();
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
        Optional<TokenHolders.Holder> holder = holders.find(realm, token, client, clock.instant());
        if (holder.isEmpty()) {
            return new RevocationOutcome.NotOwned();
        }
        if (holder.get().isRevoked()) {
            return new RevocationOutcome.Revoked(RevocationTarget.Kind.SESSION, OptionalLong.of(0), false);
        }
        Session session = holder.get().session();
        return revocations.revoke(
                session.subject(), session.handle(), RevocationCause.byUser(RevocationReason.USER_LOGOUT));
    }
}
