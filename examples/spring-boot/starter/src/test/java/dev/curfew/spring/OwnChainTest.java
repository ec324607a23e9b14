package dev.curfew.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.curfew.session.Session;
import dev.curfew.token.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A host with chains of its own: Curfew's filter with rules by scope and role, and Spring's resource server. */
class OwnChainTest {
    private static Host host;

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import({ShopController.class, Rules.class})
    static class Shop {
        @Bean
        @Order(1)
        SecurityFilterChain resourceServer(HttpSecurity http) throws Exception {
            return http.securityMatcher("/spring/**")
                    .authorizeHttpRequests(requests -> requests.anyRequest().hasAuthority("SCOPE_orders"))
                    .oauth2ResourceServer(server -> server.jwt(withDefaults()))
                    .build();
        }

        @Bean
        @Order(2)
        SecurityFilterChain rest(HttpSecurity http) throws Exception {
            return http.with(CurfewSecurity.curfew(), withDefaults())
                    .authorizeHttpRequests(requests -> requests.requestMatchers("/hello", "/error")
                            .permitAll()
                            .requestMatchers("/orders")
                            .hasAuthority("SCOPE_orders")
                            .requestMatchers("/admin")
                            .hasRole("ADMIN")
                            .anyRequest()
                            .authenticated())
                    .build();
        }

        @Bean
        CallerAuthorities roles() {
            ScopeAuthorities scopes = new ScopeAuthorities();
            return caller -> caller.subject().filter(Shop::isAdmin).isPresent()
                    ? List.of(new SimpleGrantedAuthority("ROLE_ADMIN"))
                    : scopes.of(caller);
        }

        /** What the host demands of Spring's decoder. */
        @Bean
        OAuth2TokenValidator<Jwt> notBarred() {
            return jwt -> jwt.getSubject().equals("barred")
                    ? OAuth2TokenValidatorResult.failure(new OAuth2Error("invalid_token"))
                    : OAuth2TokenValidatorResult.success();
        }

        private static boolean isAdmin(dev.curfew.session.SubjectId subject) {
            return subject.value().equals("root");
        }
    }

    @RestController
    static class Rules {
        @GetMapping("/orders")
        String orders(@AuthenticationPrincipal Caller caller) {
            return "orders of " + caller.subject().orElseThrow().value();
        }

        @GetMapping("/admin")
        String admin() {
            return "admin";
        }

        @GetMapping("/spring/orders")
        String spring(@AuthenticationPrincipal Jwt jwt) {
            return jwt.getSubject() + " until " + jwt.getExpiresAt().isAfter(Instant.now());
        }
    }

    @BeforeAll
    static void start() {
        Map<String, Object> properties = Host.jwt();
        properties.remove("curfew.http.open");
        host = Host.start(properties, Shop.class);
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    private static String[] withScope(Session session, String scope) {
        Instant now = Instant.now();
        return Host.bearer(Host.token(session, now, now.plusSeconds(60), Map.of("scope", scope)));
    }

    @Test
    void scopes_are_authorities_and_a_bean_of_the_hosts_says_others() {
        Session alice = host.login("alice");
        assertThat(host.get("/orders", withScope(alice, "profile orders")).body())
                .isEqualTo("orders of alice");
        assertThat(host.get("/orders", withScope(alice, "profile")).statusCode())
                .isEqualTo(403);
        assertThat(host.get("/admin", withScope(alice, "ADMIN")).statusCode()).isEqualTo(403);
        assertThat(host.get("/admin", withScope(host.login("root"), "")).body()).isEqualTo("admin");
        assertThat(host.get("/orders").statusCode()).isEqualTo(401);
        assertThat(host.get("/hello").statusCode()).isEqualTo(200);
    }

    @Test
    void springs_own_resource_server_takes_at_jwt_and_refuses_what_is_revoked() {
        Session alice = host.login("alice");
        String[] bearer = withScope(alice, "orders");
        assertThat(host.get("/spring/orders", bearer).body()).isEqualTo("alice until true");

        assertThat(host.post("/api/v1/auth/logout", "", bearer).statusCode()).isEqualTo(204);

        assertThat(host.get("/spring/orders", bearer).statusCode()).isEqualTo(401);
        assertThat(host.get("/spring/orders", Host.bearer("none.of.these")).statusCode())
                .isEqualTo(401);
    }

    @Test
    void springs_resource_server_refuses_a_token_that_does_not_come_with_what_it_is_bound_to() {
        Session alice = host.login("alice");
        for (String kind : List.of("x5t#S256", "jkt", "of-another-kind")) {
            Map<String, Object> claims =
                    Map.of("scope", "orders", "cnf", Map.of(kind, "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"));
            Instant now = Instant.now();
            String[] bound = Host.bearer(Host.token(alice, now, now.plusSeconds(60), claims));
            assertThat(host.get("/spring/orders", bound).statusCode()).as(kind).isEqualTo(401);
        }
    }

    @Test
    void what_the_host_demands_of_springs_decoder_is_heeded() {
        assertThat(host.get("/spring/orders", withScope(host.login("barred"), "orders"))
                        .statusCode())
                .isEqualTo(401);
    }
}
