package dev.curfew.examples.servlet;

import dev.curfew.examples.hosts.HostSettings;
import dev.curfew.examples.hosts.Shop;
import jakarta.servlet.DispatcherType;
import java.net.URI;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The shop on an embedded Jetty. Thread-safe. */
public final class ServletHost implements AutoCloseable {
    private final HostSettings settings;
    private final Shop shop;
    private final Server server;

    ServletHost(HostSettings settings) {
        this.settings = settings;
        this.shop = Shop.open(settings);
        this.server = new Server(settings.port());
        ServletContextHandler context = new ServletContextHandler(settings.contextPath());
        // The filter comes first, and sees everything.
        context.addFilter(new FilterHolder(new CurfewFilter(shop.filter())), "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder(new ShopServlet(shop)), "/*");
        server.setHandler(context);
    }

    /**
     * Starts the host.
     *
     * @param args none; the settings come from the environment, see {@link HostSettings}
     * @throws Exception if the server does not start
     */
    public static void main(String[] args) throws Exception {
        ServletHost host = new ServletHost(HostSettings.from(System.getenv()));
        host.server.start();
        System.out.println(host.settings.banner(host.port()));
        host.server.join();
    }

    Server server() {
        return server;
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
