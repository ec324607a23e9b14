package dev.curfew.examples.page;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.curfew.LoginResult;
import dev.curfew.SessionService;
import dev.curfew.SessionServiceBuilder;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.EndpointRouter;
import dev.curfew.http.HeaderField;
import dev.curfew.http.Profile;
import dev.curfew.http.SessionCookie;
import dev.curfew.http.SessionEndpoints;
import dev.curfew.http.SessionEndpointsBuilder;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.store.SessionStore;
import dev.curfew.token.Caller;
import dev.curfew.token.SessionAuthentication;
import dev.curfew.token.TokenVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/** A host that has taken the page: the JDK's server, Curfew's endpoints, and a stream of events. Thread-safe. */
final class PageHost implements AutoCloseable {
    static final String COOKIE = "session";
    private static final Realm REALM = Realm.of("page");
    private static final SessionLifetimes LIFETIMES = SessionLifetimes.of(Duration.ofDays(90), Duration.ofDays(60));
    private static final String STRICT = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types 'none'";
    private static final Map<String, String> FILES = Map.of(
            "/curfew/devices.js", "text/javascript",
            "/curfew/devices.css", "text/css",
            "/host.js", "text/javascript",
            "/host.css", "text/css",
            "/icon.svg", "image/svg+xml",
            "/texts.json", "application/json");

    private final SessionService sessions;
    private final EndpointRouter router;
    private final EventStream events;
    private final TestTokens tokens;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile String attributes = "";
    private HttpServer http;

    PageHost(SessionStore store, Profile profile, UnaryOperator<SessionEndpointsBuilder> more) throws IOException {
        this.tokens = new TestTokens(REALM);
        this.sessions =
                service(store, Clock.systemUTC()).tokenPolicies(tokens.policy()).build();
        SessionEndpoints endpoints = more.apply(SessionEndpoints.builder()
                        .service(sessions)
                        .verifier(TokenVerifier.of(tokens.policy()))
                        .sessionTokens(REALM)
                        .credentialCookie(
                                SessionCookie.named(COOKIE).allowWithoutTls().build())
                        .profile(profile))
                .build();
        this.router = EndpointRouter.of(endpoints);
        this.events = new EventStream(sessions, endpoints);
        this.http = listen(0);
    }

    /** For a device that has signed in before the host was started, at that time. */
    static SessionService before(SessionStore store, Clock clock) {
        return service(store, clock)
                .tokenPolicies(new TestTokens(REALM).policy())
                .build();
    }

    private static SessionServiceBuilder service(SessionStore store, Clock clock) {
        return SessionService.builder()
                .store(store)
                .storeSessionsUnencrypted()
                .lifetimes(LIFETIMES)
                .clock(clock);
    }

    /** Somebody who signs in: the session, and the token that goes into the cookie. */
    record SignedIn(Session session, String token) {}

    SignedIn signIn(String user, DeviceInfo device) {
        return signIn(sessions, user, device);
    }

    static SignedIn signIn(SessionService service, String user, DeviceInfo device) {
        LoginResult.LoggedIn result = (LoginResult.LoggedIn) service.beginLogin(new SubjectId(REALM, user))
                .withSessionToken()
                .complete(device);
        return new SignedIn(result.session(), result.token().orElseThrow().reveal());
    }

    /** The person gives that device a name. */
    void rename(SignedIn by, Session device, String label) {
        sessions.subjects().rename(caller(by), device.handle().value(), label);
    }

    void endOthers(SignedIn by) {
        sessions.revokeOtherSessions(caller(by));
    }

    boolean isStill(SignedIn in) {
        return sessions.credentials().authenticate(REALM, in.token()) instanceof SessionAuthentication.Authenticated;
    }

    private Caller caller(SignedIn by) {
        return TokenVerifier.of(tokens.policy()).verify(tokens.of(by.session()));
    }

    SessionService sessions() {
        return sessions;
    }

    TestTokens tokens() {
        return tokens;
    }

    /** What stands in the tag of the element. */
    PageHost with(String newAttributes) {
        attributes = newAttributes;
        return this;
    }

    /** As hosts of other frameworks write events. */
    void writesEventsAs(String form) {
        events.writesAs(form);
    }

    URI uri() {
        return URI.create("http://localhost:" + http.getAddress().getPort() + "/");
    }

    /** As when a server is restarted: connections break, and nobody listens. */
    void stop() {
        http.stop(0);
    }

    /** At the same address as before. */
    void startAgain() throws IOException {
        http = listen(http.getAddress().getPort());
    }

    @Override
    public void close() {
        http.stop(0);
        events.close();
        threads.shutdownNow();
        sessions.close();
    }

    private HttpServer listen(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
        return server;
    }

    private void handle(HttpExchange exchange) throws IOException {
        URI target = exchange.getRequestURI();
        EndpointRequest request = EndpointRequest.of(exchange.getRequestMethod())
                .headers(exchange.getRequestHeaders())
                .clientAddress(exchange.getRemoteAddress().getAddress().getHostAddress())
                .body(exchange.getRequestBody().readAllBytes())
                .build();
        if (target.getPath().equals("/api/auth/events") && events.takes(exchange, request)) {
            return;
        }
        try (exchange) {
            EndpointResponse answer = router.route(target.toString(), request).orElse(null);
            if (answer != null) {
                send(exchange, answer.status(), answer.headers(), answer.body());
            } else if (FILES.containsKey(target.getPath())) {
                send(exchange, 200, List.of(type(FILES.get(target.getPath()))), file(target.getPath()));
            } else {
                send(exchange, 200, List.of(type("text/html")), page(target.getPath()));
            }
        }
    }

    private byte[] page(String path) {
        String content = path.equals("/")
                ? "<h1>Your devices</h1><curfew-devices " + attributes + "></curfew-devices>"
                : "<h1>Another page: " + path + "</h1>";
        return """
                <!doctype html>
                <html lang="en">
                <head>
                  <meta charset="utf-8">
                  <meta name="viewport" content="width=device-width, initial-scale=1">
                  <meta name="color-scheme" content="light dark">
                  <title>Your devices</title>
                  <link rel="icon" href="/icon.svg">
                  <link rel="stylesheet" href="/host.css">
                  <link rel="stylesheet" href="/curfew/devices.css">
                  <script type="module" src="/curfew/devices.js"></script>
                  <script type="module" src="/host.js"></script>
                </head>
                <body><main>%s</main></body>
                </html>
                """.formatted(content).getBytes(StandardCharsets.UTF_8);
    }

    private static HeaderField type(String mediaType) {
        return new HeaderField("Content-Type", mediaType + "; charset=utf-8");
    }

    /** Of the module from the class path, as a host without a convention does, or of the test. */
    private static byte[] file(String path) throws IOException {
        String name = path.startsWith("/curfew/") ? "/META-INF/resources" + path : path.substring(1);
        try (InputStream in = PageHost.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    private static void send(HttpExchange exchange, int status, List<HeaderField> headers, byte[] body)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Security-Policy", STRICT);
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        headers.forEach(header -> exchange.getResponseHeaders().add(header.name(), header.value()));
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
