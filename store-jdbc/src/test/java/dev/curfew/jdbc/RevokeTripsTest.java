package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.crypto.SecretHash;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RotateResult;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a revocation costs on PostgreSQL: what it reads behind its lock, and what it writes with the commit. */
final class RevokeTripsTest {
    private final SubjectId alice = Given.subject("alice");
    private final String prefix = Stores.prefix();
    private final RoundTrips counted = new RoundTrips(TestDatabase.POSTGRESQL.pool());
    private final JdbcSessionStore store = Stores.opened(TestDatabase.POSTGRESQL.pool(), prefix);
    private final JdbcSessionStore node = Stores.node(counted.source(), prefix);

    @Test
    void two_round_trips_whatever_the_target() {
        GivenSession session = opened();

        for (RevocationTarget target : List.of(
                RevocationTarget.session(session.ref()),
                RevocationTarget.subject(alice),
                RevocationTarget.realm(alice.realm()))) {
            RevokeResult result = node.revoke(Given.act(target).build(), Precondition.none(), Given.NOW);
            assertThat(result).isInstanceOf(RevokeResult.Recorded.class);
            assertThat(counted.take())
                    .as("%s", target)
                    .hasSize(2)
                    .last()
                    .asString()
                    .endsWith("; COMMIT");
            assertThat(store.revocationsCovering(session.row().facts(), Given.NOW))
                    .isNotEmpty();
        }
    }

    @Test
    void a_caller_who_ends_a_session_without_a_row_is_asked_once_whose_it_is() {
        GivenSession stored = opened();
        GivenSession without = Given.session(alice).build();

        RevokeResult result = node.revoke(
                Given.act(RevocationTarget.session(without.ref())).build(),
                Precondition.ownedBy(without.row().facts()),
                Given.NOW);

        assertThat(result).isInstanceOf(RevokeResult.Recorded.class);
        assertThat(counted.take()).hasSize(2);
        assertThat(store.find(stored.ref(), Given.NOW).orElseThrow().coveredBy())
                .isEmpty();
    }

    /** Some of these put statements of the driver's own around each statement, where no transaction may be left. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "autosave=always",
                "autosave=always&cleanupSavepoints=true",
                "autosave=conservative&cleanupSavepoints=true",
                "preferQueryMode=simple",
                "preferQueryMode=simple&autosave=always&cleanupSavepoints=true",
                "preferQueryMode=extendedCacheEverything",
                "prepareThreshold=0",
                "reWriteBatchedInserts=true"
            })
    void whatever_the_driver_is_set_to_do_what_is_committed_is_told_so(String options) {
        String url = TestDatabase.POSTGRESQL.url();
        // More often than it takes until the driver gives a statement a name.
        try (HikariDataSource pool = Pools.of(url + (url.contains("?") ? "&" : "?") + options, 2)) {
            JdbcSessionStore set = Stores.node(pool, prefix);
            set.open(Given.SETTINGS, Given.NOW);
            for (int i = 0; i < 8; i++) {
                GivenSession session =
                        Given.session(Given.subject("bob-" + i)).secret("first").build();
                assertThat(set.insert(session.row(), SessionLimit.unlimited(), Given.NOW))
                        .isInstanceOf(InsertResult.Inserted.class);
                assertThat(set.rotate(session.ref(), Given.exchange("first", "second"), Given.NOW))
                        .isEqualTo(new RotateResult.Rotated());
                RevocationTarget target = RevocationTarget.session(session.ref());
                assertThat(set.revoke(Given.act(target).build(), Precondition.none(), Given.NOW))
                        .isInstanceOf(RevokeResult.Recorded.class);
                FoundSession found = store.find(session.ref(), Given.NOW).orElseThrow();
                assertThat(found.session().secretHash()).contains(SecretHash.of("second"));
                assertThat(found.coveredBy()).hasSize(1);
            }
        }
    }

    private GivenSession opened() {
        GivenSession session = Given.session(alice).build();
        store.insert(session.row(), SessionLimit.unlimited(), Given.NOW);
        node.open(Given.SETTINGS, Given.NOW);
        counted.take();
        return session;
    }
}
