package dev.curfew.examples.servlet;

import dev.curfew.examples.hosts.HostContract;
import dev.curfew.examples.hosts.HostSettings;
import dev.curfew.examples.hosts.Node;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletHandler;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;

class ServletHostTest extends HostContract {
    private boolean isLenient;

    /** The second node reads all that Jetty can be made to read: there, nothing but the filter refuses a spelling. */
    @Override
    protected Node start(Map<String, String> settings) throws Exception {
        ServletHost host = new ServletHost(HostSettings.from(settings));
        if (isLenient) {
            readEverything(host.server());
        }
        isLenient = true;
        host.server().start();
        return new Node(host.uri(), host::close);
    }

    private static void readEverything(Server server) {
        HttpConfiguration http = server.getConnectors()[0]
                .getConnectionFactory(HttpConnectionFactory.class)
                .getHttpConfiguration();
        http.setUriCompliance(UriCompliance.UNSAFE);
        http.setHttpCompliance(HttpCompliance.RFC2616_LEGACY);
        server.getDescendant(ServletHandler.class).setDecodeAmbiguousURIs(true);
    }
}
