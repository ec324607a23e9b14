package dev.curfew.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.security.config.Customizer.withDefaults;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** What does not start, because a host would believe something to be checked that is not. */
class ChainsTest {
    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(ShopController.class)
    static class Shop {}

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(ShopController.class)
    static class Narrow {
        @Bean
        @Order(1)
        SecurityFilterChain admin(HttpSecurity http) throws Exception {
            return http.securityMatcher("/admin/**")
                    .with(CurfewSecurity.curfew(), withDefaults())
                    .authorizeHttpRequests(requests -> requests.anyRequest().hasRole("ADMIN"))
                    .build();
        }
    }

    static class NarrowAndRest extends Narrow {
        @Bean
        @Order(2)
        SecurityFilterChain rest(HttpSecurity http) throws Exception {
            return http.securityMatcher("/**")
                    .with(CurfewSecurity.curfew(), withDefaults())
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .build();
        }
    }

    private static Map<String, Object> properties() {
        Map<String, Object> properties = Host.jwt();
        properties.remove("curfew.http.open");
        return properties;
    }

    @Test
    void chains_that_leave_something_out_do_not_start() {
        assertThatThrownBy(() -> Host.start(properties(), Narrow.class))
                .hasStackTraceContaining("No SecurityFilterChain matches every request (there is admin)");
    }

    @Test
    void a_last_chain_that_matches_every_path_is_enough() {
        try (Host host = Host.start(properties(), NarrowAndRest.class)) {
            assertThat(host.get("/hello").statusCode()).isEqualTo(401);
            assertThat(host.get("/admin/x", Host.bearer(host.token(host.login("alice"))))
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void open_paths_that_a_chain_of_the_hosts_would_not_heed_do_not_start() {
        assertThatThrownBy(() -> Host.start(Host.jwt(), NarrowAndRest.class))
                .hasStackTraceContaining("curfew.http.open is set, and there is a SecurityFilterChain of your own")
                .hasStackTraceContaining("rest");
    }

    @Test
    void half_of_spring_security_is_told_with_what_else_to_exclude() {
        Map<String, Object> properties = Host.jwt();
        String all = WithoutSecurityTest.SECURITY;
        properties.put("spring.autoconfigure.exclude", all.substring(all.indexOf(',') + 1));
        assertThatThrownBy(() -> Host.start(properties, Shop.class))
                .hasStackTraceContaining("there is no bean HttpSecurity");
    }

    @Test
    void settings_of_springs_decoder_that_curfews_would_not_heed_do_not_start() {
        Map<String, Object> properties = Host.jwt();
        properties.put("spring.security.oauth2.resourceserver.jwt.audiences", "another");
        assertThatThrownBy(() -> Host.start(properties, Shop.class))
                .hasStackTraceContaining(
                        "spring.security.oauth2.resourceserver.jwt.audiences is set beside curfew.issuer");
    }
}
