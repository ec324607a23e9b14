package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.FoundSession;
import dev.curfew.store.Precondition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded default: what a process wrote to a file is there when the next one opens it. */
final class FileTest {
    @TempDir
    private Path folder;

    @Test
    void sessions_revocations_and_places_survive_a_restart() {
        GivenSession revoked;
        GivenSession live;
        FeedPosition[] place = {FeedPosition.beginning()};
        Set<Revocation> before;
        try (HikariDataSource pool = open()) {
            JdbcSessionStore store = Stores.opened(pool, "curfew_");
            revoked = Stores.login(store, Given.subject("alice"));
            live = Stores.login(store, Given.subject("bob"));
            store.revoke(
                    Given.act(RevocationTarget.subject(Given.subject("alice"))).build(),
                    Precondition.none(),
                    Given.NOW);
            Stores.settle(store, Given.NOW);
            before = Stores.read(store, place);
            store.close();
        }
        assertThat(folder).isDirectoryContaining(file -> Files.isRegularFile(file));

        try (HikariDataSource pool = open()) {
            // The tables stand already: migrating again changes nothing.
            JdbcSessionStore store = Stores.opened(pool, "curfew_");
            assertThat(store.revocationsCovering(revoked.token("t"), Given.NOW)).hasSize(1);
            assertThat(store.revocationsCovering(live.token("t"), Given.NOW)).isEmpty();
            assertThat(store.find(live.ref(), Given.NOW))
                    .map(FoundSession::session)
                    .map(row -> row.key())
                    .contains(live.row().key());
            assertThat(store.feed().readAfter(place[0], 10, Given.NOW))
                    .isInstanceOfSatisfying(
                            FeedRead.Page.class,
                            page -> assertThat(page.entries()).isEmpty());
            assertThat(Stores.read(store, new FeedPosition[] {FeedPosition.beginning()}))
                    .isEqualTo(before);
            store.close();
        }
    }

    private HikariDataSource open() {
        return Pools.of("jdbc:h2:file:" + folder.resolve("curfew"), 4);
    }
}
