package dev.curfew.http;

import dev.curfew.http.SenderCheck.Way;
import dev.curfew.http.TokenReader.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out who calls, in steps of which each needs the one before. Thread-safe. */
final class Authenticator {
    private static final Logger LOG = LoggerFactory.getLogger(Authenticator.class);
    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");

    private final TokenReader tokens;
    private final CrossSiteCheck crossSite;
    private final CallLimits limits;
    private final @Nullable SessionCookie cookie;
    private final boolean readsDpop;

    Authenticator(
            TokenReader tokens,
            CrossSiteCheck crossSite,
            CallLimits limits,
            @Nullable SessionCookie cookie,
            boolean readsDpop) {
        this.tokens = tokens;
        this.crossSite = crossSite;
        this.limits = limits;
        this.cookie = cookie;
        this.readsDpop = readsDpop;
    }

    /** The same for event loops: throws {@link MustWaitException} where this one would wait. */
    Authenticator withoutWaiting() {
        return new Authenticator(tokens.withoutWaiting(), crossSite, limits.withoutWaiting(), cookie, readsDpop);
    }

    Credentials credentials(EndpointRequest request, @Nullable String bodyToken) throws Rejection {
        return Credentials.of(request, cookie, bodyToken, readsDpop);
    }

    /**
     * Answers the one session or token that the request speaks of, be its time over. One round trip for each session
     * token, none for an access token.
     */
    Presented authentic(EndpointRequest request, Credentials credentials, Purpose purpose) throws Rejection {
        if (credentials.isEmpty()) {
            throw limits.unauthenticated(request, ProblemType.TOKEN_MISSING);
        }
        if (credentials.areCookieOnly() && !SAFE_METHODS.contains(request.method())) {
            crossSite.require(request);
        }
        List<Presented> found = new ArrayList<>();
        for (String text : credentials.explicit()) {
            found.add(explicit(request, text, credentials.isDpop() ? Way.DPOP : Way.BEARER, purpose));
        }
        if (!credentials.cookies().isEmpty()) {
            found.add(ofCookies(request, credentials.cookies(), purpose));
        }
        return only(found);
    }

    /** Answers a credential within its times, whose caller may still be revoked. */
    Presented usable(EndpointRequest request) throws Rejection {
        Presented presented = authentic(request, credentials(request, null), Purpose.USE);
        presented.caller();
        return presented;
    }

    private Presented explicit(EndpointRequest request, String text, Way way, Purpose purpose) throws Rejection {
        Presented presented = read(request, text, way, purpose);
        if (presented == null) {
            throw limits.unauthenticated(request, ProblemType.TOKEN_INVALID);
        }
        return presented;
    }

    /**
     * Reads a credential; without the proof that it is bound to, it is worth what any other text is, also once it is
     * over: nobody else learns why. A logout needs no such proof: whoever has lost the key must be able to log out, and
     * a thief gains nothing by it.
     */
    private @Nullable Presented read(EndpointRequest request, String text, Way way, Purpose purpose) throws Rejection {
        Presented presented = tokens.read(request, text, purpose);
        if (presented == null || purpose == Purpose.LOGOUT || presented.isOfSender(request, way)) {
            return presented;
        }
        LOG.debug("a credential did not come from whom it is bound to");
        return null;
    }

    /**
     * Answers the token of the credential cookie. A sister domain can set another cookie of its name, and that must
     * lock nobody out: what is no token is passed over, and what has expired stands behind what has not.
     */
    private Presented ofCookies(EndpointRequest request, List<String> texts, Purpose purpose) throws Rejection {
        List<Presented> good = new ArrayList<>();
        Rejection refusal = null;
        for (String text : texts) {
            try {
                Presented presented = read(request, text, Way.COOKIE, purpose);
                if (presented != null) {
                    good.add(presented);
                }
            } catch (Rejection rejection) {
                refusal = rejection;
            }
        }
        if (good.isEmpty()) {
            throw refusal != null ? refusal : limits.unauthenticated(request, ProblemType.TOKEN_INVALID);
        }
        List<Presented> usable = good.stream().filter(Presented::isUsable).toList();
        // What nobody can judge now may be the better one.
        return only(usable.isEmpty() || !areAnswered(good) ? good : usable);
    }

    private static boolean areAnswered(List<Presented> found) {
        return found.stream().allMatch(Presented::isAnswered);
    }

    /** Answers one of them, preferably one within its times, if they are of one session. */
    private static Presented only(List<Presented> found) throws Rejection {
        Presented first = found.get(0);
        if (found.size() == 1) {
            return first;
        }
        if (!found.stream().allMatch(other -> other.owner().isSame(first.owner()))) {
            throw areAnswered(found) ? Rejection.of(ProblemType.CREDENTIALS_AMBIGUOUS) : Rejection.unavailable();
        }
        return found.stream().filter(Presented::isUsable).findFirst().orElse(first);
    }
}
