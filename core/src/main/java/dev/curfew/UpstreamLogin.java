package dev.curfew;

import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.SubjectId;
import dev.curfew.token.SubjectIdentifier;
import dev.curfew.upstream.Link;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a verified ID token said of the login that begins a session of ours. Immutable.
 *
 * @param upstream whose login it is
 * @param subject the claim {@code sub}
 * @param sessionId the claim {@code sid}, if there is one
 * @param authenticatedAt the claim {@code auth_time}, if there is one; one behind {@code iat} counts as {@code iat}
 * @param issuedAt the claim {@code iat} of the ID token of this login, not of a later refresh: it stands for
 *     {@code auth_time} where there is none. Less than a day ago, which is how long an end at the provider is
 *     remembered
 */
public record UpstreamLogin(
        Upstream upstream,
        String subject,
        Optional<String> sessionId,
        Optional<Instant> authenticatedAt,
        Instant issuedAt) {
    /** Checks that nothing is missing. */
    public UpstreamLogin {
        Objects.requireNonNull(upstream, "upstream");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(sessionId, "sessionId");
        Objects.requireNonNull(authenticatedAt, "authenticatedAt");
        Objects.requireNonNull(issuedAt, "issuedAt");
    }

    /**
     * As it is kept and judged: its subject by the name that a message about it is given, and never later than its ID
     * token, which no logout that follows could reach.
     *
     * @throws LoginRefusedException if the host's resolver knows nobody of that name: no logout would find the session
     */
    Link.Login toLogin() {
        Set<SubjectId> known = upstream.subjects(new SubjectIdentifier.IssSub(upstream.issuer(), subject));
        if (known.isEmpty()) {
            throw new LoginRefusedException("subjects(...) of the upstream " + upstream.issuer()
                    + " knows nobody by the name of this login, so that no logout there could end its session: let it"
                    + " answer for its own subjects");
        }
        return new Link.Login(
                known.iterator().next(),
                sessionId.map(ForeignSessionId::new),
                authenticatedAt.filter(issuedAt::isAfter).orElse(issuedAt),
                issuedAt,
                upstream.skew());
    }

    /** Names nobody. */
    @Override
    public String toString() {
        return "UpstreamLogin[" + upstream + "]";
    }
}
