package dev.curfew.papers;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.sun.net.httpserver.HttpServer;
import dev.curfew.contract.TestKeys;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionId;
import dev.curfew.session.SubjectId;
import dev.curfew.token.SessionIds;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.TokenPolicyBuilder;
import dev.curfew.token.TokenVerifier;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** An issuer whose tokens, keys and policy do not fit together. */
final class MisconfiguredTokens {
    static final Realm SHOP = Realm.of("shop");
    static final SubjectId ALICE = new SubjectId(SHOP, "alice");
    private static final String ISSUER = "https://login.example.com";
    private static final byte[] KEY = TestKeys.key(7);

    private MisconfiguredTokens() {}

    static TokenKeys keys() {
        return TokenKeys.ofSecret("demo-key", KEY);
    }

    /** Without keys. */
    static TokenPolicyBuilder policy(String realm, String issuer) {
        return TokenPolicy.forIssuer(Realm.of(realm), issuer)
                .audience("demo-api")
                .sessionIds(SessionIds.OURS)
                .maxTokenLifetime(Duration.ofMinutes(15));
    }

    static TokenPolicy right() {
        return policy("shop", ISSUER).keys(keys()).build();
    }

    /** What is said of a token that differs from what is wanted. */
    static Callable<?> refusing(String type, Consumer<Map<String, Object>> change) {
        return () -> TokenVerifier.of(right()).verify(token(type, KEY, change));
    }

    static Callable<?> ofAnotherSecret() {
        return () -> TokenVerifier.of(right()).verify(token("at+jwt", TestKeys.key(8), claims -> {}));
    }

    /** What is said if a server answers that where keys are wanted. */
    static Callable<?> keysFrom(int status, String body) {
        return () -> {
            HttpServer server = serving(status, body);
            try {
                return TokenVerifier.of(policy("shop", ISSUER)
                                .keys(TokenKeys.remote(addressOf(server)))
                                .build())
                        .verify(publicToken());
            } finally {
                server.stop(0);
            }
        };
    }

    static Callable<?> keysFrom(String address) {
        return () -> TokenVerifier.of(policy("shop", ISSUER)
                        .keys(TokenKeys.remote(URI.create(address)))
                        .build())
                .verify(publicToken());
    }

    static URI addressOf(HttpServer server) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jwks");
    }

    static HttpServer serving(int status, String body) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        return server;
    }

    static String token(Consumer<Map<String, Object>> change) {
        return token("at+jwt", KEY, change);
    }

    /** Whose signature nobody has to believe: its key is asked for first. */
    static String publicToken() {
        return "eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6IjEifQ.e30.AAAA";
    }

    private static String token(String type, byte[] key, Consumer<Map<String, Object>> change) {
        Instant now = Instant.now();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", ISSUER);
        claims.put("aud", "demo-api");
        claims.put("sub", ALICE.value());
        claims.put("client_id", "web");
        claims.put("jti", "1");
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.getEpochSecond() + 600);
        claims.put("sid", SessionId.mint(ALICE, now, new SecureRandom()).value());
        change.accept(claims);
        JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.HS256);
        JWSObject token = new JWSObject(
                (type.isEmpty() ? header : header.type(new JOSEObjectType(type))).build(), new Payload(claims));
        try {
            token.sign(new MACSigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }
}
