package dev.curfew.jdbc;

import dev.curfew.contract.PollOnTwoNodes;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two nodes agree in a database who polls a transmitter. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
final class SecurityEventPollTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void one_node_polls_and_when_it_ends_the_other_goes_on(TestDatabase database) throws InterruptedException {
        String prefix = Stores.prefix();
        JdbcSessionStore first =
                JdbcSessionStore.on(database.pool()).prefix(prefix).build();
        JdbcSessionStore second =
                JdbcSessionStore.on(database.pool()).prefix(prefix).build();
        first.migrate();

        try (PollOnTwoNodes nodes = new PollOnTwoNodes(first, second, folder)) {
            nodes.poll(300);
        }
    }
}
