package dev.curfew.jdbc;

import dev.curfew.contract.ChildProcess;
import dev.curfew.contract.KilledNodes;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process is killed, or stands still, in the midst of a provider's logout; PostgreSQL keeps what it had said. */
@Timeout(240)
final class KilledNodeTest {
    private final TestDatabase database = TestDatabase.POSTGRESQL;
    private final String prefix = Stores.prefix();

    private KilledNodes nodes() {
        JdbcSessionStore store =
                JdbcSessionStore.on(database.pool()).prefix(prefix).build();
        store.migrate();
        return new KilledNodes(store);
    }

    private ChildProcess child(String role) throws IOException {
        return ChildProcess.start(KilledNode.class, database.url(), prefix, role);
    }

    @Test
    void whatever_step_of_a_logout_or_a_login_a_node_is_killed_behind_no_session_survives() throws Exception {
        try (KilledNodes nodes = nodes()) {
            nodes.signIn();
            try (ChildProcess child = child("steps")) {
                nodes.killsAndLeavesNoSurvivor(child);
            }
        }
    }

    @Test
    void a_node_that_goes_on_behind_any_step_begins_no_session_that_has_ended_meanwhile() throws Exception {
        try (KilledNodes nodes = nodes()) {
            nodes.signIn();
            try (ChildProcess child = child("steps")) {
                nodes.goesOnAndBeginsNothingThatHasEnded(child);
            }
        }
    }

    @Test
    void a_holder_that_is_stopped_for_longer_than_its_lease_undoes_nothing() throws Exception {
        try (KilledNodes nodes = nodes()) {
            nodes.leaveOneUndone();
            try (ChildProcess child = child("holder")) {
                nodes.stopsTheHolderAndTakesOver(child);
            }
        }
    }
}
