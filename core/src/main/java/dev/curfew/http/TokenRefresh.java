package dev.curfew.http;

import dev.curfew.RevocationOutcome;
import dev.curfew.SessionCredentials;
import dev.curfew.crypto.SecretToken;
import dev.curfew.refresh.RefreshResult;
import dev.curfew.refresh.RefreshResult.Conflict;
import dev.curfew.refresh.RefreshResult.Refreshed;
import dev.curfew.refresh.RefreshResult.Refused;
import dev.curfew.refresh.RefreshResult.Reused;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.LookupKey;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionRef;
import dev.curfew.token.Caller;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges the refresh token of a request. Thread-safe.
 *
 * <p>No refusal touches a cookie: a refresh that comes too late would wipe the one that a quicker refresh, or a new
 * login, has just set.
 */
final class TokenRefresh {
    private final SessionCredentials credentials;
    private final RefreshTokenSource source;
    private final RefreshRequests requests;
    private final RequestBody body;
    private final CallLimits limits;
    private final AccessGrants grants;

    TokenRefresh(
            SessionCredentials credentials,
            RefreshTokenSource source,
            RefreshRequests requests,
            RequestBody body,
            CallLimits limits,
            AccessGrants grants) {
        this.credentials = credentials;
        this.source = source;
        this.requests = requests;
        this.body = body;
        this.limits = limits;
        this.grants = grants;
    }

    /** Two round trips, three if it ends the session; none for what is no token. */
    EndpointResponse refresh(EndpointRequest request) throws Rejection {
        Map<String, @Nullable Object> members = body.object(request);
        RefreshTokenSource.Found found = source.find(request, RequestBody.text(members, "refreshToken"));
        if (found == null) {
            throw limits.unauthenticated(request, ProblemType.TOKEN_MISSING);
        }
        Realm realm = requests.realm(request);
        if (realm == null) {
            throw limits.unauthenticated(request, ProblemType.TOKEN_INVALID);
        }
        RefreshResult result = exchange(request, realm, found, RequestBody.text(members, "scope"));
        if (result instanceof Refreshed refreshed) {
            limits.good(request, key(realm, refreshed.refreshToken().reveal()));
            return grants.answer(request, found, refreshed);
        }
        throw refusal(request, result);
    }

    private RefreshResult exchange(
            EndpointRequest request, Realm realm, RefreshTokenSource.Found found, @Nullable String scope)
            throws Rejection {
        // Nobody asks a store for what is no token.
        if (SecretToken.parse(found.text()).isPresent()) {
            limits.requireNoFlood(request, key(realm, found.text()));
        }
        return credentials.refresh(requests.of(request, realm, found.text(), scope));
    }

    private static LookupKey key(Realm realm, String token) {
        return LookupKey.of("refresh-token", realm.name(), token);
    }

    private Rejection refusal(EndpointRequest request, RefreshResult result) {
        if (result instanceof Conflict conflict) {
            return Rejection.retryAfter(ProblemType.REFRESH_CONFLICT, conflict.retryAfter());
        }
        if (result instanceof Reused reused) {
            // An older token may have been made up by who knows one of its family.
            return reused.generationsBehind() == 1
                    ? Rejection.revoked(RevocationReason.TOKEN_REUSE)
                    : limits.strange(request);
        }
        return refusal(request, (Refused) result);
    }

    /** Nobody learns by a quota either what was wrong with a token that is told nothing. */
    private Rejection refusal(EndpointRequest request, Refused refused) {
        return switch (refused.why()) {
            case MALFORMED -> limits.unauthenticated(request, ProblemType.TOKEN_INVALID);
            case INVALID, WRONG_CLIENT, WRONG_SENDER -> limits.strange(request);
            case ATTEMPT_REPEATED -> Rejection.of(ProblemType.ATTEMPT_REPEATED);
            case WRONG_SCOPE -> Rejection.of(ProblemType.SCOPE_NOT_GRANTED);
            case SUPERSEDED -> Rejection.of(ProblemType.TOKEN_INVALID).because(RefusalReason.SUPERSEDED);
            case IDLE, ABSOLUTE -> Rejection.revoked(RevocationReason.EXPIRED);
            case REVOKED -> Rejection.revoked(refused.reason().orElse(null));
        };
    }

    /** Whether the refresh cookie is known to be of another session than this one, whose end must leave it. */
    boolean isCookieOfOther(EndpointRequest request, CredentialOwner ended) {
        Realm realm = requests.realm(request);
        List<SecretToken> tokens = source.tokensOfCookie(request);
        return realm != null
                && !tokens.isEmpty()
                && tokens.stream().allMatch(token -> ended.isOtherThan(SessionRef.of(realm, token.session())));
    }

    /**
     * Ends the sessions of refresh cookies by their own secrets, but for one that has ended already. What is no secret
     * ends nothing, and refuses nothing: anybody may have set it. Two round trips for each.
     */
    void endOfCookies(EndpointRequest request, CredentialOwner ended) {
        Realm realm = requests.realm(request);
        if (realm == null) {
            return;
        }
        for (SecretToken token : source.tokensOfCookie(request)) {
            if (!SessionRef.of(realm, token.session()).equals(ended.session())) {
                credentials.revokeByToken(realm, token.reveal(), null);
            }
        }
    }

    /** Answers the holder of the refresh cookie, for a logout with nothing else; null if there is none. */
    @Nullable
    Presented ofCookie(EndpointRequest request) throws Rejection {
        RefreshTokenSource.Found found = source.find(request, null);
        if (found == null) {
            return null;
        }
        Realm realm = requests.realm(request);
        SecretToken token = SecretToken.parse(found.text()).orElse(null);
        if (realm == null || token == null) {
            throw limits.unauthenticated(request, ProblemType.TOKEN_INVALID);
        }
        return new Holder(
                SessionRef.of(realm, token.session()), found.text(), credentials, () -> limits.strange(request));
    }

    /** Who may end a session with its refresh token, be that exchanged since, and may do nothing else. */
    private record Holder(SessionRef session, String token, SessionCredentials credentials, Supplier<Rejection> strange)
            implements Presented {
        @Override
        public CredentialOwner owner() {
            return CredentialOwner.ofSessionToken(session, key(session.realm(), token));
        }

        @Override
        public boolean isUsable() {
            return false;
        }

        @Override
        public Caller caller() throws Rejection {
            throw Rejection.of(ProblemType.TOKEN_INVALID);
        }

        @Override
        public void requireActive() throws Rejection {
            caller();
        }

        /** Of a session that was over before, the cookie may be that of a new login by now. Two round trips. */
        @Override
        public Ending end() throws Rejection {
            RevocationOutcome outcome = credentials.revokeByToken(session.realm(), token, null);
            if (outcome.recorded().isEmpty()) {
                throw strange.get();
            }
            return outcome.recorded().get().changed() ? Ending.ENDED : Ending.REFUSED;
        }

        /** No token must come to a log. */
        @Override
        public String toString() {
            return "refresh token of " + session;
        }
    }
}
