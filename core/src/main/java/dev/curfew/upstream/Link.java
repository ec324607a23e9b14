package dev.curfew.upstream;

import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * That a session of ours began from a login at an upstream. Immutable.
 *
 * @param local whose session of ours it is
 * @param session that session
 * @param login what its login was at the upstream
 */
public record Link(SubjectId local, SessionId session, Login login) {
    /**
     * A login at an upstream, as its ID token tells.
     *
     * @param subject as the upstream names them, in its realm
     * @param sessionId the upstream's {@code sid}, if it has any
     * @param authenticatedAt when the person logged in
     * @param issuedAt when the ID token was made
     * @param skew how far the upstream's clock may be ahead of itself, from one of its nodes to the next
     */
    public record Login(
            SubjectId subject,
            Optional<ForeignSessionId> sessionId,
            Instant authenticatedAt,
            Instant issuedAt,
            Duration skew) {
        /** What the rule judges. */
        public TokenFacts facts() {
            TokenFacts.Builder facts = TokenFacts.in(realm())
                    .subject(subject)
                    .authenticatedAt(authenticatedAt)
                    .issuedAt(issuedAt)
                    .skew(skew);
            sessionId.ifPresent(facts::session);
            return facts.build();
        }

        public Realm realm() {
            return subject.realm();
        }
    }

    /** Where our session is. */
    public SessionRef ref() {
        return SessionRef.of(local, session);
    }

    /** Names nobody. */
    @Override
    public String toString() {
        return "Link[" + ref() + "]";
    }
}
