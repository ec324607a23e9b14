package dev.curfew.oauth;

import dev.curfew.LoginAttempt;
import dev.curfew.LoginResult.LoggedIn;
import dev.curfew.SessionService;
import dev.curfew.SessionServiceBuilder;
import dev.curfew.check.WatchedStore;
import dev.curfew.client.ClientAuthenticator;
import dev.curfew.client.ClientAuthenticators;
import dev.curfew.client.ClientSecret;
import dev.curfew.client.RegisteredClient;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.crypto.SecretToken;
import dev.curfew.event.SessionEvent;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.IssuedAccessToken;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.refresh.RefreshBinding;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.refresh.RetryRule;
import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.SenderKey;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.token.TokenVerifier;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** An authorization server in a box: a real service, an issuer with a real key, clients, and a clock at rest. */
final class OauthHost {
    static final Realm REALM = Realm.of("shop");
    static final SubjectId ALICE = new SubjectId(REALM, "alice");
    static final ClientId WEB = new ClientId(REALM, "web");
    static final ClientId OTHER = new ClientId(REALM, "other");
    static final ClientId APP = new ClientId(REALM, "app");
    static final ClientId API = new ClientId(REALM, "api");
    static final String RESOURCE = "https://api.example.com";
    static final String SECRET = secret();

    static final RefreshPolicy REFRESHES = RefreshPolicy.withoutKey(RetryRule.strict())
            .withKey(RetryRule.sameAttempt().orSiblings(Duration.ofSeconds(10)));

    final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    final WatchedStore store = new WatchedStore(
            InMemorySessionStore.builder().ticker(clock.ticker()).build());
    final TestTokens tokens = TestTokens.ours(REALM, clock);
    final TokenVerifier verifier =
            TokenVerifier.builder(tokens.policy()).clock(clock).build();
    final List<SessionEvent> events = new CopyOnWriteArrayList<>();
    final SessionService service;

    OauthHost() {
        this(builder -> builder.authoritativeChecks());
    }

    OauthHost(UnaryOperator<SessionServiceBuilder> settings) {
        SessionServiceBuilder builder = SessionService.builder()
                .store(store)
                .lifetimes(SessionLifetimes.aal2())
                .tokenPolicies(tokens.policy())
                .clock(clock, clock.ticker())
                .refreshTokens(REFRESHES)
                .withoutAuditLog()
                .listener(events::add)
                .eventExecutor(Runnable::run);
        this.service = settings.apply(builder).build();
        clock.advance(Duration.ofMinutes(1));
        store.takeCalls();
    }

    /** With the policy of a second realm, so that there are logins in it, too. */
    static OauthHost alsoOf(Realm other) {
        return new OauthHost(builder -> {
            ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
            return builder.authoritativeChecks()
                    .tokenPolicies(
                            TestTokens.ours(REALM, clock).policy(),
                            TestTokens.ours(other, clock).policy());
        });
    }

    private static String secret() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Three confidential clients with one secret, and a public one. */
    static ClientAuthenticator clients() {
        return ClientAuthenticators.anyOf(
                ClientAuthenticators.secretBasic(OauthHost::confidential),
                ClientAuthenticators.secretPost(OauthHost::confidential),
                ClientAuthenticators.publicClient(
                        id -> id.equals("app") ? Optional.of(RegisteredClient.of(APP)) : Optional.empty()));
    }

    private static Optional<ClientSecret> confidential(String id) {
        return switch (id) {
            case "web" -> Optional.of(ClientSecret.of(RegisteredClient.of(WEB), ClientSecret.hash(SECRET)));
            case "other" -> Optional.of(ClientSecret.of(RegisteredClient.of(OTHER), ClientSecret.hash(SECRET)));
            case "api" ->
                Optional.of(ClientSecret.of(RegisteredClient.of(API).resources(RESOURCE), ClientSecret.hash(SECRET)));
            default -> Optional.empty();
        };
    }

    LoggedIn login(UnaryOperator<LoginAttempt> wishes) {
        clock.advance(Duration.ofSeconds(1));
        return (LoggedIn) wishes.apply(service.beginLogin(ALICE)).complete(DeviceInfo.of("Firefox on Linux"));
    }

    /** A session of a client, with a refresh token. */
    LoggedIn loginOf(ClientId client) {
        return login(attempt ->
                attempt.client(client).withRefreshToken(RefreshBinding.none().scopes(Set.of("read", "write"))));
    }

    SecretToken refreshTokenOf(ClientId client) {
        return loginOf(client).token().orElseThrow();
    }

    String accessToken(Session session) {
        return tokens.draft(session).compact();
    }

    IssuedAccessToken issue(Session session, Set<String> scopes, Optional<SenderKey> senderKey, Instant notAfter) {
        TestTokens.Draft draft = tokens.draft(session).with("scope", String.join(" ", new TreeSet<>(scopes)));
        senderKey.ifPresent(key -> draft.with("cnf", Map.of("jkt", key.thumbprint())));
        return new IssuedAccessToken(draft.compact(), TestTokens.LIFETIME);
    }

    boolean isLive(Session session) {
        return service.findSession(session.ref()).orElseThrow().isLive(clock.instant());
    }

    boolean isAccepted(String accessToken) {
        return service.checker().check(verifier.verify(accessToken)).permits();
    }

    static EndpointRequest.Builder form(String... namesAndValues) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            body.append(i == 0 ? "" : "&")
                    .append(URLEncoder.encode(namesAndValues[i], StandardCharsets.UTF_8))
                    .append('=')
                    .append(URLEncoder.encode(namesAndValues[i + 1], StandardCharsets.UTF_8));
        }
        return raw(body.toString());
    }

    static EndpointRequest.Builder raw(String body) {
        return EndpointRequest.of("POST")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(body.getBytes(StandardCharsets.UTF_8));
    }

    /** With the name and secret of a confidential client. */
    static EndpointRequest as(ClientId client, EndpointRequest.Builder request) {
        return request.header("Authorization", basic(client.value(), SECRET)).build();
    }

    static String basic(String id, String secret) {
        String pair =
                URLEncoder.encode(id, StandardCharsets.UTF_8) + ":" + URLEncoder.encode(secret, StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
    }

    /** All that a client sees. */
    static String whole(EndpointResponse response) {
        StringBuilder all = new StringBuilder().append(response.status());
        response.headers()
                .forEach(header ->
                        all.append('\n').append(header.name()).append(": ").append(header.value()));
        return all.append("\n\n").append(response.bodyText()).toString();
    }
}
