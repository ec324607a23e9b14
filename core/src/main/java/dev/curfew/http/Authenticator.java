package dev.curfew.http;

import dev.curfew.check.RevocationDecision;
import dev.curfew.check.TokenRevocationChecker;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.token.Authentic;
import dev.curfew.token.Caller;
import dev.curfew.token.InvalidTokenException;
import dev.curfew.token.TokenVerifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out who calls, in steps of which each needs the one before. Thread-safe. */
final class Authenticator {
    /** When to try again after an outage. */
    static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(Authenticator.class);
    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");

    private final TokenVerifier verifier;
    private final TokenRevocationChecker checker;
    private final CrossSiteCheck crossSite;
    private final CallLimits limits;
    private final @Nullable SessionCookie cookie;

    Authenticator(
            TokenVerifier verifier,
            TokenRevocationChecker checker,
            CrossSiteCheck crossSite,
            CallLimits limits,
            @Nullable SessionCookie cookie) {
        this.verifier = verifier;
        this.checker = checker;
        this.crossSite = crossSite;
        this.limits = limits;
        this.cookie = cookie;
    }

    Credentials credentials(EndpointRequest request, @Nullable String bodyToken) throws Rejection {
        return Credentials.of(request, cookie, bodyToken);
    }

    /** Answers the one session or token that the request speaks of, be it expired. No round trip. */
    Authentic authentic(EndpointRequest request, Credentials credentials) throws Rejection {
        if (credentials.isEmpty()) {
            throw limits.unauthenticated(request, ProblemType.TOKEN_MISSING);
        }
        if (credentials.areCookieOnly() && !SAFE_METHODS.contains(request.method())) {
            crossSite.require(request);
        }
        List<Authentic> tokens = new ArrayList<>();
        for (String text : credentials.explicit()) {
            tokens.add(verify(request, text));
        }
        if (!credentials.cookies().isEmpty()) {
            tokens.add(ofCookies(request, credentials.cookies()));
        }
        return only(tokens);
    }

    /**
     * Answers the token of the credential cookie. A sister domain can set another cookie of its name, and that must
     * lock nobody out: what is no token is passed over, and what has expired stands behind what has not.
     */
    private Authentic ofCookies(EndpointRequest request, List<String> texts) throws Rejection {
        List<Authentic> good = new ArrayList<>();
        for (String text : texts) {
            try {
                good.add(verifier.verifyForLogout(text));
            } catch (InvalidTokenException e) {
                LOG.debug("{}", e.getMessage());
            }
        }
        if (good.isEmpty()) {
            throw limits.unauthenticated(request, ProblemType.TOKEN_INVALID);
        }
        List<Authentic> usable = good.stream().filter(Caller.class::isInstance).toList();
        return only(usable.isEmpty() ? good : usable);
    }

    /** Answers one of them, preferably one within its times, if they are of one session. */
    private static Authentic only(List<Authentic> tokens) throws Rejection {
        Authentic first = tokens.get(0);
        if (!tokens.stream().allMatch(token -> isSame(token.facts(), first.facts()))) {
            throw Rejection.of(ProblemType.CREDENTIALS_AMBIGUOUS);
        }
        return tokens.stream().filter(Caller.class::isInstance).findFirst().orElse(first);
    }

    /** Answers who calls, with a credential within its times. No round trip. */
    Caller usable(EndpointRequest request) throws Rejection {
        if (authentic(request, credentials(request, null)) instanceof Caller caller) {
            return caller;
        }
        throw Rejection.of(ProblemType.TOKEN_EXPIRED);
    }

    /**
     * Refuses a token that is revoked, or that nobody can say anything about. One round trip, or none with an index.
     */
    void requireActive(Caller caller) throws Rejection {
        RevocationDecision decision = checker.check(caller);
        if (!decision.permits()) {
            throw decision.outcome() == RevocationDecision.Outcome.REVOKED
                    ? Rejection.of(ProblemType.TOKEN_INVALID)
                    : Rejection.retryAfter(ProblemType.UNAVAILABLE, RETRY_AFTER);
        }
    }

    private Authentic verify(EndpointRequest request, String text) throws Rejection {
        try {
            return verifier.verifyForLogout(text);
        } catch (InvalidTokenException e) {
            LOG.debug("{}", e.getMessage());
            throw limits.unauthenticated(request, ProblemType.TOKEN_INVALID);
        }
    }

    /** The same session of the same subject; where there is none, the same token. */
    private static boolean isSame(TokenFacts a, TokenFacts b) {
        return a.realmKey().equals(b.realmKey())
                && Objects.equals(a.subjectKey(), b.subjectKey())
                && Objects.equals(a.sessionKey(), b.sessionKey())
                && (a.sessionKey() != null || Objects.equals(a.tokenKey(), b.tokenKey()));
    }
}
