package dev.curfew.examples.hosts;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * What every host does, seen from outside over HTTP: two nodes on one database, started once for all tests.
 *
 * <p>Written once, and passed by the example of each framework, whose test says how a node is started and nothing else.
 * It shows what an adapter can get wrong: which requests Curfew sees, what it is told of them, and what comes of its
 * answers on the way out.
 */
@TestInstance(Lifecycle.PER_CLASS)
public abstract class HostContract implements SessionCases, CredentialCases, RequestCases, OutageCases {
    private @Nullable TwoNodes nodes;

    /** For the framework's test class. */
    protected HostContract() {}

    /**
     * Starts a node.
     *
     * @param settings what the environment of a process would say; see {@link HostSettings}
     * @return the node, which answers
     * @throws Exception if it does not start
     */
    protected abstract Node start(Map<String, String> settings) throws Exception;

    @BeforeAll
    final void startNodes() throws Exception {
        nodes = new TwoNodes(this::start);
    }

    @AfterAll
    final void stopNodes() {
        if (nodes != null) {
            nodes.close();
        }
    }

    @Override
    public final TwoNodes nodes() {
        return Objects.requireNonNull(nodes, "nodes");
    }
}
