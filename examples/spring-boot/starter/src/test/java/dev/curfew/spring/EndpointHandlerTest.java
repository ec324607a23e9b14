package dev.curfew.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.SessionService;
import dev.curfew.client.ClientAuthenticators;
import dev.curfew.client.ClientSecret;
import dev.curfew.client.RegisteredClient;
import dev.curfew.oauth.PresentedTokens;
import dev.curfew.oauth.TokenRevocationEndpoint;
import dev.curfew.session.ClientId;
import dev.curfew.session.Session;
import dev.curfew.token.TokenVerifier;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** An endpoint of another standard, as a bean whose name is its path, behind Curfew's own chain. */
class EndpointHandlerTest {
    private static final String SECRET = "uVq0m6n1JgW2k8Zt4yXe7cRb3pLs9dFh";
    private static final String FORM = "application/x-www-form-urlencoded";

    private static Host host;

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(ShopController.class)
    static class Application {
        @Bean("/oauth/revoke")
        EndpointHandler revocation(SessionService sessions, TokenVerifier verifier) {
            ClientSecret client = ClientSecret.of(
                    RegisteredClient.of(new ClientId(Host.REALM, "shop-web")), ClientSecret.hash(SECRET));
            return EndpointHandler.of(TokenRevocationEndpoint.of(
                            sessions,
                            ClientAuthenticators.secretBasic(id -> Optional.of(client)),
                            PresentedTokens.verifiedBy(verifier))
                    .build()::answer);
        }
    }

    @BeforeAll
    static void start() {
        Map<String, Object> properties = new HashMap<>(Host.jwt());
        properties.put("curfew.http.open", "/hello,POST /oauth/revoke");
        properties.put("server.servlet.context-path", "/shop");
        host = Host.start(properties, Application.class);
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    private static HttpResponse<String> revoke(String body, String type, String secret) {
        String basic = Base64.getEncoder().encodeToString(("shop-web:" + secret).getBytes(StandardCharsets.US_ASCII));
        return host.post("/oauth/revoke", body, "Content-Type", type, "Authorization", "Basic " + basic);
    }

    @Test
    void it_answers_with_the_endpoints_own_status_headers_and_effect() {
        Session alice = host.login("alice");
        String token = host.token(alice);
        assertThat(host.get("/me", Host.bearer(token)).statusCode()).isEqualTo(200);

        HttpResponse<String> answer = revoke("token=" + token, FORM, SECRET);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(host.get("/me", Host.bearer(token)).statusCode()).isEqualTo(401);
    }

    @Test
    void it_refuses_what_the_endpoint_refuses() {
        assertThat(revoke("token=x", FORM, "wrong").statusCode()).isEqualTo(401);
        assertThat(revoke("token=x", "application/json", SECRET).statusCode()).isEqualTo(415);
        assertThat(revoke("token=" + "x".repeat(70_000), FORM, SECRET).statusCode())
                .isEqualTo(413);
        assertThat(revoke("token=x&token=y", FORM, SECRET).body()).contains("invalid_request");
        assertThat(host.get("/oauth/revoke").statusCode())
                .as("another method is not open")
                .isEqualTo(401);
    }
}
