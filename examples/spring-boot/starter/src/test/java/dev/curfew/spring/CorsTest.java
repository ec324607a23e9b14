package dev.curfew.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.servlet.config.annotation.CorsRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** A browser asks before it sends a credential, and is answered without one. */
class CorsTest {
    private static final String ORIGIN = "https://app.example.com";

    /** Under a name of the host's own. */
    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(ShopController.class)
    static class BySource {
        @Bean
        CorsConfigurationSource ourBrowsers() {
            CorsConfiguration rules = new CorsConfiguration();
            rules.setAllowedOrigins(List.of(ORIGIN));
            rules.setAllowedMethods(List.of("GET", "POST"));
            rules.setAllowedHeaders(List.of("Authorization"));
            UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
            source.registerCorsConfiguration("/**", rules);
            return source;
        }
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(ShopController.class)
    static class ByMvc implements WebMvcConfigurer {
        @Override
        public void addCorsMappings(CorsRegistry registry) {
            registry.addMapping("/me").allowedOrigins(ORIGIN);
        }
    }

    @Test
    void a_source_of_the_hosts_holds_for_the_endpoints_and_for_everything_else() {
        try (Host host = Host.start(Host.jwt(), BySource.class)) {
            for (String path : List.of("/api/v1/auth/logout", "/me")) {
                String method = path.equals("/me") ? "GET" : "POST";
                HttpResponse<String> answer = preflight(host, path, method, ORIGIN);
                assertThat(answer.statusCode()).as(path).isEqualTo(200);
                assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
                        .as(path)
                        .contains(ORIGIN);
                assertThat(preflight(host, path, method, "https://evil.example.com")
                                .statusCode())
                        .as(path)
                        .isEqualTo(403);
            }
            HttpResponse<String> outage =
                    host.get("/outage", "Origin", ORIGIN, "Authorization", "Bearer " + host.token(host.login("alice")));
            assertThat(outage.statusCode()).isEqualTo(503);
            assertThat(outage.headers().allValues("Access-Control-Allow-Origin"))
                    .containsExactly(ORIGIN);
            assertThat(outage.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
            assertThat(host.get("/me", "Origin", ORIGIN).statusCode())
                    .as("the request itself needs its caller")
                    .isEqualTo(401);
        }
    }

    @Test
    void what_is_said_to_spring_mvc_holds_for_its_controllers() {
        try (Host host = Host.start(Host.jwt(), ByMvc.class)) {
            assertThat(preflight(host, "/me", "GET", ORIGIN).headers().firstValue("Access-Control-Allow-Origin"))
                    .contains(ORIGIN);
            assertThat(preflight(host, "/recent", "GET", ORIGIN).headers().map())
                    .doesNotContainKey("access-control-allow-origin");
        }
    }

    private static HttpResponse<String> preflight(Host host, String path, String method, String origin) {
        String[] headers = {
            "Origin", origin, "Access-Control-Request-Method", method, "Access-Control-Request-Headers", "authorization"
        };
        return host.call("OPTIONS", path, "", headers);
    }
}
