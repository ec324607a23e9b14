package dev.curfew.http;

import dev.curfew.RevocationOutcome;
import dev.curfew.SessionService;
import dev.curfew.crypto.SecretToken;
import dev.curfew.http.SenderCheck.Way;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.CredentialRefusal;
import dev.curfew.session.LookupKey;
import dev.curfew.session.Realm;
import dev.curfew.session.SenderKey;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.token.Caller;
import dev.curfew.token.SessionAuthentication;
import dev.curfew.token.SessionAuthentication.Authenticated;
import dev.curfew.token.SessionAuthentication.Refused;
import dev.curfew.token.SessionAuthentication.Unanswered;
import dev.curfew.token.SessionCaller;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads session tokens: whether one is authentic, only the store can tell, which also tells whether it is revoked.
 * Thread-safe.
 */
final class SessionTokenReader implements TokenReader {
    private final SessionService service;
    private final Function<EndpointRequest, Optional<Realm>> realms;
    private final CallLimits limits;
    private final boolean mayWait;

    SessionTokenReader(SessionService service, Function<EndpointRequest, Optional<Realm>> realms, CallLimits limits) {
        this(service, realms, limits, true);
    }

    private SessionTokenReader(
            SessionService service,
            Function<EndpointRequest, Optional<Realm>> realms,
            CallLimits limits,
            boolean mayWait) {
        this.service = service;
        this.realms = realms;
        this.limits = limits;
        this.mayWait = mayWait;
    }

    @Override
    public TokenReader withoutWaiting() {
        return new SessionTokenReader(service, realms, limits.withoutWaiting(), false);
    }

    static boolean isMeant(String text) {
        return text.startsWith(CredentialKind.SESSION_TOKEN.prefix());
    }

    /** One round trip; none for what is no token, or not known to be good from where bad ones came lately. */
    @Override
    public @Nullable Presented read(EndpointRequest request, String text, Purpose purpose) throws Rejection {
        SecretToken token = SecretToken.parse(text).orElse(null);
        Realm realm = realms.apply(request).orElse(null);
        if (token == null || realm == null) {
            return null;
        }
        LookupKey key = LookupKey.of("session-token", realm.name(), text);
        if (purpose == Purpose.USE) {
            limits.requireNoFlood(request, key);
        }
        SessionAuthentication answer = mayWait
                ? service.credentials().authenticate(realm, text)
                : service.credentials().tryAuthenticate(realm, text).orElseThrow(MustWaitException::new);
        if (answer instanceof Refused refused && isStrange(refused.why())) {
            throw limits.strange(request);
        }
        if (answer instanceof Authenticated) {
            limits.good(request, key);
        }
        return presented(new Named(realm, token.session(), text, service), answer, key);
    }

    /** Whether its bearer holds no secret of the session. */
    private static boolean isStrange(CredentialRefusal why) {
        return why == CredentialRefusal.MALFORMED || why == CredentialRefusal.INVALID;
    }

    private static Presented presented(Named token, SessionAuthentication answer, LookupKey key) {
        if (answer instanceof Authenticated authenticated) {
            return new Live(authenticated.caller(), token.service());
        }
        if (answer instanceof Unanswered unanswered) {
            SessionCaller permitted = unanswered.permitted().orElse(null);
            return permitted == null ? new Unknown(token, key) : new Live(permitted, token.service());
        }
        Refused refused = (Refused) answer;
        return new Spent(token, refused.why(), refused.reason().orElse(null), refused.senderKey());
    }

    /** A token with what ends its session without a caller. */
    private record Named(Realm realm, SessionId session, String text, SessionService service) {
        SessionRef ref() {
            return SessionRef.of(realm, session);
        }

        /** Nothing if it ends nothing. Two round trips. */
        Optional<RevocationOutcome.Revoked> end() {
            return service.credentials().revokeByToken(realm, text, null).recorded();
        }

        /** Whether it has ended just now: of a session that was over, the cookie may be a new login's by now. */
        boolean endsNow() {
            return end().filter(RevocationOutcome.Revoked::changed).isPresent();
        }

        /** No token must come to a log. */
        @Override
        public String toString() {
            return "session token of " + session;
        }
    }

    /** Whose bearer may call. */
    private record Live(SessionCaller caller, SessionService service) implements Presented {
        @Override
        public CredentialOwner owner() {
            return CredentialOwner.ofSessionToken(caller.currentSession().ref(), null);
        }

        @Override
        public boolean isUsable() {
            return true;
        }

        @Override
        public void requireActive() {
            // Authentication has found out.
        }

        @Override
        public Ending end() {
            return Ending.of(caller, service.logout(caller), false);
        }
    }

    /** Of whose session nobody could say anything in time. */
    private record Unknown(Named token, LookupKey key) implements Presented {
        @Override
        public CredentialOwner owner() {
            return CredentialOwner.ofSessionToken(token.ref(), key);
        }

        @Override
        public boolean isUsable() {
            return false;
        }

        @Override
        public boolean isAnswered() {
            return false;
        }

        @Override
        public Caller caller() throws Rejection {
            throw Rejection.unavailable();
        }

        @Override
        public void requireActive() throws Rejection {
            throw Rejection.unavailable();
        }

        @Override
        public Ending end() {
            return token.endsNow() ? Ending.ENDED : Ending.REFUSED;
        }
    }

    /** Exchanged for another one, or of a session that is over. */
    private record Spent(
            Named token, CredentialRefusal why, @Nullable RevocationReason reason, Optional<SenderKey> senderKey)
            implements Presented {
        @Override
        public CredentialOwner owner() {
            return CredentialOwner.ofSessionToken(token.ref(), null);
        }

        @Override
        public boolean isUsable() {
            return false;
        }

        @Override
        public boolean isOfSender(EndpointRequest request, Way way) {
            return SenderCheck.permits(senderKey, request, way);
        }

        @Override
        public Caller caller() throws Rejection {
            if (isExpired()) {
                throw Rejection.of(ProblemType.TOKEN_EXPIRED).because(RefusalReason.of(RevocationReason.EXPIRED));
            }
            throw why == CredentialRefusal.SUPERSEDED
                    ? Rejection.of(ProblemType.TOKEN_INVALID).because(RefusalReason.SUPERSEDED)
                    : Rejection.revoked(reason);
        }

        @Override
        public void requireActive() throws Rejection {
            caller();
        }

        @Override
        public Ending end() {
            if (why == CredentialRefusal.REVOKED) {
                // Of a session that another one has replaced, a late logout would take the new one's cookie.
                return reason == RevocationReason.REPLACED ? Ending.REFUSED : Ending.WAS_OVER;
            }
            if (isExpired()) {
                return token.end().isPresent() ? Ending.ENDED_EXPIRED : Ending.REFUSED;
            }
            return token.endsNow() ? Ending.ENDED : Ending.REFUSED;
        }

        private boolean isExpired() {
            return why == CredentialRefusal.IDLE || why == CredentialRefusal.ABSOLUTE;
        }
    }
}
