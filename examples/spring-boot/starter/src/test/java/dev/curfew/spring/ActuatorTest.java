package dev.curfew.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.session.Session;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** Health and meters in the actuator, and nothing of a secret there. */
class ActuatorTest {
    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(ShopController.class)
    static class Shop {}

    @Test
    void health_and_meters_are_curfews_and_the_properties_show_no_secret() {
        Map<String, Object> properties = Host.jwt();
        properties.put("curfew.http.open", "/hello,/actuator/**");
        properties.put("management.endpoints.web.exposure.include", "*");
        properties.put("management.endpoint.health.show-details", "always");
        properties.put("management.endpoint.health.group.readiness.include", "curfew");
        try (Host host = Host.start(properties, Shop.class)) {
            assertThat(host.get("/actuator/health/curfew").body()).contains("\"status\":\"UP\"", "problems");
            assertThat(host.get("/actuator/health/readiness").body()).contains("curfew");
            host.get("/me", Host.bearer("none.of.these"));
            assertThat(host.get("/actuator/metrics").body()).contains("curfew.tokens.refused", "curfew.checks");
            assertThat(host.get("/actuator/configprops").body())
                    .contains("\"realm\"")
                    .doesNotContain(Host.SECRET_TEXT);
        }
    }

    @Test
    void who_is_signed_in_may_not_read_the_actuator_without_its_scope_and_what_is_open_needs_none() {
        Map<String, Object> properties = Host.jwt();
        properties.put("curfew.http.open", "/actuator/health/**");
        properties.put("management.endpoints.web.exposure.include", "*");
        properties.put("management.endpoint.health.show-components", "always");
        try (Host host = Host.start(properties, Shop.class)) {
            Session alice = host.login("alice");
            String[] customer = Host.bearer(host.token(alice));
            assertThat(host.get("/me", customer).statusCode()).isEqualTo(200);
            assertThat(host.get("/actuator/metrics").statusCode()).isEqualTo(401);
            assertThat(host.get("/actuator/metrics", customer).statusCode()).isEqualTo(403);
            assertThat(host.get("/actuator", customer).statusCode()).isEqualTo(403);
            assertThat(host.get("/actuator/health/curfew").statusCode()).isEqualTo(200);

            Instant now = Instant.now();
            Map<String, Object> scope = Map.of("scope", "actuator");
            assertThat(host.get("/actuator/metrics", Host.bearer(Host.token(alice, now, now.plusSeconds(60), scope)))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void secrets_are_hidden_even_where_all_values_are_shown() {
        Map<String, Object> properties = Host.jwt();
        String old = "7QoXq0VfJtHh3tJcQmJm0m8Sx2Zr5yFgk1Yw3uN9bPc=";
        String key = "Yk3v8Lw0Zr6mQe5sXt1UaP9cFh2JdN7gBi4oTyRqWlE=";
        properties.put("curfew.http.open", "/actuator/**");
        properties.put("curfew.encryption.key", key);
        properties.put("curfew.encryption.readable.old", old);
        properties.put("CURFEW_KEY", key);
        properties.put("management.endpoints.web.exposure.include", "*");
        properties.put("management.endpoint.configprops.show-values", "always");
        properties.put("management.endpoint.env.show-values", "always");
        try (Host host = Host.start(properties, Shop.class)) {
            for (String path : List.of("/actuator/configprops", "/actuator/env", "/actuator/env/curfew.secret")) {
                assertThat(host.get(path).body())
                        .as(path)
                        .contains("******")
                        .doesNotContain(Host.SECRET_TEXT)
                        .doesNotContain(key)
                        .doesNotContain(old);
            }
            assertThat(host.get("/actuator/env").body()).contains("https://shop.example.com");
        }
    }

    @Test
    void a_probe_on_a_port_of_the_actuators_own_does_not_move_the_endpoints() {
        Map<String, Object> properties = Host.jwt();
        properties.put("server.servlet.context-path", "/shop");
        properties.put("management.server.port", "0");
        properties.put("management.endpoint.health.show-details", "always");
        properties.put("curfew.http.open", "/actuator/health/**");
        try (Host host = Host.start(properties, Shop.class)) {
            assertThat(host.manage("/actuator/health/curfew").statusCode()).isEqualTo(200);

            String[] bearer = Host.bearer(host.token(host.login("alice")));
            assertThat(host.post("/api/v1/auth/logout", "", bearer).statusCode())
                    .isEqualTo(204);
            assertThat(host.get("/me", bearer).statusCode()).isEqualTo(401);
        }
    }
}
