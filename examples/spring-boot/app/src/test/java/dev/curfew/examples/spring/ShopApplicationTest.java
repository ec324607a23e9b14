package dev.curfew.examples.spring;

import dev.curfew.examples.hosts.HostContract;
import dev.curfew.examples.hosts.HostSettings;
import dev.curfew.examples.hosts.Node;
import java.util.Map;
import org.springframework.context.ConfigurableApplicationContext;

/** The suite of all hosts, on Spring Boot. */
class ShopApplicationTest extends HostContract {
    @Override
    protected Node start(Map<String, String> environment) {
        HostSettings settings = HostSettings.from(environment);
        ConfigurableApplicationContext running = ShopApplication.start(settings);
        return new Node(settings.baseUri(ShopApplication.port(running)), running::close);
    }
}
