package dev.curfew.jdbc;

import dev.curfew.contract.LogoutOnTwoNodes;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A provider's logout reaches a node that did not receive it, through a database. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
final class BackChannelLogoutTest {
    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void a_logout_that_one_node_receives_is_refused_by_another(TestDatabase database) throws InterruptedException {
        String prefix = Stores.prefix();
        JdbcSessionStore first =
                JdbcSessionStore.on(database.pool()).prefix(prefix).build();
        JdbcSessionStore second =
                JdbcSessionStore.on(database.pool()).prefix(prefix).build();
        first.migrate();

        try (LogoutOnTwoNodes nodes = new LogoutOnTwoNodes(first, second)) {
            nodes.logOut();
        }
    }
}
