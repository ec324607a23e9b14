package dev.curfew.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.curfew.SessionService;
import dev.curfew.SessionServiceBuilder;
import dev.curfew.session.DeviceInfo;
import dev.curfew.token.Caller;
import dev.curfew.token.VerifiedToken;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tokens as Keycloak makes them, with the settings of the page, and keys from a real server. */
class KeycloakTest {
    private static final Map<String, Object> SETTINGS =
            SpringPage.properties(SpringPage.blocks(SpringPage.section("Keycloak as the issuer"), "properties")
                    .get(0));

    private static RSAKey key;
    private static HttpServer keycloak;
    private static Host host;

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(Orders.class)
    static class Application {
        /** As the page has it: the persons of this test have signed in before the store was made. */
        @Bean
        CurfewCustomizer<SessionServiceBuilder> adoption() {
            return sessions -> sessions.trustTokensOlderThanStore();
        }

        /** As the page has it. */
        @Bean
        CallerAuthorities realmRoles() {
            return caller -> caller instanceof VerifiedToken token
                            && token.claims().get("realm_access") instanceof Map<?, ?> access
                            && access.get("roles") instanceof List<?> roles
                    ? roles.stream()
                            .map(role -> new SimpleGrantedAuthority("ROLE_" + role))
                            .toList()
                    : List.of();
        }
    }

    @RestController
    static class Orders {
        private final SessionService sessions;

        Orders(SessionService sessions) {
            this.sessions = sessions;
        }

        @GetMapping("/orders")
        String orders(Caller caller, org.springframework.security.core.Authentication authentication) {
            return caller.subject().orElseThrow().value() + " " + authentication.getAuthorities();
        }

        @PostMapping("/adopt")
        void adopt(VerifiedToken caller, DeviceInfo device) {
            sessions.adopt(caller, device);
        }
    }

    @BeforeAll
    static void start() throws IOException, JOSEException {
        key = new RSAKeyGenerator(2048)
                .keyID("2026")
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.RS256)
                .generate();
        byte[] keys = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
        keycloak = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        keycloak.createContext("/realms/staff/protocol/openid-connect/certs", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        keycloak.start();
        Map<String, Object> properties = new java.util.HashMap<>(SETTINGS);
        properties.put(
                "curfew.jwks-uri",
                SETTINGS.get("curfew.jwks-uri")
                        .toString()
                        .replace(
                                "https://sso.example.com",
                                "http://localhost:" + keycloak.getAddress().getPort()));
        host = Host.start(properties, Application.class);
    }

    @AfterAll
    static void stop() {
        host.close();
        keycloak.stop(0);
    }

    private static JWTClaimsSet.Builder claims(String sid, Instant authTime) {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(SETTINGS.get("curfew.issuer").toString())
                .audience(List.of("orders-api", "account"))
                .subject("8f4c4c9e-6c2e-4f36-9a53-1d1b4a1e5b11")
                .jwtID("onrtro:" + UUID.randomUUID())
                .claim("typ", "Bearer")
                .claim("azp", "orders-web")
                .claim("sid", sid)
                .claim("auth_time", authTime.getEpochSecond())
                .claim("acr", "1")
                .claim("realm_access", Map.of("roles", List.of("clerk")))
                .claim("scope", "openid profile email")
                .claim("preferred_username", "alice")
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)));
    }

    private static String[] bearer(JWTClaimsSet.Builder claims) throws JOSEException {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(JOSEObjectType.JWT)
                .keyID("2026")
                .build();
        SignedJWT token = new SignedJWT(header, claims.build());
        token.sign(new RSASSASigner(key));
        return Host.bearer(token.serialize());
    }

    @Test
    void a_token_of_keycloaks_passes_with_its_roles_and_other_tokens_of_keycloaks_do_not() throws JOSEException {
        Instant login = Instant.now().minusSeconds(60);
        String sid = UUID.randomUUID().toString();
        assertThat(host.get("/orders", bearer(claims(sid, login))).body()).endsWith("[ROLE_clerk]");

        assertThat(host.get("/orders", bearer(claims(sid, login).claim("typ", "ID")))
                        .statusCode())
                .isEqualTo(401);
        assertThat(host.get("/orders", bearer(claims(sid, login).claim("typ", "Refresh")))
                        .statusCode())
                .isEqualTo(401);
        assertThat(host.get("/orders", bearer(claims(sid, login).audience("account")))
                        .statusCode())
                .isEqualTo(401);
        assertThat(host.get("/orders", bearer(claims(sid, login).claim("auth_time", null)))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void a_logout_ends_the_session_of_keycloaks_for_this_application_and_a_new_login_of_it_passes()
            throws JOSEException {
        Instant login = Instant.now().minusSeconds(60);
        String sid = UUID.randomUUID().toString();
        String[] bearer = bearer(claims(sid, login));
        assertThat(host.post("/adopt", "", bearer).statusCode()).isEqualTo(200);
        assertThat(host.get("/api/auth/sessions", bearer).body()).contains(sid, "\"current\":true");

        assertThat(host.post("/api/v1/auth/logout", "", bearer).statusCode()).isEqualTo(204);

        assertThat(host.get("/orders", bearer).statusCode()).isEqualTo(401);
        assertThat(host.get("/orders", bearer(claims(sid, login))).statusCode())
                .as("a token that Keycloak refreshes in the same session")
                .isEqualTo(401);
        JWTClaimsSet.Builder again = claims(UUID.randomUUID().toString(), Instant.now());
        assertThat(host.get("/orders", bearer(again)).statusCode()).isEqualTo(200);
    }
}
