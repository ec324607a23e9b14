package dev.curfew.examples.jaxrs;

import dev.curfew.examples.hosts.HostContract;
import dev.curfew.examples.hosts.HostSettings;
import dev.curfew.examples.hosts.Node;
import java.util.Map;

/** The shop on Jersey does what every host does. */
class JaxrsHostTest extends HostContract {
    @Override
    protected Node start(Map<String, String> environment) throws Exception {
        JaxrsHost host = JaxrsHost.start(HostSettings.from(environment));
        return new Node(host.uri(), host::close);
    }
}
