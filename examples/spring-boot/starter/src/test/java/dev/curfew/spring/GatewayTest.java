package dev.curfew.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** Spring rewrites path and context path by {@code X-Forwarded-Prefix}, and Curfew reads both of the same request. */
class GatewayTest {
    private static final String PREFIX = "X-Forwarded-Prefix";

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(ShopController.class)
    static class Shop {}

    private static Map<String, Object> properties() {
        Map<String, Object> properties = Host.jwt();
        properties.put("server.forward-headers-strategy", "framework");
        return properties;
    }

    @Test
    void no_prefix_that_a_client_sends_opens_what_is_closed() {
        Map<String, Object> properties = properties();
        properties.put("spring.autoconfigure.exclude", WithoutSecurityTest.SECURITY);
        try (Host host = Host.start(properties, Shop.class)) {
            assertThat(host.get("/broken", PREFIX, "/assets").statusCode()).isEqualTo(401);
            assertThat(host.get("/hello", PREFIX, "/me").statusCode())
                    .as("open, whatever stands before it")
                    .isEqualTo(200);
        }
    }

    @Test
    void behind_a_gateway_with_a_prefix_everything_is_where_it_is_without_one() {
        Map<String, Object> properties = properties();
        properties.put("server.servlet.context-path", "/shop");
        try (Host host = Host.start(properties, Shop.class)) {
            String token = host.token(host.login("alice"));
            String[] bearer = {"Authorization", "Bearer " + token, PREFIX, "/outside"};

            assertThat(host.get("/broken", PREFIX, "/assets").statusCode()).isEqualTo(401);
            assertThat(host.get("/hello", PREFIX, "/outside").statusCode()).isEqualTo(200);
            assertThat(host.get("/me", bearer).body()).isEqualTo("alice");
            assertThat(host.get("/api/auth/sessions", bearer).statusCode()).isEqualTo(200);
            assertThat(host.post("/api/v1/auth/logout", "", bearer).statusCode())
                    .isEqualTo(204);
            assertThat(host.get("/me", bearer).statusCode()).isEqualTo(401);
        }
    }
}
