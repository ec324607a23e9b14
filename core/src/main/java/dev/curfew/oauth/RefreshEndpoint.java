package dev.curfew.oauth;

import dev.curfew.SessionService;
import dev.curfew.client.ClientAuthenticator;
import dev.curfew.credential.RefreshWishes;
import dev.curfew.endpoint.Callers;
import dev.curfew.endpoint.EndpointAnswers;
import dev.curfew.endpoint.EndpointFailures;
import dev.curfew.endpoint.RefusedRequestException;
import dev.curfew.http.AccessTokenIssuer;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.HeaderField;
import dev.curfew.http.IssuedAccessToken;
import dev.curfew.http.UnreadableFormException;
import dev.curfew.jose.JsonObject;
import dev.curfew.oauth.TokenRequests.TokenRequest;
import dev.curfew.refresh.RefreshRequest;
import dev.curfew.refresh.RefreshResult;
import dev.curfew.refresh.RefreshResult.Conflict;
import dev.curfew.refresh.RefreshResult.Refreshed;
import dev.curfew.refresh.RefreshResult.Refused;
import dev.curfew.session.ClientId;
import dev.curfew.session.CurfewException;
import dev.curfew.token.ReauthenticationRequiredException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The refresh form of the token endpoint (RFC 6749 §6): exchanges a refresh token of Curfew's ({@code cfr1_}) for an
 * access token of the host's and its own successor. Thread-safe.
 *
 * <p>A refresh token is the client's for whom its session was begun, and nobody else's. One that was exchanged before
 * ends its session, unless the retry rule of the {@link dev.curfew.refresh.RefreshPolicy} answers it; the header
 * {@code Idempotency-Key}, or the parameter {@code attempt}, makes a refresh repeatable. If the issuer fails after the
 * exchange, the answer without such a key is 500, and not 503: a client that repeats is then judged by the rule for
 * refreshes {@linkplain dev.curfew.refresh.RefreshPolicy#withoutKey without a key}, and {@code strict()} ends its
 * session.
 *
 * <p>Two round trips, three if it ends the session; none for what is no token.
 */
public final class RefreshEndpoint {
    private static final String GRANT_TYPE = "refresh_token";
    private static final HeaderField NO_CACHE = new HeaderField("Pragma", "no-cache");

    private final SessionService service;
    private final AccessTokenIssuer issuer;
    private final TokenRequests requests;
    private final EndpointFailures failures = new EndpointFailures(RefreshEndpoint.class);
    private final List<String> authenticationMethods;

    private RefreshEndpoint(Builder builder) {
        this.service = builder.service;
        this.issuer = builder.issuer;
        this.requests = new TokenRequests(new Callers(builder.clients, builder.challengeRealm), true);
        this.authenticationMethods = List.copyOf(builder.clients.methods());
    }

    /**
     * Starts an endpoint.
     *
     * @param service whose refresh tokens are exchanged
     * @param clients who they are; public ones may call too
     * @param issuer of the access tokens
     * @return a builder
     */
    public static Builder of(SessionService service, ClientAuthenticator clients, AccessTokenIssuer issuer) {
        return new Builder(service, clients, issuer);
    }

    /**
     * Answers a request. Never throws for anything that a client or an outage can cause.
     *
     * @param request {@code POST} of a form with {@code grant_type=refresh_token} and {@code refresh_token}, perhaps
     *     {@code scope}, and the client's credentials
     * @return 200 with the tokens in JSON; or 400, 401, 405, 409, 413, 415, 503 with an error in JSON
     */
    public EndpointResponse answer(EndpointRequest request) {
        return failures.answer(request, () -> {
            TokenRequest asked = requests.read(request, GRANT_TYPE);
            RefreshRequest wish = wish(request, asked);
            RefreshResult result = service.credentials().refresh(wish);
            if (result instanceof Refreshed refreshed) {
                return answer(refreshed, wish.attempt().isPresent());
            }
            throw refusal(result);
        });
    }

    List<String> authenticationMethods() {
        return authenticationMethods;
    }

    private static RefreshRequest wish(EndpointRequest request, TokenRequest asked)
            throws RefusedRequestException, UnreadableFormException {
        ClientId client = asked.caller().client().id();
        if (!asked.caller().client().mayActOn(client.realm())) {
            throw invalidGrant();
        }
        List<String> attempts = new ArrayList<>(request.headers("Idempotency-Key"));
        asked.form().find("attempt").ifPresent(attempts::add);
        try {
            return RefreshWishes.of(
                            client.realm(),
                            asked.token(),
                            Optional.of(client),
                            request.senderKey(),
                            asked.form().find("scope").orElse(null),
                            attempts)
                    .ofOwnClientOnly();
        } catch (IllegalArgumentException e) {
            throw RefusedRequestException.malformed(
                    "the scope is empty, or the attempt key has not 16 to 128 visible characters, or came twice");
        }
    }

    private EndpointResponse answer(Refreshed refreshed, boolean isRepeatable) throws RefusedRequestException {
        IssuedAccessToken issued;
        try {
            issued = issuer.issue(refreshed.session(), refreshed.scopes(), refreshed.senderKey(), refreshed.notAfter());
        } catch (ReauthenticationRequiredException e) {
            // The client asks the person to sign in, which is what the host demands.
            throw invalidGrant();
        } catch (CurfewException e) {
            if (isRepeatable) {
                throw e;
            }
            // To repeat it would be a reuse: nobody must be told to come back, whatever waiting mends.
            throw new IllegalStateException("the issuer failed after the refresh token was exchanged", e);
        }
        JsonObject json = new JsonObject()
                .with("access_token", issued.text())
                .with("token_type", ActiveMembers.isDpop(refreshed.senderKey()) ? "DPoP" : "Bearer")
                .with("expires_in", issued.expiresIn().toSeconds())
                .with("refresh_token", refreshed.refreshToken().reveal());
        if (!refreshed.scopes().isEmpty()) {
            json.with("scope", String.join(" ", new TreeSet<>(refreshed.scopes())));
        }
        return EndpointAnswers.json(200, json, NO_CACHE);
    }

    private static RefusedRequestException refusal(RefreshResult result) {
        if (result instanceof Conflict conflict) {
            String seconds = Long.toString(Math.max(1, conflict.retryAfter().toSeconds()));
            return RefusedRequestException.of(
                    409,
                    "temporarily_unavailable",
                    "somebody else has exchanged the token a moment ago: look for its successor",
                    new HeaderField("Retry-After", seconds));
        }
        return result instanceof Refused refused ? refusal(refused) : invalidGrant();
    }

    /** What is wrong with a token nobody learns who might have guessed it. */
    private static RefusedRequestException refusal(Refused refused) {
        return switch (refused.why()) {
            case WRONG_SCOPE ->
                RefusedRequestException.of(400, "invalid_scope", "a scope that was not granted was asked for");
            case ATTEMPT_REPEATED ->
                RefusedRequestException.malformed("the attempt key is that of the refresh before: draw a new one");
            case MALFORMED, INVALID, SUPERSEDED, IDLE, ABSOLUTE, REVOKED, WRONG_CLIENT, WRONG_SENDER -> invalidGrant();
        };
    }

    private static RefusedRequestException invalidGrant() {
        return RefusedRequestException.of(
                400, "invalid_grant", "the refresh token is unknown, expired, revoked or another client's");
    }

    /** Collects the settings of a {@link RefreshEndpoint}. Confined to one thread. */
    public static final class Builder {
        private final SessionService service;
        private final ClientAuthenticator clients;
        private final AccessTokenIssuer issuer;
        private String challengeRealm = "oauth";

        private Builder(SessionService service, ClientAuthenticator clients, AccessTokenIssuer issuer) {
            this.service = Objects.requireNonNull(service, "service");
            this.clients = Objects.requireNonNull(clients, "clients");
            this.issuer = Objects.requireNonNull(issuer, "issuer");
        }

        /**
         * Names the realm of challenges ({@code WWW-Authenticate}), which is no realm of sessions.
         *
         * @param name visible ASCII characters and spaces; {@code oauth} by default
         * @return this
         */
        public Builder challengeRealm(String name) {
            this.challengeRealm = Callers.requireRealm(name);
            return this;
        }

        /**
         * Makes the endpoint.
         *
         * @return an endpoint for all threads
         * @throws IllegalStateException if the service has no
         *     {@link dev.curfew.SessionServiceBuilder#refreshTokens refresh tokens}
         */
        public RefreshEndpoint build() {
            if (service.credentials().refreshPolicy().isEmpty()) {
                throw new IllegalStateException(
                        "RefreshEndpoint needs SessionServiceBuilder.refreshTokens(...) of its service");
            }
            return new RefreshEndpoint(this);
        }
    }
}
