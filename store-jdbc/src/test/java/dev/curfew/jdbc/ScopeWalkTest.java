package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SubjectId;
import dev.curfew.store.Precondition;
import dev.curfew.store.ScopeCursor;
import dev.curfew.store.ScopePage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What walks through a client or a realm and the count of all cost, among many rows of others. */
final class ScopeWalkTest {
    private static final int OTHERS = 12_000;
    private static final RevocationTarget OF_REALM = RevocationTarget.realm(Given.REALM);

    private final SubjectId alice = Given.subject("alice");
    private final String prefix = Stores.prefix();

    @Test
    void a_page_of_a_realm_ends_after_so_many_rows_of_others_and_the_walk_goes_on() throws Exception {
        JdbcSessionStore store = Stores.opened(TestDatabase.POSTGRESQL.pool(), prefix);
        PlanTest.Rows.fill(TestDatabase.POSTGRESQL.pool(), prefix, OTHERS);
        List<LookupKey> ours = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ours.add(Stores.login(store, alice).row().key());
        }
        RoundTrips counted = new RoundTrips(TestDatabase.POSTGRESQL.pool());
        JdbcSessionStore node = Stores.node(counted.source(), prefix);
        node.open(Given.SETTINGS, Given.NOW);
        counted.take();

        List<LookupKey> met = new ArrayList<>();
        int pages = 0;
        Optional<ScopeCursor> place = Optional.of(ScopeCursor.start());
        while (place.isPresent()) {
            ScopePage page = node.sessionsOf(OF_REALM, place.get(), 100, Given.NOW);
            page.sessions().forEach(found -> met.add(found.session().key()));
            place = page.next();
            pages++;
        }

        assertThat(met).containsExactlyElementsOf(ours.stream().sorted().toList());
        assertThat(pages).isEqualTo(3);
        assertThat(counted.take()).hasSize(6);
    }

    @Test
    void all_are_counted_in_two_round_trips_for_each_5_000_rows() throws Exception {
        JdbcSessionStore store = Stores.opened(TestDatabase.POSTGRESQL.pool(), prefix);
        PlanTest.Rows.fill(TestDatabase.POSTGRESQL.pool(), prefix, OTHERS);
        Stores.login(store, alice);
        GivenSession loggedOut = Stores.login(store, alice);
        store.revoke(Given.act(loggedOut.target()).build(), Precondition.none(), Given.NOW);
        RoundTrips counted = new RoundTrips(TestDatabase.POSTGRESQL.pool());
        JdbcSessionStore node = Stores.node(counted.source(), prefix);
        node.open(Given.SETTINGS, Given.NOW);
        counted.take();

        assertThat(node.countLive(Given.NOW)).isEqualTo(OTHERS + 1);

        assertThat(counted.take()).hasSize(6);
    }

    /** An answer without it is none: whoever lost it may have lost what it would have said. */
    @ParameterizedTest
    @EnumSource
    void without_the_birth_marker_it_is_made_anew_and_covers_what_stands_there(TestDatabase database) throws Exception {
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        Stores.login(store, alice);
        for (boolean counts : new boolean[] {true, false}) {
            try (var connection = database.pool().getConnection();
                    var statement = connection.createStatement()) {
                assertThat(statement.executeUpdate("DELETE FROM " + prefix + "revocation"))
                        .isEqualTo(1);
            }
            if (counts) {
                assertThat(store.countLive(Given.NOW)).isZero();
            } else {
                assertThat(store.sessionsOf(OF_REALM, ScopeCursor.start(), 10, Given.NOW)
                                .sessions())
                        .singleElement()
                        .satisfies(found -> assertThat(found.coveredBy()).hasSize(1));
            }
        }
    }
}
