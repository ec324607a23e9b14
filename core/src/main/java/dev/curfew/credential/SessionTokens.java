package dev.curfew.credential;

import dev.curfew.atrest.ProvenSession;
import dev.curfew.check.RevocationDecision;
import dev.curfew.check.TokenRevocationChecker;
import dev.curfew.credential.HeldCredential.Standing;
import dev.curfew.crypto.SecretToken;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.CredentialRefusal;
import dev.curfew.session.CurfewException;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.token.SessionAuthentication;
import dev.curfew.token.SessionAuthentication.Authenticated;
import dev.curfew.token.SessionAuthentication.Refused;
import dev.curfew.token.SessionAuthentication.Unanswered;
import dev.curfew.token.SessionCaller;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Tells whose session token was presented, and whether it may be used. Thread-safe. */
public final class SessionTokens {
    private static final int MOST_IN_FLIGHT = 64;
    private static final long PATIENCE_MILLIS = 2_000;

    private final CredentialReader reader;
    private final TokenRevocationChecker checker;
    private final Clock clock;
    private final Semaphore places = new Semaphore(MOST_IN_FLIGHT);

    public SessionTokens(CredentialReader reader, TokenRevocationChecker checker, Clock clock) {
        this.reader = reader;
        this.checker = checker;
        this.clock = clock;
    }

    /** One round trip; none for what is no token or too old. Never throws for an outage. */
    public SessionAuthentication authenticate(Realm realm, String text) {
        SecretToken token = SecretToken.parse(text).orElse(null);
        return token == null ? Refused.because(CredentialRefusal.MALFORMED) : inTurn(realm, token);
    }

    /** A flood must not take all connections to the store. */
    private SessionAuthentication inTurn(Realm realm, SecretToken token) {
        try {
            if (!places.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                return new Unanswered(Optional.empty());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Unanswered(Optional.empty());
        }
        try {
            return find(realm, token);
        } finally {
            places.release();
        }
    }

    private SessionAuthentication find(Realm realm, SecretToken token) {
        Instant now = clock.instant();
        try {
            return reader.find(realm, token, now)
                    .map(held -> judge(realm, token, held, now))
                    .orElseGet(() -> Refused.because(CredentialRefusal.INVALID));
        } catch (CurfewException e) {
            // The store does not answer, or this node cannot read what it answers: reported where that was found.
            return new Unanswered(Optional.empty());
        }
    }

    private SessionAuthentication judge(Realm realm, SecretToken token, HeldCredential held, Instant now) {
        Standing standing = held.standing(token);
        if (token.kind() != CredentialKind.SESSION_TOKEN
                || standing == Standing.STRANGE
                || standing == Standing.OLDER) {
            return Refused.because(CredentialRefusal.INVALID);
        }
        if (standing == Standing.PREVIOUS) {
            return Refused.because(CredentialRefusal.SUPERSEDED);
        }
        return judge(reader.session(realm, held), held, now);
    }

    private SessionAuthentication judge(Session session, HeldCredential held, Instant now) {
        Optional<CredentialRefusal> endedByTime = held.endedByTime(now);
        if (endedByTime.isPresent()) {
            return Refused.because(endedByTime.get());
        }
        SessionCaller caller = new SessionCaller(ProvenSession.of(session, held.row()));
        RevocationDecision decision = checker.check(caller, held.found().coveredBy());
        return switch (decision.outcome()) {
            case ACTIVE -> new Authenticated(caller);
            case REVOKED -> new Refused(CredentialRefusal.REVOKED, decision.reason());
            case UNKNOWN -> new Unanswered(decision.permits() ? Optional.of(caller) : Optional.empty());
        };
    }
}
