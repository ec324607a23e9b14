package dev.curfew.http;

import dev.curfew.crypto.SecretToken;
import dev.curfew.session.CredentialKind;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the one refresh token of a request, in its body or in the refresh cookie. Immutable. */
final class RefreshTokenSource {
    private final @Nullable RefreshCookie cookie;
    private final CrossSiteCheck crossSite;

    RefreshTokenSource(@Nullable RefreshCookie cookie, CrossSiteCheck crossSite) {
        this.cookie = cookie;
        this.crossSite = crossSite;
    }

    /**
     * A refresh token as it came, of any form. Immutable.
     *
     * @param text to be shown to nobody
     * @param isOfCookie whether a browser has sent it by itself, so that its successor goes there, too
     */
    record Found(String text, boolean isOfCookie) {
        /** No token must come to a log. */
        @Override
        public String toString() {
            return isOfCookie ? "cookie" : "body";
        }
    }

    /** Answers the token, or null if there is none. Two are refused: nobody could tell which one is to be exchanged. */
    @Nullable
    Found find(EndpointRequest request, @Nullable String bodyToken) throws Rejection {
        List<String> texts = cookies(request);
        if (bodyToken != null) {
            requireNone(texts);
            return new Found(bodyToken, false);
        }
        if (texts.isEmpty()) {
            return null;
        }
        crossSite.require(request);
        // What a sister domain has set and is no token is passed over; if it is one, trying both would end one of them.
        List<String> wellFormed = texts.stream()
                .filter(text -> SecretToken.parse(text).isPresent())
                .toList();
        if (wellFormed.size() > 1) {
            throw Rejection.of(ProblemType.CREDENTIALS_AMBIGUOUS);
        }
        return new Found(wellFormed.isEmpty() ? texts.get(0) : wellFormed.get(0), true);
    }

    /** The refresh tokens that came in cookies, right or not; no more than a browser has a reason to send. */
    List<SecretToken> tokensOfCookie(EndpointRequest request) {
        List<String> texts = cookie == null ? List.of() : request.cookies(cookie.name());
        return texts.stream()
                .map(SecretToken::parse)
                .flatMap(Optional::stream)
                .filter(token -> token.kind() == CredentialKind.REFRESH_TOKEN)
                .distinct()
                .limit(Credentials.MOST_COOKIES)
                .toList();
    }

    private static void requireNone(List<String> texts) throws Rejection {
        if (!texts.isEmpty()) {
            throw Rejection.of(ProblemType.CREDENTIALS_AMBIGUOUS);
        }
    }

    private List<String> cookies(EndpointRequest request) throws Rejection {
        return cookie == null ? List.of() : Credentials.cookies(request, cookie.name());
    }
}
