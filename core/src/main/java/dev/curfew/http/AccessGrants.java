package dev.curfew.http;

import dev.curfew.jose.JsonObject;
import dev.curfew.refresh.RefreshResult.Refreshed;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers a refresh that was good: with an access token of the host's, and the next refresh token. Thread-safe. */
final class AccessGrants {
    private final AccessTokenIssuer issuer;
    private final @Nullable RefreshCookie cookie;
    private final Answers answers;
    private final Clock clock;

    AccessGrants(AccessTokenIssuer issuer, @Nullable RefreshCookie cookie, Answers answers, Clock clock) {
        this.issuer = issuer;
        this.cookie = cookie;
        this.answers = answers;
        this.clock = clock;
    }

    /** The successor goes where its predecessor came from, also if it is answered once more. */
    EndpointResponse answer(EndpointRequest request, RefreshTokenSource.Found found, Refreshed refreshed) {
        IssuedAccessToken issued =
                issuer.issue(refreshed.session(), refreshed.scopes(), refreshed.senderKey(), refreshed.notAfter());
        RefreshCookie home = cookie;
        if (found.isOfCookie() && home != null) {
            HeaderField next = home.set(refreshed.refreshToken(), refreshed.session(), clock.instant());
            return answers.document(request, json -> access(json, issued), List.of(next));
        }
        return answers.document(
                request,
                json -> access(json, issued)
                        .with("refreshToken", refreshed.refreshToken().reveal()));
    }

    private static JsonObject access(JsonObject json, IssuedAccessToken issued) {
        return json.with("accessToken", issued.text())
                .with("expiresIn", issued.expiresIn().toSeconds());
    }
}
