package dev.curfew.examples.vertx;

import dev.curfew.examples.hosts.HostContract;
import dev.curfew.examples.hosts.HostSettings;
import dev.curfew.examples.hosts.Node;
import io.vertx.core.VertxOptions;
import java.util.Map;

/** The shop on Vert.x does what every host does. */
class VertxHostTest extends HostContract {
    @Override
    protected Node start(Map<String, String> environment) {
        VertxHost host = new VertxHost(HostSettings.from(environment), new VertxOptions());
        return new Node(host.uri(), host::close);
    }
}
