package dev.curfew.examples.spring;

import dev.curfew.examples.hosts.HostSettings;
import dev.curfew.http.SessionCookie;
import dev.curfew.http.SessionEndpointsBuilder;
import dev.curfew.spring.CurfewCustomizer;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** The shop. All of the glue but {@code application.properties} is here; the rest is its login and its resources. */
@SpringBootApplication
public class ShopApplication {
    /** Spring calls it. */
    public ShopApplication() {}

    /** What else a browser is to forget at a logout. */
    @Bean
    CurfewCustomizer<SessionEndpointsBuilder> basket() {
        return endpoints -> endpoints.alsoClear(
                SessionCookie.named("shop-basket").allowWithoutTls().build());
    }

    /**
     * Starts the host.
     *
     * @param args none; the settings come from the environment, see {@link HostSettings}
     */
    public static void main(String[] args) {
        HostSettings settings = HostSettings.from(System.getenv());
        System.out.println(settings.banner(port(start(settings))));
    }

    static ConfigurableApplicationContext start(HostSettings settings) {
        SpringApplication application = new SpringApplication(ShopApplication.class);
        application.setDefaultProperties(properties(settings));
        return application.run();
    }

    static int port(ConfigurableApplicationContext running) {
        return running.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    /** A host of its own writes {@code curfew.secret=${CURFEW_SECRET}} in its properties, and needs none of this. */
    private static Map<String, Object> properties(HostSettings settings) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("server.port", settings.port());
        properties.put("server.servlet.context-path", settings.contextPath());
        properties.put("curfew.secret", Base64.getEncoder().encodeToString(settings.secret()));
        properties.put("curfew.encryption.key", Base64.getEncoder().encodeToString(settings.encryptionKey()));
        properties.put("curfew.checks.max-staleness", settings.maxStaleness().toString());
        settings.jdbcUrl().ifPresent(url -> {
            properties.put("spring.datasource.url", url);
            properties.put("spring.datasource.username", settings.jdbcUser());
            properties.put("spring.datasource.password", settings.jdbcPassword());
        });
        settings.passwords().forEach((name, password) -> properties.put("shop.passwords." + name, password));
        return properties;
    }
}
