package dev.curfew.http;

import dev.curfew.SessionService;
import dev.curfew.ratelimit.RateLimiter;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.session.ClientId;
import dev.curfew.session.Realm;
import dev.curfew.token.IssuerPolicy;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.TokenVerifier;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of {@link SessionEndpoints}. Confined to one thread.
 *
 * <p>A service is demanded, and a verifier or session tokens. Without further words the profile is the guide's, foreign
 * session ids are masked, no cookie is read or cleared, and nothing is limited.
 */
public final class SessionEndpointsBuilder {
    private static final Duration LEAST_TRANSPORT_SECURITY = Duration.ofDays(365);
    private static final Pattern ORIGIN = Pattern.compile("(?i)https?://[^/?#@]+");

    private @Nullable SessionService service;
    private @Nullable TokenVerifier verifier;
    private @Nullable Function<EndpointRequest, Optional<Realm>> realms;
    private final Set<String> allowedOrigins = new LinkedHashSet<>();
    private RateLimiter rateLimiter = RateLimiter.unlimited();
    private Clock clock = Clock.systemUTC();
    private final RefreshSettings refreshes = new RefreshSettings();
    final AnswerSettings answers = new AnswerSettings();
    SessionIdErrors idErrors = SessionIdErrors.MASKED;
    int maxBodyBytes = 16 * 1024;
    boolean touches = true;
    private @Nullable Duration proofWithin;
    private List<String> proofClasses = List.of();

    SessionEndpointsBuilder() {}

    /**
     * Sets where sessions are ended. Required.
     *
     * @param value the service
     * @return this
     */
    public SessionEndpointsBuilder service(SessionService value) {
        this.service = Objects.requireNonNull(value, "service");
        return this;
    }

    /**
     * Sets who tells authentic access tokens from others. Required, unless there are {@link #sessionTokens} and no
     * access tokens.
     *
     * @param value the verifier
     * @return this
     */
    public SessionEndpointsBuilder verifier(TokenVerifier value) {
        this.verifier = Objects.requireNonNull(value, "verifier");
        return this;
    }

    /**
     * Takes session tokens too, wherever an access token may stand: in the {@code Authorization} header, the credential
     * cookie and the body of a logout. They are told apart by their prefix. Without this they are no tokens at all.
     *
     * @param realm in which they are looked up
     * @return this
     */
    public SessionEndpointsBuilder sessionTokens(Realm realm) {
        Optional<Realm> always = Optional.of(realm);
        return sessionTokens(request -> always);
    }

    /**
     * The same for a host of several realms, which each request names by its host or a header, say.
     *
     * @param realms answers the realm of a request, or nothing if it names none; then there is no session token for it.
     *     What it throws is answered as an unexpected failure
     * @return this
     */
    public SessionEndpointsBuilder sessionTokens(Function<EndpointRequest, Optional<Realm>> realms) {
        this.realms = Objects.requireNonNull(realms, "sessionTokens");
        return this;
    }

    /**
     * Adds the refresh of tokens, for clients that keep the refresh token themselves and send it in the body.
     *
     * <p>Tokens are looked up in the realm of {@link #sessionTokens}, else in the one of the {@link #verifier}.
     *
     * @param issuer issues the access tokens
     * @return this
     */
    public SessionEndpointsBuilder refresh(AccessTokenIssuer issuer) {
        refreshes.issuer = Objects.requireNonNull(issuer, "refresh");
        return this;
    }

    /**
     * Adds the refresh of tokens for browsers, whose refresh token no script shall read, and for clients that send it
     * in the body. Requests with the cookie are checked against other sites. A logout clears it, and is content with
     * it alone.
     *
     * @param issuer issues the access tokens
     * @param cookie of the refresh token; all tabs of a browser share it, so that the service must tolerate siblings
     *     for 10 seconds
     * @return this
     */
    public SessionEndpointsBuilder refresh(AccessTokenIssuer issuer, RefreshCookie cookie) {
        if (refreshes.cookie != null) {
            throw new IllegalStateException("there can be but one refresh cookie");
        }
        refreshes.cookie = Objects.requireNonNull(cookie, "cookie");
        answers.cookies.add(cookie.cookie());
        return refresh(issuer);
    }

    /**
     * Sets the one client that refreshes at these endpoints: the host's own page. A session that was begun for a client
     * is refreshed for none but this one.
     *
     * @param client none by default, which is right for sessions without a client
     * @return this
     */
    public SessionEndpointsBuilder refreshClient(ClientId client) {
        Optional<ClientId> always = Optional.of(client);
        return refreshClient(request -> always);
    }

    /**
     * The same for a host of several clients, each of which it has authenticated, or which has no credentials.
     *
     * @param clients answers the client of a request, or nothing if it names none. What it throws is answered as an
     *     unexpected failure
     * @return this
     */
    public SessionEndpointsBuilder refreshClient(Function<EndpointRequest, Optional<ClientId>> clients) {
        refreshes.client = Objects.requireNonNull(clients, "refreshClient");
        return this;
    }

    /**
     * Sets which status codes and bodies are answered.
     *
     * @param value {@link Profile#GUIDE} by default
     * @return this
     */
    public SessionEndpointsBuilder profile(Profile value) {
        answers.profile = Objects.requireNonNull(value, "profile");
        return this;
    }

    /**
     * Sets how much a caller learns about ids that are not theirs.
     *
     * @param value {@link SessionIdErrors#MASKED} by default
     * @return this
     */
    public SessionEndpointsBuilder errors(SessionIdErrors value) {
        this.idErrors = Objects.requireNonNull(value, "errors");
        return this;
    }

    /**
     * Sets the language for requests that prefer none of ours.
     *
     * @param value English, which is the default, or Spanish
     * @return this
     */
    public SessionEndpointsBuilder defaultLocale(Locale value) {
        Locale language = Locale.forLanguageTag(value.getLanguage());
        if (!Messages.isSupported(language)) {
            throw new IllegalArgumentException(
                    "defaultLocale must be English or Spanish, and is " + value.toLanguageTag());
        }
        answers.defaultLocale = language;
        return this;
    }

    /**
     * Sets the cookie that may carry the access token or the session token in place of the {@code Authorization}
     * header. It is cleared by a logout, and requests that bring it alone are checked against other sites.
     *
     * @param value as the host sets it
     * @return this
     */
    public SessionEndpointsBuilder credentialCookie(SessionCookie value) {
        if (answers.credentialCookie != null) {
            throw new IllegalStateException(
                    "there can be but one credential cookie: use alsoClear(...) for the others");
        }
        answers.credentialCookie = value;
        answers.cookies.add(value);
        return this;
    }

    /**
     * Adds cookies that a logout clears too, such as those of a refresh token or for CSRF protection.
     *
     * @param values as the host sets them
     * @return this
     */
    public SessionEndpointsBuilder alsoClear(SessionCookie... values) {
        answers.cookies.addAll(List.of(values));
        return this;
    }

    /**
     * Adds origins whose pages may call with the credential cookie although the browser does not say that they are of
     * this very origin: for browsers without {@code Sec-Fetch-Site}, and for pages of a sister site. A cross-site call
     * is refused all the same.
     *
     * @param origins such as {@code https://app.example.com}
     * @return this
     */
    public SessionEndpointsBuilder allowedOrigins(String... origins) {
        for (String origin : origins) {
            allowedOrigins.add(Optional.of(origin)
                    .filter(text -> ORIGIN.matcher(text).matches())
                    .flatMap(CrossSiteCheck::originOf)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "allowedOrigins must look like https://app.example.com, without a path, and one is \""
                                    + HttpText.harmless(origin, 100) + "\"")));
        }
        return this;
    }

    /**
     * Sets what browsers are asked to forget after a successful logout; they do so only for answers that came by TLS.
     *
     * @param types nothing by default
     * @return this
     */
    public SessionEndpointsBuilder clearSiteData(ClearSiteData... types) {
        Collections.addAll(answers.clearSiteData, types);
        return this;
    }

    /**
     * Sends {@code Strict-Transport-Security} with each answer to a request that came by TLS, for hosts that do not
     * send it themselves.
     *
     * @param maxAge at least 365 days
     * @return this
     */
    public SessionEndpointsBuilder strictTransportSecurity(Duration maxAge) {
        if (maxAge.compareTo(LEAST_TRANSPORT_SECURITY) < 0) {
            throw new IllegalArgumentException("strictTransportSecurity must be at least 365 days, and is " + maxAge);
        }
        answers.transportSecurity = "max-age=" + maxAge.toSeconds();
        return this;
    }

    /**
     * The same for all subdomains too.
     *
     * @param maxAge at least 365 days
     * @return this
     */
    public SessionEndpointsBuilder strictTransportSecurityWithSubdomains(Duration maxAge) {
        strictTransportSecurity(maxAge);
        answers.transportSecurity += "; includeSubDomains";
        return this;
    }

    /**
     * Demands that the person has proven who they are lately before they end other sessions: one of them, or all. Who
     * has not is answered 401 with the challenge of RFC 9470, whatever the id is, and nothing ends. A logout, and the
     * end of the current session, never demands it.
     *
     * <p>Without this, a stolen credential is enough to sign a person out everywhere else. With it, a person needs a
     * login or a {@link dev.curfew.SessionCredentials#beginStepUp step-up} to end the session of a thief.
     *
     * @param max how long ago the proof may be; positive
     * @param acr the classes of which it must be one, of visible ASCII characters; any, if none is named
     * @return this
     */
    public SessionEndpointsBuilder demandProof(Duration max, String... acr) {
        if (max.isNegative() || max.isZero()) {
            throw new IllegalArgumentException("demandProof must be within a positive time");
        }
        List<String> classes = List.of(acr);
        if (!classes.stream().allMatch(RefusalReason::isWritable)) {
            throw new IllegalArgumentException("demandProof: a class must be visible ASCII characters");
        }
        this.proofWithin = max;
        this.proofClasses = classes;
        return this;
    }

    /**
     * Says that the host verifies proofs of DPoP (RFC 9449) and passes their key to
     * {@link EndpointRequest.Builder#senderKey}. Then the scheme {@code DPoP} of the {@code Authorization} header is
     * read, and challenges name it. A credential that is bound to a key is refused without that key in any case.
     *
     * @param algorithms of the proofs, as JWS names them, such as {@code ES256}: asymmetric ones only
     * @return this
     */
    public SessionEndpointsBuilder dpopProofs(String... algorithms) {
        if (algorithms.length == 0 || !Arrays.stream(algorithms).allMatch(SessionEndpointsBuilder::isOfProofs)) {
            throw new IllegalArgumentException("dpopProofs needs names of asymmetric algorithms, such as ES256");
        }
        answers.dpopAlgorithms = String.join(" ", algorithms);
        return this;
    }

    /**
     * Names in each challenge where this resource is described (RFC 9728 §5.1), so that a client that was never told of
     * it can find out who issues tokens for it. What stands there, {@code dev.curfew.oauth.Metadata} helps to write.
     *
     * @param address of the document, below {@code /.well-known/oauth-protected-resource}
     * @return this
     */
    public SessionEndpointsBuilder resourceMetadata(URI address) {
        String text = address.toASCIIString();
        if (!address.isAbsolute() || !HttpText.isFieldValue(text)) {
            throw new IllegalArgumentException("resourceMetadata needs an absolute address, such as"
                    + " https://api.example.com/.well-known/oauth-protected-resource");
        }
        answers.resourceMetadata = text;
        return this;
    }

    /** RFC 9449 section 4.2: neither none nor symmetric. */
    private static boolean isOfProofs(String algorithm) {
        String name = algorithm.toUpperCase(Locale.ROOT);
        return HttpText.isToken(algorithm) && !name.equals("NONE") && !name.startsWith("HS");
    }

    /**
     * Sets how often somebody may call.
     *
     * @param value no limit by default
     * @return this
     */
    public SessionEndpointsBuilder rateLimiter(RateLimiter value) {
        this.rateLimiter = Objects.requireNonNull(value, "rateLimiter");
        return this;
    }

    /**
     * Sets the clock that the rate limiter is told, read once for each of its decisions, by which a persistent refresh
     * cookie ends, and by which a demanded proof is recent.
     *
     * @param value the system's by default
     * @return this
     */
    public SessionEndpointsBuilder clock(Clock value) {
        this.clock = Objects.requireNonNull(value, "clock");
        return this;
    }

    /**
     * Sets the {@code realm} that {@code WWW-Authenticate} names.
     *
     * @param value visible ASCII and spaces; {@code api} by default
     * @return this
     */
    public SessionEndpointsBuilder realmName(String value) {
        if (value.isEmpty() || value.indexOf('\t') >= 0 || !HttpText.isFieldValue(value)) {
            throw new IllegalArgumentException("realmName must be visible ASCII");
        }
        answers.realmName = value;
        return this;
    }

    /**
     * Sets the longest body.
     *
     * @param bytes positive; 16 KiB by default
     * @return this
     */
    public SessionEndpointsBuilder maxBodyBytes(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("maxBodyBytes must be positive, and is " + bytes);
        }
        this.maxBodyBytes = bytes;
        return this;
    }

    /**
     * Sets where the problem types of the standards profile are documented: each {@code type} is this address with the
     * type's name appended. Without it, problems have no {@code type}, which RFC 9457 reads as {@code about:blank}. The
     * names, with their status, are: {@code token-missing} 401, {@code token-invalid} 401,
     * {@code insufficient-user-authentication} 401, {@code credentials-ambiguous} 400, {@code request-malformed} 400,
     * {@code body-too-large} 413, {@code media-type-unsupported} 415, {@code method-not-allowed} 405,
     * {@code cross-site-request} 403, {@code session-id-invalid} 404, {@code session-not-found} 404,
     * {@code session-foreign} 403, {@code label-invalid} 400, {@code no-current-session} 409,
     * {@code refresh-conflict} 409,
     * {@code attempt-repeated} 400, {@code scope-not-granted} 400, {@code unavailable} 503, {@code internal-error} 500.
     * Too many requests, 429, are always of IANA's type {@code quota-exceeded}.
     *
     * @param base absolute, usually ending in {@code /} or {@code #}
     * @return this
     */
    public SessionEndpointsBuilder problemTypes(URI base) {
        if (!base.isAbsolute()) {
            throw new IllegalArgumentException("problemTypes must be an absolute URI, and is " + base);
        }
        answers.problemTypeBase = base.toASCIIString();
        return this;
    }

    /**
     * Leaves {@link SessionService#touchLater} to the host. By default it is called for each request that is let pass,
     * by the endpoints and by {@link SessionEndpoints#authentication}: without any sign of life a session that is in
     * use vanishes from lists after its idle time.
     *
     * @return this
     */
    public SessionEndpointsBuilder withoutTouch() {
        this.touches = false;
        return this;
    }

    /**
     * Makes the endpoints.
     *
     * @return the endpoints
     * @throws IllegalStateException if the service is missing, or both {@link #verifier} and {@link #sessionTokens}; or
     *     if there is a {@link #refresh} and the service has no refresh tokens, nobody knows their realm, or there is a
     *     cookie for them and the service does not tolerate siblings
     */
    public SessionEndpoints build() {
        SessionService sessions = required(service, "service(...)");
        CallLimits limits = new CallLimits(rateLimiter, clock);
        Authenticator authenticator = new Authenticator(
                tokens(sessions, limits),
                new CrossSiteCheck(allowedOrigins),
                limits,
                answers.credentialCookie,
                answers.dpopAlgorithms != null);
        return new SessionEndpoints(this, sessions, authenticator, limits);
    }

    @Nullable
    ProofDemand proof() {
        return proofWithin == null ? null : new ProofDemand(proofWithin, proofClasses, clock);
    }

    @Nullable
    TokenRefresh refresh(SessionService sessions, RequestBody body, CallLimits limits, Answers shape) {
        AccessTokenIssuer issuer = refreshes.issuer;
        if (issuer == null) {
            return null;
        }
        RefreshPolicy policy = sessions.credentials()
                .refreshPolicy()
                .orElseThrow(
                        () -> new IllegalStateException("refresh(...) needs SessionServiceBuilder.refreshTokens(...)"));
        RefreshCookie cookie = refreshes.cookie;
        if (cookie != null) {
            requireOwnName(cookie);
            RefreshSettings.requireSiblings(policy);
        }
        return new TokenRefresh(
                sessions.credentials(),
                new RefreshTokenSource(cookie, new CrossSiteCheck(allowedOrigins)),
                new RefreshRequests(refreshRealms(), refreshes.client),
                body,
                limits,
                new AccessGrants(issuer, cookie, shape, clock));
    }

    private void requireOwnName(RefreshCookie cookie) {
        SessionCookie other = answers.credentialCookie;
        if (other != null && other.name().equals(cookie.name())) {
            throw new IllegalStateException("the refresh cookie and the credential cookie are both named "
                    + cookie.name() + ": each needs a name of its own");
        }
    }

    /** Those of the session tokens, else the only one that the verifier knows. */
    private Function<EndpointRequest, Optional<Realm>> refreshRealms() {
        if (realms != null) {
            return realms;
        }
        List<IssuerPolicy> policies =
                required(verifier, "verifier(...)").policies().all();
        Set<Realm> known = new LinkedHashSet<>();
        for (IssuerPolicy policy : policies) {
            if (policy instanceof TokenPolicy single) {
                known.add(single.realm());
            }
        }
        if (known.size() != 1 || !policies.stream().allMatch(TokenPolicy.class::isInstance)) {
            throw new IllegalStateException(
                    "refresh(...) needs sessionTokens(...), because the verifier does not name one realm alone");
        }
        Optional<Realm> only = known.stream().findFirst();
        return request -> only;
    }

    private TokenReader tokens(SessionService sessions, CallLimits limits) {
        TokenVerifier accessTokens = verifier;
        Function<EndpointRequest, Optional<Realm>> realmOf = realms;
        if (accessTokens != null) {
            accessTokens.policies().demand(sessions::requireOutlives);
        }
        TokenReader jwts = accessTokens == null ? null : new JwtReader(accessTokens, sessions);
        TokenReader opaque = realmOf == null ? null : new SessionTokenReader(sessions, realmOf, limits);
        if (opaque == null) {
            return required(jwts, "verifier(...) or sessionTokens(...)");
        }
        return new TokenReaders(opaque, jwts);
    }

    private static <T> T required(@Nullable T value, String setting) {
        if (value == null) {
            throw new IllegalStateException("SessionEndpoints needs " + setting);
        }
        return value;
    }
}
