package dev.curfew.examples.javalin;

import dev.curfew.examples.hosts.HostContract;
import dev.curfew.examples.hosts.HostSettings;
import dev.curfew.examples.hosts.Node;
import java.util.Map;

class JavalinHostTest extends HostContract {
    @Override
    protected Node start(Map<String, String> settings) {
        JavalinHost host = JavalinHost.start(HostSettings.from(settings));
        return new Node(host.uri(), host::close);
    }
}
