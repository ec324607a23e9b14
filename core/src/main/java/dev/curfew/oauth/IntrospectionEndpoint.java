package dev.curfew.oauth;

import dev.curfew.CredentialHolder;
import dev.curfew.SessionCredentials;
import dev.curfew.SessionService;
import dev.curfew.check.RevocationDecision;
import dev.curfew.client.ClientAuthenticator;
import dev.curfew.client.RegisteredClient;
import dev.curfew.endpoint.Callers;
import dev.curfew.endpoint.EndpointAnswers;
import dev.curfew.endpoint.EndpointFailures;
import dev.curfew.endpoint.RefusedRequestException;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.jose.JsonObject;
import dev.curfew.oauth.TokenRequests.TokenRequest;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.Realm;
import dev.curfew.token.Caller;
import dev.curfew.token.SessionAuthentication;
import dev.curfew.token.SessionAuthentication.Authenticated;
import dev.curfew.token.SessionAuthentication.Unanswered;
import dev.curfew.token.SigningKey;
import dev.curfew.token.VerifiedToken;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Token introspection (RFC 7662): tells a resource server whether a token may be used. Thread-safe.
 *
 * <p>A token that is unknown, forged, over, revoked or not for who asks is answered {@code {"active":false}}, with the
 * same bytes. Where nobody can say in time the answer is 503, whatever the outage policy is. The caller must have
 * proven who it is; a public client never has. That a token of a resource's is active is a sign of life of its session,
 * which is written at most once a minute and never waited for; that of a token that is bound to a key is none, since
 * nobody has proven the key here.
 *
 * <table>
 * <caption>Who is told what</caption>
 * <tr><th>token</th><th>active for</th><th>round trips</th></tr>
 * <tr><td>access token</td><td>who is a resource that its {@code aud} names, and may act on its realm</td><td>those of
 * the check: none with a replica</td></tr>
 * <tr><td>session token, {@code cfs1_}</td><td>who is the resource of {@link Builder#sessionTokensFor}</td><td>none if
 * seen lately, else 1, in each realm that the caller may act on</td></tr>
 * <tr><td>refresh token, {@code cfr1_} or the host's</td><td>the client that it was issued to, so that no resource
 * takes it for an access token</td><td>1 for each of these realms</td></tr>
 * </table>
 */
public final class IntrospectionEndpoint {
    private static final EndpointResponse INACTIVE = EndpointAnswers.json(200, new JsonObject().with("active", false));

    private final SessionService service;
    private final PresentedTokens tokens;
    private final TokenRequests requests;
    private final boolean isFresh;

    /** Hears of each token of a resource's that is good. */
    private final Consumer<Caller> seen;

    private final ClaimFilter claims;
    private final @Nullable String sessionResource;
    private final @Nullable SignedIntrospection signed;
    private final EndpointFailures failures = new EndpointFailures(IntrospectionEndpoint.class);
    private final List<String> authenticationMethods;

    private IntrospectionEndpoint(Builder builder) {
        this.service = builder.service;
        this.tokens = builder.tokens;
        this.requests = new TokenRequests(new Callers(builder.callers, builder.challengeRealm), false);
        this.isFresh = builder.isFresh;
        this.seen = builder.touches ? this::touch : token -> {};
        this.claims = builder.claims;
        this.sessionResource = builder.sessionResource;
        this.signed = builder.issuer == null || builder.key == null
                ? null
                : new SignedIntrospection(builder.issuer, builder.key, builder.clock);
        this.authenticationMethods = List.copyOf(builder.callers.methods());
    }

    /**
     * Starts an endpoint.
     *
     * @param service that knows what is revoked
     * @param callers who may ask
     * @param tokens what texts are that are none of Curfew's own
     * @return a builder
     */
    public static Builder of(SessionService service, ClientAuthenticator callers, PresentedTokens tokens) {
        return new Builder(service, callers, tokens);
    }

    /**
     * Answers a request. Never throws for anything that a client or an outage can cause.
     *
     * @param request {@code POST} of a form with {@code token}, and the caller's credentials
     * @return 200 with JSON, or with a JWT if the caller asks for {@code application/token-introspection+jwt} and the
     *     endpoint signs; or 400, 401, 403, 405, 413, 415, 503 with an error in JSON
     */
    public EndpointResponse answer(EndpointRequest request) {
        return failures.answer(request, () -> {
            TokenRequest asked = requests.read(request);
            Optional<ActiveMembers> found = find(asked);
            return signed != null && signed.isWanted(request)
                    ? signed.answer(asked.caller().client(), found)
                    : found.map(active -> EndpointAnswers.json(200, JsonObject.of(active.members())))
                            .orElse(INACTIVE);
        });
    }

    List<String> authenticationMethods() {
        return authenticationMethods;
    }

    /** By which answers are signed, if they are. */
    Optional<String> signingAlgorithm() {
        return Optional.ofNullable(signed).map(answers -> answers.key().algorithm());
    }

    /** Who asks has not proven the key that a token is bound to: whoever stole it would keep its session in use. */
    private void touch(Caller active) {
        if (active.senderKey().isEmpty()) {
            service.touchLater(active);
        }
    }

    /** What is said of an active token; nothing of one that is not. */
    private Optional<ActiveMembers> find(TokenRequest asked) throws RefusedRequestException {
        RegisteredClient caller = asked.caller().client();
        if (!asked.isOurs()) {
            Optional<PresentedToken> presented = PresentedTokenSearch.find(tokens, asked.token());
            return presented.isPresent() ? ofHost(presented.get(), caller) : Optional.empty();
        }
        return asked.isOfKind(CredentialKind.REFRESH_TOKEN)
                ? ofRefreshToken(asked.token(), caller)
                : ofSessionToken(asked.token(), caller);
    }

    private Optional<ActiveMembers> ofHost(PresentedToken presented, RegisteredClient caller)
            throws RefusedRequestException {
        boolean isAccess = presented.kind() == PresentedToken.Kind.ACCESS;
        // Only one within its times can be active.
        VerifiedToken token = presented.token().orElse(null) instanceof VerifiedToken verified ? verified : null;
        if (token == null || !caller.mayActOn(token.realm()) || !isFor(caller, token, isAccess)) {
            return Optional.empty();
        }
        RevocationDecision decision = isFresh
                ? service.checker().requireFresh(token)
                : service.checker().check(token);
        return switch (decision.outcome()) {
            case ACTIVE -> {
                if (isAccess) {
                    seen.accept(token);
                }
                yield Optional.of(ActiveMembers.of(token, isAccess, caller, claims));
            }
            case REVOKED -> Optional.empty();
            case UNKNOWN -> throw unanswered();
        };
    }

    private static boolean isFor(RegisteredClient caller, VerifiedToken token, boolean isAccess) {
        if (!isAccess) {
            return token.client().filter(caller.id()::equals).isPresent();
        }
        Object audience = token.claims().get("aud");
        return audience instanceof Collection<?> several
                ? several.stream().anyMatch(one -> isResource(caller, one))
                : isResource(caller, audience);
    }

    private static boolean isResource(RegisteredClient caller, @Nullable Object audience) {
        return audience instanceof String name && caller.resources().contains(name);
    }

    private Optional<ActiveMembers> ofSessionToken(String token, RegisteredClient caller)
            throws RefusedRequestException {
        String resource = sessionResource;
        if (resource == null || !caller.resources().contains(resource)) {
            return Optional.empty();
        }
        SessionCredentials credentials = service.credentials();
        for (Realm realm : CredentialSearch.realms(caller)) {
            SessionAuthentication found =
                    isFresh ? credentials.authenticateFresh(realm, token) : credentials.authenticate(realm, token);
            if (found instanceof Unanswered) {
                throw unanswered();
            }
            if (found instanceof Authenticated active) {
                seen.accept(active.caller());
                return Optional.of(ActiveMembers.of(active.session(), Optional.of(resource), caller, claims));
            }
        }
        return Optional.empty();
    }

    private Optional<ActiveMembers> ofRefreshToken(String token, RegisteredClient caller)
            throws RefusedRequestException {
        CredentialHolder holder = CredentialSearch.find(service, caller, token)
                .filter(found ->
                        found.session().client().filter(caller.id()::equals).isPresent())
                .orElse(null);
        if (holder == null) {
            return Optional.empty();
        }
        return switch (service.credentials().worthOf(holder)) {
            case ACTIVE -> Optional.of(ActiveMembers.of(holder.session(), Optional.empty(), caller, claims));
            case SUPERSEDED, OVER -> Optional.empty();
            case UNANSWERED -> throw unanswered();
        };
    }

    private static RefusedRequestException unanswered() {
        return new RefusedRequestException(EndpointAnswers.unavailable());
    }

    /** Collects the settings of an {@link IntrospectionEndpoint}. Confined to one thread. */
    public static final class Builder {
        private final SessionService service;
        private final ClientAuthenticator callers;
        private final PresentedTokens tokens;
        private boolean isFresh;
        private boolean touches = true;
        private ClaimFilter claims = ClaimFilter.standard();
        private @Nullable String sessionResource;
        private @Nullable String issuer;
        private @Nullable SigningKey key;
        private Clock clock = Clock.systemUTC();
        private String challengeRealm = "oauth";

        private Builder(SessionService service, ClientAuthenticator callers, PresentedTokens tokens) {
            this.service = Objects.requireNonNull(service, "service");
            this.callers = Objects.requireNonNull(callers, "callers");
            this.tokens = Objects.requireNonNull(tokens, "tokens");
        }

        /**
         * Answers by what the store knows after each call began, and not by what this node knows. One read of the feed,
         * shared with all who ask meanwhile.
         *
         * @return this
         */
        public Builder fresh() {
            this.isFresh = true;
            return this;
        }

        /**
         * Leaves signs of life to the host. By default, who is told that an access token or a session token is active
         * is about to serve its bearer, so that the session is in use ({@link SessionService#touchLater}). One that is
         * bound to a key never counts: who has checked the proof touches its session.
         *
         * @return this
         */
        public Builder withoutTouch() {
            this.touches = false;
            return this;
        }

        /**
         * Decides which claims a caller is shown.
         *
         * @param filter {@link ClaimFilter#standard()} by default
         * @return this
         */
        public Builder claims(ClaimFilter filter) {
            this.claims = Objects.requireNonNull(filter, "claims");
            return this;
        }

        /**
         * Names the resource that session tokens ({@code cfs1_}) are for, since they name none themselves. Without this
         * they are inactive for everybody.
         *
         * @param resource one of those that the caller is
         * @return this
         */
        public Builder sessionTokensFor(String resource) {
            this.sessionResource = Objects.requireNonNull(resource, "resource");
            return this;
        }

        /**
         * Answers callers that ask for it with a signed JWT (RFC 9701), by which they can prove what they were told.
         *
         * @param name of the issuer, as its metadata has it
         * @param signing whose public part the issuer's JWK set has
         * @return this
         */
        public Builder signedBy(String name, SigningKey signing) {
            this.issuer = Objects.requireNonNull(name, "issuer");
            this.key = Objects.requireNonNull(signing, "key");
            return this;
        }

        /**
         * Sets the clock, which is read for the {@code iat} of signed answers.
         *
         * @param value the system's by default
         * @return this
         */
        public Builder clock(Clock value) {
            this.clock = Objects.requireNonNull(value, "clock");
            return this;
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
         */
        public IntrospectionEndpoint build() {
            return new IntrospectionEndpoint(this);
        }
    }
}
