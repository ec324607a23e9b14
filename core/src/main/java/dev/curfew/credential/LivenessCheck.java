package dev.curfew.credential;

import dev.curfew.atrest.ProvenSession;
import dev.curfew.check.RevocationDecision;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.check.TokenRevocationChecker;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.CredentialRefusal;
import dev.curfew.session.Session;
import dev.curfew.store.FoundSession;
import dev.curfew.token.SessionCaller;
import java.time.Instant;
import java.util.Optional;

/**
 * Tells whether the session of a secret is over, by what the store has answered and what this node knows beside it.
 * Thread-safe.
 */
public final class LivenessCheck {
    private final TokenRevocationChecker checker;

    public LivenessCheck(TokenRevocationChecker checker) {
        this.checker = checker;
    }

    /** How a session has ended; the reason is that of a revocation. */
    record Ended(CredentialRefusal why, Optional<RevocationReason> reason) {}

    /** How it has ended, if it has. Where nobody can say, the exchange decides, which asks the store once more. */
    Optional<Ended> ended(Session session, HeldCredential held, Instant now) {
        Optional<CredentialRefusal> byTime = held.endedByTime(now);
        if (byTime.isPresent()) {
            return byTime.map(why -> new Ended(why, Optional.empty()));
        }
        RevocationDecision decision = decide(session, held);
        return decision.outcome() == Outcome.REVOKED
                ? Optional.of(new Ended(CredentialRefusal.REVOKED, decision.reason()))
                : Optional.empty();
    }

    private RevocationDecision decide(Session session, HeldCredential held) {
        return checker.check(
                new SessionCaller(ProvenSession.of(session, held.row())),
                held.found().coveredBy());
    }

    /** How it has ended, where a step found no live session. */
    static Ended why(Optional<FoundSession> found, Instant now) {
        return found.map(row -> HeldCredential.endedByTime(row, now)
                        .map(why -> new Ended(why, Optional.empty()))
                        .orElseGet(() -> new Ended(
                                CredentialRefusal.REVOKED, row.endedBy().map(Revocation::reason))))
                .orElseGet(() -> new Ended(CredentialRefusal.INVALID, Optional.empty()));
    }
}
