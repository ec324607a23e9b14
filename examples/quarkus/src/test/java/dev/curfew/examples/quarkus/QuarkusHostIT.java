package dev.curfew.examples.quarkus;

import dev.curfew.examples.hosts.HostContract;
import dev.curfew.examples.hosts.Node;
import java.io.IOException;
import java.util.Map;

/** The shop on Quarkus does what every host does. */
class QuarkusHostIT extends HostContract {
    @Override
    protected Node start(Map<String, String> environment) throws IOException {
        return QuarkusProcess.start(environment);
    }
}
