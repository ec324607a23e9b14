package dev.curfew.redis;

import dev.curfew.contract.LogoutOnTwoNodes;
import dev.curfew.redis.server.ServerCheck;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A provider's logout reaches a node that did not receive it, through Redis. */
@Timeout(180)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BackChannelLogoutTest {
    @RegisterExtension
    static final SharedRedis SHARED = new SharedRedis();

    @Test
    void a_logout_that_one_node_receives_is_refused_by_another() throws InterruptedException {
        try (RedisSessionStore first = store();
                RedisSessionStore second = store();
                LogoutOnTwoNodes nodes = new LogoutOnTwoNodes(first, second)) {
            nodes.logOut();
        }
    }

    private static RedisSessionStore store() {
        return RedisSessionStore.on(SHARED.client())
                .serverCheck(ServerCheck.NONE)
                .build();
    }
}
