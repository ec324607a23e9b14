package dev.curfew.examples.quarkus;

import dev.curfew.examples.hosts.HostSettings;
import dev.curfew.examples.hosts.Shop;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Opens the shop when Quarkus starts, and closes it at the end, when nothing is served any more. Thread-safe. */
@Singleton
public class ShopStart {
    private final HostSettings settings = HostSettings.from(System.getenv());
    private final String rootPath;

    ShopStart(@ConfigProperty(name = "quarkus.http.root-path") String rootPath) {
        this.rootPath = rootPath;
    }

    @Produces
    @Singleton
    Shop open() {
        if (!settings.contextPath().equals(rootPath)) {
            throw new IllegalStateException("CONTEXT_PATH is \"" + settings.contextPath()
                    + "\", and this application was built for \"" + rootPath
                    + "\": build it again with -Dquarkus.http.root-path=" + settings.contextPath());
        }
        return Shop.open(settings);
    }

    void close(@Disposes Shop shop) {
        shop.close();
    }

    /** What was configured as 0 is the port that was found, from now on. */
    void ready(@ObservesAsync HttpServerStart started) {
        System.out.println(settings.banner(ConfigProvider.getConfig().getValue("quarkus.http.port", Integer.class)));
    }
}
