package dev.curfew.examples.jaxrs;

import dev.curfew.examples.hosts.HostSettings;
import dev.curfew.examples.hosts.Shop;
import dev.curfew.http.RequestFilter;
import java.net.URI;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.glassfish.jersey.internal.inject.AbstractBinder;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.servlet.ServletContainer;

/** The shop on Jersey, in an embedded Jetty. Thread-safe. */
public final class JaxrsHost implements AutoCloseable {
    private final HostSettings settings;
    private final Shop shop;
    private final Server server;

    private JaxrsHost(HostSettings settings) {
        this.settings = settings;
        this.shop = Shop.open(settings);
        this.server = new Server(settings.port());
        ServletContextHandler context = new ServletContextHandler(settings.contextPath());
        context.addServlet(new ServletHolder(new ServletContainer(application(shop))), "/*");
        server.setHandler(context);
    }

    private static ResourceConfig application(Shop shop) {
        return new ResourceConfig()
                .register(CurfewFilter.class)
                .register(FailureMapper.class)
                .register(ShopResource.class)
                .register(new AbstractBinder() {
                    @Override
                    protected void configure() {
                        bind(shop).to(Shop.class);
                        bind(shop.filter()).to(RequestFilter.class);
                    }
                });
    }

    /**
     * Starts the host.
     *
     * @param args none; the settings come from the environment, see {@link HostSettings}
     * @throws Exception if the server does not start
     */
    public static void main(String[] args) throws Exception {
        JaxrsHost host = start(HostSettings.from(System.getenv()));
        System.out.println(host.settings.banner(host.port()));
        host.server.join();
    }

    static JaxrsHost start(HostSettings settings) throws Exception {
        JaxrsHost host = new JaxrsHost(settings);
        host.server.start();
        return host;
    }

    URI uri() {
        return settings.baseUri(port());
    }

    /** Ends the server, then the shop. */
    @Override
    public void close() {
        try (shop) {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("Jetty does not stop", e);
        }
    }

    private int port() {
        return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }
}
