package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevokeResult;
import java.util.List;
import org.junit.jupiter.api.Test;

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

    private GivenSession opened() {
        GivenSession session = Given.session(alice).build();
        store.insert(session.row(), SessionLimit.unlimited(), Given.NOW);
        node.open(Given.SETTINGS, Given.NOW);
        counted.take();
        return session;
    }
}
