package dev.curfew.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.session.Session;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** A host that has no filter of Spring Security. */
class WithoutSecurityTest {
    /** As both versions of Spring Boot name it. */
    static final String SECURITY = String.join(
            ",",
            "dev.curfew.spring.CurfewSecurityAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.servlet.SecurityFilterAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.servlet.UserDetailsServiceAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.oauth2.resource.servlet"
                    + ".OAuth2ResourceServerAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.security.servlet.ManagementWebSecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.actuate.web.servlet"
                    + ".ManagementWebSecurityAutoConfiguration",
            "org.springframework.boot.security.oauth2.server.resource.autoconfigure"
                    + ".OAuth2ResourceServerAutoConfiguration",
            "org.springframework.boot.security.oauth2.server.resource.autoconfigure.web"
                    + ".OAuth2ResourceServerWebSecurityAutoConfiguration");

    private static Host host;

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(ShopController.class)
    static class Shop {}

    @BeforeAll
    static void start() {
        Map<String, Object> properties = Host.jwt();
        properties.put("server.servlet.context-path", "/shop");
        properties.put("spring.autoconfigure.exclude", SECURITY);
        host = Host.start(properties, Shop.class);
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @Test
    void nothing_passes_without_a_caller_but_what_is_open() {
        assertThat(host.context().containsBean("springSecurityFilterChain")).isFalse();
        assertThat(host.get("/me").statusCode()).isEqualTo(401);
        assertThat(host.get("/nowhere").statusCode()).isEqualTo(401);
        assertThat(host.get("/hello").body()).isEqualTo("hello stranger");
        assertThat(host.get("/hello;x=/me").statusCode()).isEqualTo(401);
        assertThat(host.post("/login", "bob", "Content-Type", "text/plain").statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_controller_gets_its_caller_and_a_logout_ends_the_session() {
        Session session = host.login("alice");
        String[] bearer = Host.bearer(host.token(session));

        assertThat(host.get("/me", bearer).body()).isEqualTo("alice");
        assertThat(host.get("/outage", bearer).statusCode()).isEqualTo(503);
        assertThat(host.get("/outage/callable", bearer).statusCode()).isEqualTo(503);
        assertThat(host.get("/recent", bearer).statusCode()).isEqualTo(401);
        assertThat(host.post("/api/v1/auth/logout", "", bearer).statusCode()).isEqualTo(204);
        assertThat(host.get("/me", bearer).statusCode()).isEqualTo(401);
    }
}
