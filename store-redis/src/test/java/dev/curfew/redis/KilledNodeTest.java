package dev.curfew.redis;

import dev.curfew.contract.ChildProcess;
import dev.curfew.contract.KilledNodes;
import dev.curfew.redis.server.ServerCheck;
import java.io.IOException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A process is killed, or stands still, in the midst of a provider's logout; Redis keeps what it had said. */
@Timeout(240)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class KilledNodeTest {
    @RegisterExtension
    static final SharedRedis SHARED = new SharedRedis();

    private static KilledNodes nodes() {
        return new KilledNodes(SHARED.closing(RedisSessionStore.on(SHARED.client())
                .serverCheck(ServerCheck.NONE)
                .build()));
    }

    private static ChildProcess child(String role) throws IOException {
        return ChildProcess.start(
                KilledNode.class, Integer.toString(SHARED.server().port()), role);
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
