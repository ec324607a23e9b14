package dev.curfew.papers;

import static dev.curfew.papers.MisconfiguredTokens.ALICE;
import static dev.curfew.papers.MisconfiguredTokens.SHOP;
import static dev.curfew.papers.MisconfiguredTokens.keys;
import static dev.curfew.papers.MisconfiguredTokens.keysFrom;
import static dev.curfew.papers.MisconfiguredTokens.policy;
import static dev.curfew.papers.MisconfiguredTokens.refusing;
import static dev.curfew.papers.MisconfiguredTokens.right;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.curfew.RevocationCause;
import dev.curfew.SessionService;
import dev.curfew.SessionServiceBuilder;
import dev.curfew.check.OutagePolicy;
import dev.curfew.check.WatchedStore;
import dev.curfew.contract.TestKeys;
import dev.curfew.crypto.KeyRing;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.RefreshCookie;
import dev.curfew.http.SessionCookie;
import dev.curfew.http.SessionEndpoints;
import dev.curfew.http.TrustedProxies;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.refresh.RefreshBinding;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.refresh.RetryRule;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.ClientId;
import dev.curfew.session.CurfewException;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ListQuery;
import dev.curfew.token.SessionIds;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicies;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.TokenVerifier;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the page about trouble quotes of this module is what the code says when it is caused. */
@Timeout(120)
class TroubleshootingTest {
    private static final Duration QUARTER = Duration.ofMinutes(15);

    private TroubleshootingPage page;

    @BeforeEach
    void read() throws IOException {
        page = TroubleshootingPage.of("core");
    }

    @Test
    void each_message_on_the_page_is_said_and_each_that_is_said_here_stands_on_the_page() {
        settingsOfTheService();
        policies();
        secrets();
        issuersKeys();
        endpoints();
        logins();
        tokens();
        log();
        outages();

        assertThat(page.differences()).isEmpty();
    }

    private void settingsOfTheService() {
        page.cause("no store", () -> built(SessionService.builder()))
                .cause("no lifetimes", () -> built(SessionService.builder().store(InMemorySessionStore.create())))
                .cause(
                        "nothing about access tokens",
                        () -> built(SessionService.builder()
                                .store(InMemorySessionStore.create())
                                .lifetimes(SessionLifetimes.aal2())))
                .cause("access tokens and none", () -> built(complete().withoutAccessTokens()))
                .cause(
                        "refresh tokens without access tokens",
                        () -> built(SessionService.builder()
                                .store(InMemorySessionStore.create())
                                .lifetimes(SessionLifetimes.aal2())
                                .withoutAccessTokens()
                                .refreshTokens(RefreshPolicy.withoutKey(RetryRule.strict()))))
                .cause("no word about encryption", () -> built(complete().store(outside())))
                .cause(
                        "lifetimes beyond the retention",
                        () -> built(
                                complete().lifetimes(SessionLifetimes.of(Duration.ofDays(365), Duration.ofDays(30)))))
                .cause(
                        "an idle time that is too short",
                        () -> built(
                                complete().lifetimes(SessionLifetimes.of(Duration.ofHours(1), Duration.ofMinutes(2)))))
                .cause("idle beyond absolute", () -> SessionLifetimes.of(Duration.ofHours(1), Duration.ofHours(2)))
                .cause("another retention", () -> {
                    InMemorySessionStore store = InMemorySessionStore.create();
                    built(complete().store(store));
                    return built(complete().store(store).retention(Duration.ofDays(30)));
                })
                .cause(
                        "the last known good without a replica",
                        () -> built(complete()
                                .authoritativeChecks()
                                .duringOutages(OutagePolicy.lastKnownGood(Duration.ofMinutes(5)))))
                .cause(
                        "polls too seldom",
                        () -> built(complete()
                                .replica(replica -> replica.staleness(Duration.ofSeconds(2), Duration.ofSeconds(1)))));
    }

    private void policies() {
        page.cause("no keys", () -> policy("shop", "https://a").build())
                .cause(
                        "no audience",
                        () -> TokenPolicy.forIssuer(SHOP, "https://a")
                                .keys(keys())
                                .build())
                .cause(
                        "no session ids",
                        () -> TokenPolicy.forIssuer(SHOP, "https://a")
                                .keys(keys())
                                .audience("demo-api")
                                .build())
                .cause(
                        "no lifetime",
                        () -> TokenPolicy.forIssuer(SHOP, "https://a")
                                .keys(keys())
                                .audience("demo-api")
                                .sessionIds(SessionIds.OURS)
                                .build())
                .cause("two policies of an issuer", () -> together("https://a", "https://a"))
                .cause("two issuers in a realm", () -> together("https://a", "https://b"))
                .cause(
                        "an algorithm that no key has",
                        () -> policy("shop", "https://a")
                                .keys(keys())
                                .algorithms("RS256")
                                .build())
                .cause(
                        "an algorithm spelled otherwise",
                        () -> policy("shop", "https://a").algorithms("hs256"));
    }

    private void secrets() {
        page.cause("a secret of 31 bytes", () -> TokenKeys.ofSecret("demo-key", new byte[31]))
                .cause(
                        "a secret that was typed",
                        () -> TokenKeys.ofSecret(
                                "demo-key", "my very secret secret of the demo shop".getBytes(StandardCharsets.UTF_8)))
                .cause("a key that was not decoded", () -> KeyRing.of("2026", base64(TestKeys.key(1))))
                .cause("a key of 16 bytes", () -> KeyRing.of("2026", new byte[16]));
    }

    private void issuersKeys() {
        page.cause("keys over http", () -> TokenKeys.remote(URI.create("http://login.example.com/jwks")))
                .cause("nobody listens", keysFrom("http://127.0.0.1:1/jwks"))
                .cause("an unknown host", keysFrom("https://nowhere.invalid/jwks"))
                .cause("another address", keysFrom(404, "not found"))
                .cause("a redirect", keysFrom(302, ""))
                .cause("a proxy", keysFrom(407, ""))
                .cause("an outage", keysFrom(503, ""))
                .cause("a page", keysFrom(200, "<!DOCTYPE html><title>Sign in</title>"))
                .cause("nothing", keysFrom(200, ""))
                .cause("the configuration", keysFrom(200, "{\"jwks_uri\":\"https://login.example.com/jwks\"}"));
    }

    private void endpoints() {
        page.cause("no service", () -> SessionEndpoints.builder().build())
                .cause(
                        "no verifier",
                        with(
                                complete(),
                                service -> SessionEndpoints.builder()
                                        .service(service)
                                        .build()))
                .cause(
                        "tokens that live longer",
                        with(
                                complete(),
                                service -> SessionEndpoints.builder()
                                        .service(service)
                                        .verifier(TokenVerifier.of(policy("shop", "https://a")
                                                .keys(keys())
                                                .maxTokenLifetime(Duration.ofHours(2))
                                                .build()))
                                        .build()))
                .cause(
                        "refreshes that nobody set",
                        with(
                                complete(),
                                service -> SessionEndpoints.builder()
                                        .service(service)
                                        .sessionTokens(SHOP)
                                        .refresh((session, scopes, sender, until) -> null)
                                        .build()))
                .cause(
                        "tabs that sign each other out",
                        with(
                                complete().refreshTokens(RefreshPolicy.withoutKey(RetryRule.strict())),
                                service -> SessionEndpoints.builder()
                                        .service(service)
                                        .sessionTokens(SHOP)
                                        .refresh(
                                                (session, scopes, sender, until) -> null,
                                                RefreshCookie.named("__Host-refresh")
                                                        .build())
                                        .build()))
                .cause(
                        "a host cookie without TLS",
                        () -> SessionCookie.named("__Host-session")
                                .allowWithoutTls()
                                .build())
                .cause(
                        "a host cookie with a path",
                        () -> SessionCookie.named("__Host-session")
                                .path("/shop")
                                .build())
                .cause(
                        "an origin without a scheme",
                        () -> SessionEndpoints.builder().allowedOrigins("app.example.com"))
                .cause("a proxy by name", () -> TrustedProxies.readingXForwardedFor("proxy.internal"));
    }

    private void logins() {
        page.cause(
                        "a realm of no policy",
                        with(
                                policed(),
                                service -> service.beginLogin(new SubjectId(Realm.of("Shop"), "alice"))
                                        .complete(DeviceInfo.unknown())))
                .cause(
                        "nobody",
                        with(complete(), service -> service.beginLogin().complete(DeviceInfo.unknown())))
                .cause(
                        "a refresh token that nobody set",
                        with(complete(), service -> service.beginLogin(ALICE).withRefreshToken(RefreshBinding.none())))
                .cause("one session too many", with(complete().sessionLimit(SessionLimit.refuseBeyond(1)), service -> {
                    service.beginLogin(ALICE).complete(DeviceInfo.unknown()).orElseThrow();
                    return service.beginLogin(ALICE)
                            .complete(DeviceInfo.unknown())
                            .orElseThrow();
                }))
                .cause("a cut-off meanwhile", with(complete(), service -> {
                    var attempt = service.beginLogin(ALICE);
                    service.revokeAllSessions(
                            ALICE, RevocationCause.of(RevocationReason.REVOKED_BY_ADMIN, Actor.system()));
                    return attempt.complete(DeviceInfo.unknown()).orElseThrow();
                }))
                .cause(
                        "longer than is set for all",
                        with(
                                complete(),
                                service -> service.beginLogin(ALICE)
                                        .lifetimes(SessionLifetimes.of(Duration.ofDays(30), Duration.ofDays(30)))));
    }

    private void tokens() {
        page.cause("typ JWT", refusing("JWT", claims -> {}))
                .cause("no typ", refusing("", claims -> {}))
                .cause("no sid", refusing("at+jwt", claims -> claims.remove("sid")))
                .cause("a sid of its own", refusing("at+jwt", claims -> claims.put("sid", "1234")))
                .cause("no jti", refusing("at+jwt", claims -> claims.remove("jti")))
                .cause("another audience", refusing("at+jwt", claims -> claims.put("aud", "another-api")))
                .cause("another issuer", refusing("at+jwt", claims -> claims.put("iss", "https://login.example.com/")))
                .cause("a clock an hour ahead", refusing("at+jwt", claims -> later(claims::put, 3600)))
                .cause("a clock an hour behind", refusing("at+jwt", claims -> later(claims::put, -3600)))
                .cause("a long life", refusing("at+jwt", claims -> claims.put("exp", seconds() + 86_400)))
                .cause("an ID token", refusing("at+jwt", claims -> claims.put("nonce", "n")))
                .cause("a key that is not published", keysFrom(200, "{\"keys\":[]}"))
                .cause("another secret", MisconfiguredTokens.ofAnotherSecret())
                .cause("another algorithm", () -> TokenVerifier.of(right()).verify(MisconfiguredTokens.publicToken()));
    }

    private void log() {
        page.cause("a secret that may have to be decoded", SaidInLog.by("dev.curfew.jose.KeyReader", () -> {
                    TokenKeys.ofSecret("demo-key", base64(TestKeys.key(1)));
                    return () -> {};
                }))
                .cause(
                        "unencrypted",
                        SaidInLog.by(
                                "dev.curfew.SessionServiceBuilder",
                                () -> complete()
                                        .store(outside())
                                        .storeSessionsUnencrypted()
                                        .build()))
                .cause(
                        "unencrypted ones are accepted",
                        SaidInLog.by(
                                "dev.curfew.SessionServiceBuilder",
                                () -> complete()
                                        .encryption(TestKeys.ring("2026"))
                                        .acceptUnencryptedSessions()
                                        .build()))
                .cause(
                        "older tokens are trusted",
                        SaidInLog.by(
                                "dev.curfew.SessionServiceBuilder",
                                () -> complete().trustTokensOlderThanStore().build()))
                .cause(
                        "open in an outage",
                        SaidInLog.by(
                                "dev.curfew.check.TokenRevocationChecker",
                                () -> complete()
                                        .duringOutages(OutagePolicy.ALLOW_REVOKED_TOKENS_DURING_OUTAGES)
                                        .build()))
                .cause("another key", SaidInLog.by("dev.curfew.atrest.SessionRows", () -> {
                    InMemorySessionStore store = InMemorySessionStore.create();
                    with(
                                    complete().store(store).encryption(TestKeys.ring("2026")),
                                    service -> service.beginLogin(ALICE).complete(DeviceInfo.unknown()))
                            .call();
                    SessionService service = complete()
                            .store(store)
                            .encryption(KeyRing.of("2027", TestKeys.key(2)))
                            .build();
                    service.listSessions(ALICE, ListQuery.live(10));
                    return service;
                }))
                .cause("a client that no token names", SaidInLog.by("dev.curfew.AcceptedTokens", () -> {
                    SessionService service = SessionService.builder()
                            .store(InMemorySessionStore.create())
                            .lifetimes(SessionLifetimes.aal2())
                            .tokenPolicies(policy("shop", "https://a")
                                    .keys(keys())
                                    .withoutClients()
                                    .build())
                            .build();
                    service.revokeClient(
                            new ClientId(SHOP, "web"),
                            RevocationCause.of(RevocationReason.REVOKED_BY_ADMIN, Actor.system()));
                    return service;
                }))
                .cause("keys that do not load", SaidInLog.by("dev.curfew.jose.RemoteKeySource", () -> {
                    quietly(keysFrom(503, ""));
                    return () -> {};
                }))
                .cause("an issuer without keys", SaidInLog.by("dev.curfew.jose.RemoteKeySource", () -> {
                    HttpServer server = MisconfiguredTokens.serving(200, "{\"keys\":[]}");
                    quietly(keysFrom(MisconfiguredTokens.addressOf(server).toString()));
                    return () -> server.stop(0);
                }));
    }

    private void outages() {
        WatchedStore atStart = new WatchedStore(InMemorySessionStore.create());
        atStart.goDown();
        page.cause("a store that is down at the start", () -> built(complete().store(atStart)))
                .cause("a store that is down", inAnOutage("dev.curfew.replica.FeedTailer", complete()))
                .cause(
                        "a store that is down, asked for each token",
                        inAnOutage("dev.curfew.check.StoreSource", policed().authoritativeChecks()))
                .cause(
                        "calls in an outage",
                        inAnOutage("dev.curfew.http.SessionEndpoints", policed().authoritativeChecks()))
                .cause("a closed service", with(complete(), service -> {
                    service.close();
                    return service.health().problems().get(0);
                }));
    }

    private static Callable<String> inAnOutage(String owner, SessionServiceBuilder builder) {
        WatchedStore store = new WatchedStore(InMemorySessionStore.create());
        return SaidInLog.by(owner, () -> {
            SessionService service = builder.store(store).build();
            store.goDown();
            call(
                    SessionEndpoints.builder()
                            .service(service)
                            .verifier(TokenVerifier.of(right()))
                            .withoutTouch()
                            .build(),
                    MisconfiguredTokens.token(claims -> {}));
            return service;
        });
    }

    private static void call(SessionEndpoints endpoints, String token) {
        endpoints
                .authentication()
                .authenticate(EndpointRequest.of("GET")
                        .header("Authorization", "Bearer " + token)
                        .build());
    }

    private static SessionServiceBuilder complete() {
        return SessionService.builder()
                .store(InMemorySessionStore.create())
                .lifetimes(SessionLifetimes.aal2())
                .maxTokenLifetime(QUARTER);
    }

    private static SessionServiceBuilder policed() {
        return complete().tokenPolicies(right());
    }

    private static WatchedStore outside() {
        return new WatchedStore(InMemorySessionStore.create()).outside();
    }

    private static String built(SessionServiceBuilder builder) {
        builder.build().close();
        return "built";
    }

    private static Callable<String> with(SessionServiceBuilder builder, Function<SessionService, Object> use) {
        return () -> {
            try (SessionService service = builder.build()) {
                return String.valueOf(use.apply(service));
            }
        };
    }

    private static Object together(String first, String second) {
        return TokenPolicies.of(
                policy("shop", first).keys(keys()).build(),
                policy("shop", second).keys(keys()).build());
    }

    /** What is thrown is a cause of its own. */
    private static void quietly(Callable<?> use) {
        assertThatThrownBy(use::call).isInstanceOf(CurfewException.class);
    }

    private static byte[] base64(byte[] bytes) {
        return Base64.getEncoder().encode(bytes);
    }

    private static void later(BiConsumer<String, Object> put, long seconds) {
        put.accept("iat", seconds() + seconds);
        put.accept("exp", seconds() + seconds + 600);
    }

    private static long seconds() {
        return Instant.now().getEpochSecond();
    }
}
