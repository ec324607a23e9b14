package dev.curfew.redis;

import dev.curfew.contract.PollOnTwoNodes;
import dev.curfew.redis.server.ServerCheck;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes agree in Redis who polls a transmitter. */
@Timeout(180)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SecurityEventPollTest {
    @RegisterExtension
    static final SharedRedis SHARED = new SharedRedis();

    @Test
    void one_node_polls_and_when_it_ends_the_other_goes_on(@TempDir Path folder) throws InterruptedException {
        try (RedisSessionStore first = store();
                RedisSessionStore second = store();
                PollOnTwoNodes nodes = new PollOnTwoNodes(first, second, folder)) {
            nodes.poll(300);
        }
    }

    private static RedisSessionStore store() {
        return RedisSessionStore.on(SHARED.client())
                .serverCheck(ServerCheck.NONE)
                .build();
    }
}
