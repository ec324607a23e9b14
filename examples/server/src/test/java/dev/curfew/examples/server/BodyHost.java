package dev.curfew.examples.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.curfew.LoginResult.LoggedIn;
import dev.curfew.SessionService;
import dev.curfew.http.AuthenticationResult.Authenticated;
import dev.curfew.http.BearerAuthentication;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointRouter;
import dev.curfew.http.SessionEndpoints;
import dev.curfew.refresh.RefreshBinding;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.refresh.RetryRule;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.SessionStore;
import dev.curfew.token.SessionIds;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.TokenVerifier;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A host without cookies, whose clients keep their refresh token and send it in the body. It tolerates no siblings: who
 * presents a token that was exchanged, and not the attempt key of that exchange, has ended the session. Thread-safe.
 */
final class BodyHost implements AutoCloseable {
    private final SessionService sessions;
    private final BearerAuthentication authentication;
    private final EndpointRouter router;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    BodyHost(SessionStore store, Clock clock) throws IOException {
        TokenIssuer issuer = new TokenIssuer(DemoStorage.newSecret(), clock);
        TokenPolicy policy = TokenPolicy.forIssuer(CurfewSetup.REALM, TokenIssuer.ISSUER)
                .keys(TokenKeys.ofSecret("demo-key", issuer.secret()))
                .audience(TokenIssuer.AUDIENCE)
                .sessionIds(SessionIds.OURS)
                .maxTokenLifetime(TokenIssuer.LIFETIME)
                .build();
        this.sessions = SessionService.builder()
                .store(store)
                .lifetimes(SessionLifetimes.aal1())
                .refreshTokens(RefreshPolicy.withoutKey(RetryRule.strict()))
                .tokenPolicies(policy)
                .clock(clock)
                .build();
        SessionEndpoints endpoints = SessionEndpoints.builder()
                .service(sessions)
                .verifier(TokenVerifier.builder(policy).clock(clock).build())
                .refresh((session, scopes, sender, notAfter) -> issuer.issue(session, notAfter))
                .clock(clock)
                .build();
        this.authentication = endpoints.authentication();
        this.router = EndpointRouter.of(endpoints);
        this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::handle);
        http.setExecutor(threads);
        http.start();
    }

    URI uri() {
        return URI.create("http://localhost:" + http.getAddress().getPort());
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
        sessions.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            EndpointRequest request = Exchanges.read(exchange);
            Exchanges.write(exchange, answer(Exchanges.target(exchange), request));
        }
    }

    private Reply answer(String target, EndpointRequest request) {
        return switch (target) {
            case "/api/v1/auth/login" -> login();
            case "/api/me" -> me(request);
            default -> Reply.of(router.route(target, request).orElseThrow());
        };
    }

    private Reply login() {
        LoggedIn login = (LoggedIn) sessions.beginLogin(new SubjectId(CurfewSetup.REALM, "alice"))
                .withRefreshToken(RefreshBinding.none())
                .complete(DeviceInfo.of("A browser"));
        String token = login.token().orElseThrow().reveal();
        return Reply.json(
                200,
                Map.of(
                        "refreshToken",
                        token,
                        "session",
                        login.session().handle().value()));
    }

    private Reply me(EndpointRequest request) {
        if (authentication.authenticate(request) instanceof Authenticated authenticated) {
            SessionRef session = authenticated.caller().session().orElseThrow();
            return Reply.json(200, Map.of("session", session.handle().value()));
        }
        return Reply.json(401, Map.of());
    }
}
