package dev.curfew.examples.hosts;

import dev.curfew.LoginAttempt;
import dev.curfew.LoginResult;
import dev.curfew.RevocationCause;
import dev.curfew.SessionService;
import dev.curfew.crypto.KeyRing;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.Profile;
import dev.curfew.http.RefreshCookie;
import dev.curfew.http.RequestFilter;
import dev.curfew.http.SessionCookie;
import dev.curfew.http.SessionEndpoints;
import dev.curfew.refresh.RefreshBinding;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.refresh.RetryRule;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.token.Caller;
import dev.curfew.token.SessionIds;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.TokenVerifier;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A shop with Curfew inside, which each example host serves by its framework. Thread-safe; one for each application.
 *
 * <p>Whatever it does throws a {@link dev.curfew.session.CurfewException} during an outage: the host's filter hands
 * that to {@link SessionEndpoints#failed}.
 */
public final class Shop implements AutoCloseable {
    /** Who issues the tokens. */
    public static final String ISSUER = "https://shop.example.com";

    /** For whom they are. */
    public static final String AUDIENCE = "shop-api";

    /** Which application gets them. */
    public static final String CLIENT = "shop-web";

    /** Where the refresh token is in a browser; with TLS its name begins with {@code __Host-} or {@code __Secure-}. */
    public static final String REFRESH_COOKIE = "shop-refresh";

    static final Duration TOKEN_LIFETIME = Duration.ofMinutes(15);
    private static final Realm REALM = Realm.of("shop");
    private static final ClientId CLIENT_ID = new ClientId(REALM, CLIENT);
    private static final Duration TABS = Duration.ofSeconds(10);
    private static final int POLLS = 4;

    private final String contextPath;
    private final Users users;
    private final TokenIssuer issuer;
    private final RefreshCookie refreshCookie;
    private final Storage storage;
    private final SessionService sessions;
    private final SessionEndpoints endpoints;

    private Shop(HostSettings settings) {
        this.contextPath = settings.contextPath();
        this.users = new Users(settings.passwords());
        this.issuer = new TokenIssuer(settings.secret());
        this.storage = Storage.of(settings);
        this.refreshCookie = RefreshCookie.named(REFRESH_COOKIE)
                .path(contextPath + "/api/v1/auth")
                .allowWithoutTls()
                .build();
        TokenPolicy policy = TokenPolicy.forIssuer(REALM, ISSUER)
                .keys(TokenKeys.ofSecret("shop-key", settings.secret()))
                .audience(AUDIENCE)
                .sessionIds(SessionIds.OURS)
                .maxTokenLifetime(TOKEN_LIFETIME)
                .build();
        Duration staleness = settings.maxStaleness();
        this.sessions = SessionService.builder()
                .store(storage.store())
                .encryption(KeyRing.of("shop", settings.encryptionKey()))
                .lifetimes(SessionLifetimes.aal2())
                .refreshTokens(RefreshPolicy.withoutKey(RetryRule.siblings(TABS))
                        .withKey(RetryRule.sameAttempt().orSiblings(TABS)))
                .tokenPolicies(policy)
                .replica(replica -> replica.staleness(staleness, staleness.dividedBy(POLLS)))
                .build();
        this.endpoints = SessionEndpoints.builder()
                .service(sessions)
                .verifier(TokenVerifier.of(policy))
                .profile(Profile.STANDARDS)
                .realmName("shop")
                .refresh((session, scopes, sender, notAfter) -> issuer.issue(session, notAfter), refreshCookie)
                .refreshClient(CLIENT_ID)
                // What else a browser is to forget at a logout.
                .alsoClear(SessionCookie.named("shop-basket").allowWithoutTls().build())
                .build();
    }

    /**
     * Opens the shop.
     *
     * @param settings of the host
     * @return to be closed at the end
     */
    public static Shop open(HostSettings settings) {
        return new Shop(settings);
    }

    /** {@return who answers at Curfew's paths, and to failures} */
    public SessionEndpoints endpoints() {
        return endpoints;
    }

    /** {@return what each request goes through first: everything but the login and the greeting demands a caller} */
    public RequestFilter filter() {
        return RequestFilter.builder(endpoints)
                .contextPath(contextPath)
                .open("POST", "/login")
                .open("/hello")
                .build();
    }

    /**
     * Signs a person in: the host checks the password, Curfew begins the session, the host issues the token.
     *
     * @param username whatever was typed
     * @param password whatever was typed
     * @param request what was received
     * @return what to hand out, or nothing if either is wrong
     */
    public Optional<SignedIn> login(String username, String password, EndpointRequest request) {
        SubjectId subject;
        try {
            subject = new SubjectId(REALM, username);
        } catch (InvalidIdentifierException e) {
            // A name that no account can have is as wrong as one that none has.
            return Optional.empty();
        }
        // First the attempt, then the credentials: who ends all sessions meanwhile ends this one too.
        LoginAttempt attempt = sessions.beginLogin(subject).client(CLIENT_ID).withRefreshToken(RefreshBinding.none());
        if (!users.isRight(username, password)) {
            return Optional.empty();
        }
        String userAgent = request.headers("User-Agent").stream().findFirst().orElse("");
        DeviceInfo device =
                DeviceInfo.fromRequest(userAgent, request.clientAddress().orElse(""));
        return attempt.complete(device) instanceof LoginResult.LoggedIn in
                ? Optional.of(signedIn(in))
                : Optional.empty();
    }

    /**
     * What the shop knows of whoever calls.
     *
     * @param caller with whom a request has passed the filter
     * @return the members of the answer's JSON
     */
    public Map<String, Object> me(Caller caller) {
        return Map.of(
                "subject", caller.subject().map(SubjectId::value).orElse(""),
                "session",
                        caller.session()
                                .map(session -> session.handle().value())
                                .orElse(""));
    }

    /**
     * Ends the person's other sessions, as a host does when it has stored a new password.
     *
     * @param caller who has changed it
     */
    public void passwordChanged(Caller caller) {
        sessions.revokeOtherSessions(caller, RevocationCause.byUser(RevocationReason.CREDENTIAL_CHANGED));
    }

    /** Ends the service, then what it stores in. */
    @Override
    public void close() {
        sessions.close();
        storage.close();
    }

    private SignedIn signedIn(LoginResult.LoggedIn in) {
        Instant now = Instant.now();
        return new SignedIn(
                issuer.issue(in.session(), in.session().expiresAt()).text(),
                in.session().handle().value(),
                refreshCookie.set(in.token().orElseThrow(), in.session(), now));
    }
}
